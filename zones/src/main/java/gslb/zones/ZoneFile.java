package gslb.zones;

import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/// Reads a zone file (RFC 1035 §5) into a {@link FlatZone}, reporting every defect with its place.
public final class ZoneFile {
  /// Characters of a zone file; some seven million records.
  public static final int TEXT_LENGTH_MAX = 256 << 20;

  /// Records of one zone.
  public static final int RECORDS_MAX = 5_000_000;

  private ZoneFile() {}

  /// @param fileName as diagnostics shall show it
  /// @param text decoded as UTF-8
  /// @param slots steered names at or below the origin; those need no record in the file
  /// @return the zone, or empty if a diagnostic of severity ERROR was added
  public static Optional<FlatZone> read(
      String fileName,
      String text,
      DnsName origin,
      List<DynamicSlot> slots,
      Diagnostics diagnostics) {
    if (text.length() > TEXT_LENGTH_MAX) {
      diagnostics.error(
          SourceSpan.file(fileName),
          "the file has " + text.length() + " characters",
          "the limit is " + TEXT_LENGTH_MAX,
          "split the zone by delegation");
      return Optional.empty();
    }
    int errorsBefore = diagnostics.errorCount();
    ZoneData data = new ZoneData(fileName, diagnostics);
    readRecords(new ZoneLexer(fileName, text, diagnostics), fileName, origin, data, diagnostics);
    new ZoneCheck(fileName, origin, data, diagnostics).run(slots);
    if (diagnostics.errorCount() > errorsBefore) {
      return Optional.empty();
    }
    FlatZoneBuilder builder = new FlatZoneBuilder(origin, seed(text));
    for (ZoneData.Node node : data.nodes()) {
      for (ZoneData.RrSet rrset : node.rrsets) {
        builder.add(node.name, rrset.type, rrset.ttl(), rrset.rdata());
      }
    }
    slots.forEach(slot -> builder.slot(slot.name(), slot.id()));
    return Optional.of(builder.build());
  }

  private static void readRecords(
      ZoneLexer lexer, String fileName, DnsName origin, ZoneData data, Diagnostics diagnostics) {
    RecordReader reader = new RecordReader(fileName, origin, diagnostics);
    int count = 0;
    for (ZoneEntry entry = lexer.next(); entry != null; entry = lexer.next()) {
      ZoneRecord record = reader.read(entry);
      if (record == null) {
        continue;
      }
      if (++count > RECORDS_MAX) {
        diagnostics.error(
            data.where(record),
            "more than " + RECORDS_MAX + " records",
            "the limit of one zone is " + RECORDS_MAX,
            "split the zone by delegation");
        return;
      }
      data.add(record);
    }
  }

  /// A number that depends on all of the file, so that nobody who may add some names to it knows
  /// it, and that is the same wherever the file is read.
  private static long seed(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      long seed = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        seed = seed << 8 | digest[i] & 0xff;
      }
      return seed;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
