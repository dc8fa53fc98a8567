package gslb.steering.places;

import gslb.base.Address;
import gslb.base.EmbeddedV4;
import gslb.base.Prefix;
import java.util.Locale;
import java.util.Optional;

/// What a table says of one address.
///
/// @param embedded the IPv4 address that decides, if the address carries one
/// @param prefix the maximal aligned prefix of the same place around the address
public record Whereabouts(Address address, Optional<Address> embedded, Place place, Prefix prefix) {
  public static Whereabouts of(PlaceTable table, Address address) {
    Optional<Address> embedded =
        address.isV4() || EmbeddedV4.offset(address.high(), address.low()) < 0
            ? Optional.empty()
            : Optional.of(Address.v4(EmbeddedV4.extract(address.high(), address.low())));
    return new Whereabouts(
        address, embedded, table.places().get(table.placeOf(address)), table.prefixOf(address));
  }

  /// One line: `2002:c000:221::1 (192.0.2.33) in 2002:c000:200::/40: EU/DE at 51.16, 10.45`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(address);
    embedded.ifPresent(v4 -> text.append(" (").append(v4).append(')'));
    text.append(" in ").append(prefix).append(": ");
    if (!place.network().isEmpty()) {
      text.append("networks/").append(place.network()).append(", ");
    }
    if (place.continent().isEmpty() && place.country().isEmpty()) {
      text.append("place unknown");
    } else {
      text.append(place.continent().isEmpty() ? "??" : place.continent());
      if (!place.country().isEmpty()) {
        text.append('/').append(place.country());
      }
    }
    if (place.hasCoordinates()) {
      text.append(
          String.format(Locale.ROOT, " at %.2f, %.2f", place.latitude(), place.longitude()));
    }
    return text.toString();
  }
}
