package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// What must hold for any octets that are read as a zone file: no exception, a zone or an error,
/// every diagnostic at a place that exists, and records that are the same when they are written as
/// `\#` and read again.
final class ZoneFileTrial {
  /// A short text can ask for very many records with `$GENERATE`.
  private static final int RECORDS_MAX = 200;

  /// Whether the octets were a zone.
  boolean tryOne(byte[] octets) {
    String text = new String(octets, StandardCharsets.UTF_8);
    Diagnostics diagnostics = new Diagnostics();
    ZoneFile.Source source = halves(text);
    Optional<FlatZone> zone =
        ZoneFile.read(
            "zone",
            text,
            Zones.ORIGIN,
            List.of(),
            new ZoneFile.Options(source, RECORDS_MAX),
            diagnostics);
    assertThat(zone.isEmpty()).isEqualTo(diagnostics.hasErrors());
    for (Diagnostic diagnostic : diagnostics.sorted()) {
      checkPlace(diagnostic.where(), text);
      assertThat(diagnostic.toString()).doesNotContain("\n", "Exception");
    }
    zone.ifPresent(ZoneFileTrial::checkRoundTrip);
    return zone.isPresent();
  }

  /// Every file that is included is the second half of the text; paths never repeat.
  private static ZoneFile.Source halves(String text) {
    return new ZoneFile.Source() {
      @Override
      public String resolve(String fromFile, String name) {
        return fromFile + "+";
      }

      @Override
      public Optional<String> text(String path, int lengthMax, SourceSpan asked) {
        int from = text.indexOf('\n', text.length() / 2);
        return Optional.of(from < 0 ? "" : text.substring(from + 1));
      }
    };
  }

  private static void checkPlace(SourceSpan where, String text) {
    assertThat(where.file()).startsWith("zone");
    assertThat(where.line()).isBetween(0, 1 + (int) text.chars().filter(c -> c == '\n').count());
    assertThat(where.column()).isBetween(where.line() == 0 ? 0 : 1, text.length() + 1);
  }

  private static void checkRoundTrip(FlatZone zone) {
    List<String> records = Zones.records(zone);
    Diagnostics diagnostics = new Diagnostics();
    Optional<FlatZone> again =
        ZoneFile.read("generic", Zones.generic(records), Zones.ORIGIN, List.of(), diagnostics);
    assertThat(again).as(diagnostics.sorted() + "\n" + records).isPresent();
    assertThat(Zones.records(again.orElseThrow())).isEqualTo(records);
  }
}
