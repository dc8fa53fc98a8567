package gslb.steering.places;

import gslb.base.Address;
import gslb.base.EmbeddedV4;
import gslb.base.Prefix;
import java.util.Locale;
import java.util.Optional;

/// What a table says of one address.
///
/// @param embedded the IPv4 address that decides, if the address carries one
/// @param place all that is known
/// @param prefix an aligned prefix of the same place around the address
public record Whereabouts(Address address, Optional<Address> embedded, Place place, Prefix prefix) {
  public static Whereabouts of(PlaceTable table, Address address) {
    Optional<Address> embedded =
        address.isV4() || EmbeddedV4.offset(address.high(), address.low()) < 0
            ? Optional.empty()
            : Optional.of(Address.v4(EmbeddedV4.extract(address.high(), address.low())));
    return new Whereabouts(
        address, embedded, table.wholePlaceOf(address), table.wholePrefixOf(address));
  }

  /// One line: `2002:c000:221::1 (192.0.2.33) in 2002:c000:200::/40: EU/DE at 51.16, 10.45`; with a
  /// city database and an ASN database `…: EU/DE/BY city 2867714 at 48.14, 11.58, AS64500`; where
  /// the configuration says where a country is `…: NA/US at 39.00, -77.50 (as configured for US)`.
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
      for (String subdivision : place.subdivisions()) {
        text.append('/').append(subdivision.substring(subdivision.indexOf('-') + 1));
      }
    }
    if (place.city() != 0) {
      text.append(" city ").append(place.city());
    }
    if (place.hasCoordinates()) {
      text.append(
          String.format(Locale.ROOT, " at %.2f, %.2f", place.latitude(), place.longitude()));
      text.append(place.coordinateWords());
    }
    if (place.asn() != 0) {
      text.append(", AS").append(place.asn());
    }
    return text.toString();
  }
}
