package gslb.steering.places;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gslb.base.Prefix;
import gslb.testkit.MmdbWriter;
import gslb.testkit.Seeded;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GeoCoverageTest {
  private static final Set<PlaceField> ALL = EnumSet.allOf(PlaceField.class);

  private static GeoCoverage of(Map<Prefix, ?> file) {
    return GeoCoverage.of(Databases.read(MmdbWriter.write(6, 24, file)));
  }

  private static Map<String, ?> country(String code) {
    return Map.of("country_code", code);
  }

  @Test
  void sharesAreThoseOfTheAddresses() {
    GeoCoverage coverage =
        of(
            Map.of(
                Prefix.of("0.0.0.0/2"), country("DE"),
                Prefix.of("192.0.0.0/3"),
                    Map.of("continent_code", "EU", "autonomous_system_number", 64_500),
                Prefix.of("3000::/4"), country("JP"),
                Prefix.of("2001:db8::1/128"), country("FR"),
                Prefix.of("8000::/1"), country("BR")));
    assertThat(coverage.v4().get(PlaceField.COUNTRY)).isEqualTo(0.25);
    assertThat(coverage.v4().get(PlaceField.CONTINENT)).isEqualTo(0.375);
    assertThat(coverage.v4().get(PlaceField.ASN)).isEqualTo(0.125);
    assertThat(coverage.v4()).doesNotContainKey(PlaceField.CITY);
    // Outside of 2000::/3 nothing counts, and inside nothing that is smaller than a /64.
    assertThat(coverage.v6().get(PlaceField.COUNTRY)).isCloseTo(0.5, within(1e-9));
  }

  @Seeded(50)
  void disjointPrefixesAddUp(Random random) {
    Map<Prefix, Object> file = new HashMap<>();
    double expected = 0;
    for (int i = 0; i < 16; i++) {
      int length = 8 + random.nextInt(25);
      boolean hasCountry = random.nextBoolean();
      file.put(
          Prefix.of(16 * i + ".0.0.0/" + length),
          hasCountry ? country("DE") : Map.of("autonomous_system_number", 64_500));
      expected += hasCountry ? Math.pow(2, -length) : 0;
    }
    file.put(Prefix.of("255.255.255.255/32"), country("DE"));
    expected += Math.pow(2, -32);
    assertThat(of(file).v4().get(PlaceField.COUNTRY)).isCloseTo(expected, within(1e-15));
  }

  @Test
  void whatIsLostIsTold() {
    GeoCoverage before =
        of(Map.of(Prefix.of("0.0.0.0/2"), country("DE"), Prefix.of("2400::/16"), country("DE")));
    GeoCoverage after =
        of(Map.of(Prefix.of("0.0.0.0/4"), country("DE"), Prefix.of("2400::/16"), country("DE")));
    assertThat(after.lossesAgainst(before, 0.5, ALL))
        .containsExactly(
            "country of 6.25 % of IPv4, before 25.0 %",
            "continent of 6.25 % of IPv4, before 25.0 %");
    assertThat(after.lossesAgainst(before, 0.25, ALL)).isEmpty();
    assertThat(after.lossesAgainst(before, 0.5, Set.of(PlaceField.ASN))).isEmpty();
    assertThat(before.lossesAgainst(after, 0.5, ALL)).isEmpty();
    assertThat(before.lossesAgainst(before, 1, ALL)).isEqualTo(List.of());
  }
}
