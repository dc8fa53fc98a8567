package gslb.zones;

import gslb.base.Diagnostics;
import gslb.base.DnsName;
import java.util.List;
import java.util.Optional;

/// Reads a zone file (RFC 1035 §5) into a {@link FlatZone}, reporting every defect with its place.
public final class ZoneFile {
  private ZoneFile() {}

  /// @param fileName as diagnostics shall show it
  /// @param slots steered names at or below the origin; those need no record in the file
  /// @return the zone, or empty if a diagnostic of severity ERROR was added
  public static Optional<FlatZone> read(
      String fileName,
      String text,
      DnsName origin,
      List<DynamicSlot> slots,
      Diagnostics diagnostics) {
    return Optional.empty();
  }
}
