package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostics;
import gslb.testkit.Seeded;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Plain records and plain nodes are passed quickly; what comes of a file must be the same as
/// without that: each record, each diagnostic and its place.
final class ShortCutTest {
  private static final List<String> OWNERS =
      List.of(
          "@",
          "a",
          "A",
          "b",
          "www",
          "c.a",
          "*.w",
          "x.*.w",
          "_sip._tcp",
          "sub",
          "ns.sub",
          "-bad",
          "a.example.org",
          "b.example.org.",
          "a.example.net.",
          "d..e",
          "é",
          "d\\.e",
          "",
          "",
          "1",
          "$x",
          "deep.down.below",
          ".",
          "x@y",
          "l" + "o".repeat(63) + "ng");
  private static final List<String> TTLS =
      List.of("", "", "", "60", "300", "1h", "IN", "in", "60 IN", "IN 60", "CH", "9999999999", "0");
  private static final List<String> NAMES =
      List.of(
          "a",
          "b",
          "www",
          "A.example.org.",
          "a.example.org",
          "ns.sub",
          "host.example.net.",
          ".",
          "@",
          "192.0.2.1",
          "4",
          "a_b",
          "nowhere",
          "d..e",
          "e\\100f",
          "c.a",
          "x.d",
          "any.w",
          "1a");
  private static final List<String> RDATA =
      List.of(
          "A 192.0.2.1",
          "A 192.0.2.01",
          "A 127.0.0.1",
          "A 256.1.1.1",
          "a 198.51.100.7 ; comment",
          "A \"192.0.2.1\"",
          "A 192.0.2.1 1",
          "A",
          "AAAA 2001:db8::1",
          "AAAA ::1",
          "AAAA 1:2:3:4:5:6:7:8",
          "AAAA 1:2:3:4:5:6:7::",
          "AAAA 1:2:3:4:5:6:7:8::",
          "AAAA 1::2::3",
          "AAAA 1:2:",
          "AAAA :1",
          "AAAA :::",
          "AAAA 2001:db8::192.0.2.1",
          "AAAA 12345::",
          "AAAA fe80::1",
          "TXT one \"two three\" four",
          "TXT \"\"",
          "TXT \"v=spf1 -all\"",
          "TXT \"a;b\" c\\100",
          "TXT \"open",
          "TXT ( a",
          "TXT ( a b )",
          "TXT " + "t".repeat(256),
          "TYPE1 \\# 4 c0000201",
          "A \\# 4 c0000201",
          "DS 1 8 2 " + "00".repeat(32),
          "BOGUS 1");

  @Seeded(300)
  void randomLinesGiveTheSameEitherWay(Random random) {
    StringBuilder text = new StringBuilder(random.nextInt(8) == 0 ? "" : Zones.HEAD);
    for (int i = random.nextInt(60); i > 0; i--) {
      String owner = OWNERS.get(random.nextInt(OWNERS.size()));
      text.append(owner).append(random.nextInt(40) == 0 ? "\t" : " ");
      text.append(TTLS.get(random.nextInt(TTLS.size()))).append(' ').append(rdata(random));
      text.append(random.nextInt(20) == 0 ? "\r\n" : "\n");
      if (random.nextInt(15) == 0) {
        text.append(random.nextBoolean() ? "$ORIGIN sub\n" : "$ORIGIN example.org.\n");
      }
    }
    assertSame(text.toString());
  }

  private static String rdata(Random random) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    int number = random.nextInt(6) == 0 ? 65_536 : random.nextInt(100);
    return switch (random.nextInt(10)) {
      case 0 -> "NS " + name;
      case 1 -> "CNAME " + name;
      case 2 -> "MX " + number + " " + name;
      case 3 -> "SRV 0 " + number + " 5060 " + name;
      case 4 -> (random.nextInt(4) == 0 ? "DNAME " : "PTR ") + name;
      default -> RDATA.get(random.nextInt(RDATA.size()));
    };
  }

  static Stream<Path> files() {
    return Stream.of("broken", "valid").flatMap(folder -> Zones.corpus(folder).stream());
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileOfTheCorpusGivesTheSameEitherWay(Path file) {
    assertSame(Zones.text(file));
  }

  private static void assertSame(String text) {
    assertThat(outcome(text, true)).as(text).isEqualTo(outcome(text, false));
  }

  private static List<String> outcome(String text, boolean takesShortCuts) {
    Diagnostics diagnostics = new Diagnostics();
    var options =
        new ZoneFile.Options(Zones.source(diagnostics), ZoneFile.RECORDS_MAX, takesShortCuts);
    var zone = ZoneFile.read("zone", text, Zones.ORIGIN, List.of(), options, diagnostics);
    Stream<String> reported = diagnostics.sorted().stream().map(Object::toString);
    return Stream.concat(reported, zone.stream().flatMap(z -> Zones.records(z).stream())).toList();
  }
}
