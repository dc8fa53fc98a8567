package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SerialCheckTest {
  private static final String RECORDS =
      """
      www A 192.0.2.1
      www A 192.0.2.2
      txt TXT "a"
      a.b.c A 192.0.2.3
      """;

  private static FlatZone zone(long serial, String records, DynamicSlot... slots) {
    return Zones.of(
        Zones.HEAD.replace("hostmaster 1 ", "hostmaster " + serial + " ") + records, slots);
  }

  private static List<String> compare(FlatZone running, FlatZone next) {
    Diagnostics diagnostics = new Diagnostics();
    boolean isFine =
        SerialCheck.compare(running, next, SourceSpan.file("example.org.zone"), diagnostics);
    assertThat(isFine).isEqualTo(diagnostics.sorted().isEmpty());
    assertThat(diagnostics.hasErrors()).isFalse();
    return diagnostics.sorted().stream().map(Diagnostic::toString).toList();
  }

  @Test
  void aChangeWithTheSameSerialIsReported() {
    assertThat(compare(zone(7, RECORDS), zone(7, RECORDS + "new A 192.0.2.9\n")))
        .containsExactly(
            "example.org.zone: warning: zone example.org. has changed, its serial is 7 as before;"
                + " a change raises the serial (RFC 1034 §4.3.5); raise it");
  }

  @ParameterizedTest
  @CsvSource({
    "www A 192.0.2.1, www A 192.0.2.4",
    "www A 192.0.2.1, www 60 A 192.0.2.1",
    "txt TXT, txt2 TXT",
    "txt TXT \"a\", txt HINFO a b",
    "a.b.c A, a.b.d A",
    "www A 192.0.2.2, @ A 192.0.2.2",
  })
  void anyChangeOfARecordCounts(String before, String after) {
    String changed = RECORDS.replace(before, after);
    assertThat(changed).isNotEqualTo(RECORDS);
    Diagnostics ignored = new Diagnostics();
    String head = Zones.HEAD;
    FlatZone next =
        ZoneFile.read("z", head + changed, Zones.ORIGIN, List.of(), ignored).orElseThrow();
    assertThat(compare(Zones.of(head + RECORDS), next)).hasSize(1);
    assertThat(compare(next, Zones.of(head + RECORDS))).hasSize(1);
  }

  @Test
  void orderAndCaseOfOwnersAndSteeredNamesAreNoChange() {
    String same =
        """
        a.B.c A 192.0.2.3
        TXT TXT "a"
        www A 192.0.2.2
        www A 192.0.2.1
        """;
    assertThat(compare(zone(7, RECORDS), zone(7, same, Zones.slot(0, "new.x.example.org"))))
        .isEmpty();
    assertThat(compare(zone(7, same, Zones.slot(0, "new.x.example.org")), zone(7, RECORDS)))
        .isEmpty();
  }

  /// RFC 1982 §5.1 and §3.2, with 32 bits.
  @ParameterizedTest
  @CsvSource({
    "1, 2, true",
    "2, 1, false",
    "0, 2147483647, true",
    "0, 2147483648, false",
    "2147483648, 0, false",
    "0, 2147483649, false",
    "4294967295, 0, true",
    "4294967295, 2147483646, true",
    "2147483647, 4294967295, false",
    "2147483647, 4294967294, true",
    "2026112101, 1, false",
  })
  void serialsRiseAsRfc1982Says(long before, long after, boolean isRise) {
    assertThat(SerialCheck.isGreater(after, before)).isEqualTo(isRise);
    assertThat(compare(zone(before, RECORDS), zone(after, RECORDS))).hasSize(isRise ? 0 : 1);
  }

  @Test
  void aFallSaysWhatToUse() {
    assertThat(compare(zone(4294967295L, RECORDS), zone(4294967290L, RECORDS)))
        .containsExactly(
            "example.org.zone: warning: the serial of zone example.org. went from 4294967295 to"
                + " 4294967290; that is no rise, serials are compared modulo 2^32 (RFC 1982 §3.2);"
                + " use one from 0 on");
  }

  @Test
  void aZoneComparesWithItselfAtOnce() {
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      records.append("h" + i + " A 192.0.2." + i % 256 + "\n");
    }
    assertThat(compare(zone(7, records.toString()), zone(7, records.toString()))).isEmpty();
  }
}
