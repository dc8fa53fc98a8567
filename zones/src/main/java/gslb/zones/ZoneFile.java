package gslb.zones;

import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a zone file (RFC 1035 §5) into a {@link FlatZone}, reporting every defect with its place.
public final class ZoneFile {
  /// Characters of a zone, included files counted; some seven million records.
  public static final int TEXT_LENGTH_MAX = 256 << 20;

  /// Records of one zone.
  public static final int RECORDS_MAX = 5_000_000;

  private ZoneFile() {}

  /// Where the files come from that a zone file includes.
  public interface Source {
    /// The path of a file that is named in another one. Files are told apart by it, and
    /// diagnostics show it.
    String resolve(String fromFile, String name);

    /// The text of a file, decoded as UTF-8, or empty if a diagnostic was added.
    ///
    /// @param path what {@link #resolve} returned
    /// @param lengthMax characters; a longer file may be refused or returned
    /// @param asked where it is included
    Optional<String> text(String path, int lengthMax, SourceSpan asked);
  }

  /// Reads a zone of one file; `$INCLUDE` in it is an error.
  ///
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
    return read(fileName, text, origin, slots, new Options(null, RECORDS_MAX), diagnostics);
  }

  /// Reads a zone of one file and of those that it includes.
  ///
  /// @param fileName what {@link Source#resolve} would return for it
  /// @param text decoded as UTF-8
  /// @param slots steered names at or below the origin; those need no record in the file
  /// @return the zone, or empty if a diagnostic of severity ERROR was added
  public static Optional<FlatZone> read(
      String fileName,
      String text,
      DnsName origin,
      List<DynamicSlot> slots,
      Source source,
      Diagnostics diagnostics) {
    return read(fileName, text, origin, slots, new Options(source, RECORDS_MAX), diagnostics);
  }

  /// @param source of included files, or null if none may be included
  /// @param recordsMax at most {@link #RECORDS_MAX}
  /// @param takesShortCuts whether plain records and nodes are passed quickly; the outcome is the
  ///     same
  record Options(@Nullable Source source, int recordsMax, boolean takesShortCuts) {
    Options(@Nullable Source source, int recordsMax) {
      this(source, recordsMax, true);
    }
  }

  static Optional<FlatZone> read(
      String fileName,
      String text,
      DnsName origin,
      List<DynamicSlot> slots,
      Options options,
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
    long digest = ZoneText.digest(text);
    ZoneData data = new ZoneData(origin, digest, diagnostics);
    RecordReader reader = new RecordReader(fileName, origin, diagnostics);
    PlainRecords plain = options.takesShortCuts() ? new PlainRecords(reader, data, origin) : null;
    ZoneText zoneText = new ZoneText(options, reader, data, plain, diagnostics);
    zoneText.read(fileName, text, digest);
    new ZoneCheck(fileName, origin, data, options.takesShortCuts(), diagnostics).run(slots);
    if (diagnostics.errorCount() > errorsBefore) {
      return Optional.empty();
    }
    for (DynamicSlot slot : slots) {
      data.columns.setSlot(data.columns.names.find(slot.name()), slot.id());
    }
    return Optional.of(FlatZoneLayout.of(origin, data.columns, zoneText.seed()));
  }
}
