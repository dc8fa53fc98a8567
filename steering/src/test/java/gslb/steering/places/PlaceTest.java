package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Places are interned: what is equal has one id.
final class PlaceTest {
  private static final Place PLACE = place();

  private static Place place() {
    return new Place(
        "EU", "DE", List.of("DE-BY"), 7, 48.1, 11.5, 64500, "office", CoordinateSource.DATABASE);
  }

  private static List<Place> placesOfOneOtherComponent() {
    CoordinateSource source = CoordinateSource.DATABASE;
    List<String> in = List.of("DE-BY");
    return List.of(
        new Place("AS", "DE", in, 7, 48.1, 11.5, 64500, "office", source),
        new Place("EU", "AT", in, 7, 48.1, 11.5, 64500, "office", source),
        new Place("EU", "DE", List.of("DE-BE"), 7, 48.1, 11.5, 64500, "office", source),
        new Place("EU", "DE", List.of(), 7, 48.1, 11.5, 64500, "office", source),
        new Place("EU", "DE", in, 8, 48.1, 11.5, 64500, "office", source),
        new Place("EU", "DE", in, 7, 48.2, 11.5, 64500, "office", source),
        new Place("EU", "DE", in, 7, Double.NaN, 11.5, 64500, "office", source),
        new Place("EU", "DE", in, 7, 48.1, 11.6, 64500, "office", source),
        new Place("EU", "DE", in, 7, 48.1, 11.5, 64501, "office", source),
        new Place("EU", "DE", in, 7, 48.1, 11.5, 64500, "", source),
        new Place("EU", "DE", in, 7, 48.1, 11.5, 64500, "office", CoordinateSource.CONFIGURATION));
  }

  @ParameterizedTest
  @MethodSource("placesOfOneOtherComponent")
  void everyComponentTellsPlacesApart(Place other) {
    assertThat(other).isNotEqualTo(PLACE).isNotEqualTo("EU");
  }

  @Test
  void equalComponentsMakeEqualPlaces() {
    assertThat(place()).isEqualTo(PLACE).hasSameHashCodeAs(PLACE);
    Place unknown = new Place("", "", Double.NaN, Double.NaN, "");
    assertThat(unknown).isEqualTo(Place.UNKNOWN).hasSameHashCodeAs(Place.UNKNOWN);
  }
}
