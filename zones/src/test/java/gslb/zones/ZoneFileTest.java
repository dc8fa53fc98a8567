package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import gslb.testkit.Seeded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;

final class ZoneFileTest {
  private static final List<String> NOT_FOR_DNSJAVA =
      List.of(
          "windows.zone",
          "more-types.zone",
          "include.zone",
          "include-odd-name.zone",
          "generate.zone",
          "generate-fields.zone");
  private static final Path EXAMPLE = Zones.root().resolve("deploy/gslb.example.zone");
  private static final DnsName EXAMPLE_ORIGIN = DnsName.of("gslb.example");
  private static final List<DynamicSlot> EXAMPLE_SLOTS =
      List.of(Zones.slot(0, "www.gslb.example"), Zones.slot(1, "get.gslb.example"));

  /// Files that dnsjava's own reader of zone files can read too.
  static Stream<Path> valid() {
    return Stream.concat(Zones.corpus("valid").stream(), Stream.of(EXAMPLE))
        .filter(file -> !NOT_FOR_DNSJAVA.contains(String.valueOf(file.getFileName())));
  }

  @Test
  void theExampleZoneIsWithoutDefect() {
    Diagnostics diagnostics = new Diagnostics();
    FlatZone zone =
        ZoneFile.read(
                "gslb.example.zone",
                Zones.text(EXAMPLE),
                EXAMPLE_ORIGIN,
                EXAMPLE_SLOTS,
                diagnostics)
            .orElseThrow();
    assertThat(diagnostics.sorted()).isEmpty();
    int www = Zones.match(zone, "www.gslb.example").node;
    assertThat(zone.dynamicSlot(www)).isZero();
    assertThat(zone.rrset(www, 16)).isNotNegative();
    assertThat(zone.rrset(www, FlatZone.TYPE_A)).isEqualTo(-1);
    assertThat(zone.dynamicSlot(Zones.match(zone, "get.gslb.example").node)).isEqualTo(1);
    int ent = Zones.match(zone, "_tcp.gslb.example").node;
    assertThat(zone.rrsetCount(ent)).isZero();
    assertThat(zone.name(Zones.match(zone, "x.child.gslb.example").cut))
        .isEqualTo(DnsName.of("child.gslb.example"));
    assertThat(zone.name(Zones.match(zone, "x.y.dev.gslb.example").wildcard))
        .isEqualTo(DnsName.of("*.dev.gslb.example"));
    assertThat(zone.negativeTtl()).isEqualTo(30);
  }

  @Test
  void octetsOutsideAsciiAreTheirUtf8() {
    FlatZone zone =
        Zones.of(Zones.text(Zones.root().resolve("zones/src/test/resources/valid/windows.zone")));
    int txt = zone.rrset(Zones.match(zone, "ns1.example.org").node, 16);
    byte[] rdata =
        Arrays.copyOfRange(
            zone.rdataPage(txt),
            zone.rdataOffset(txt, 0),
            zone.rdataOffset(txt, 0) + zone.rdataLength(txt, 0));
    assertThat(rdata).isEqualTo("\7grüße".getBytes(StandardCharsets.UTF_8));
  }

  /// dnsjava's reader of zone files is the oracle for directives, inheritance, TTL and RDATA.
  @ParameterizedTest
  @MethodSource("valid")
  void recordsAreThoseOfDnsjavasReader(Path file) throws IOException {
    DnsName origin = file.equals(EXAMPLE) ? EXAMPLE_ORIGIN : Zones.ORIGIN;
    String text = Zones.text(file);
    // Its HIP takes the end of the line for itself, so that the next record is lost.
    text = text.replaceAll("hip HIP .*\n", "");
    // Forms that it knows only as RFC 3597, and its $ORIGIN is never relative.
    String forMaster =
        text.replace("@ CSYNC 66 3 A NS AAAA", "@ CSYNC \\# 12 00000042 0003 0004 60000008")
            .replace("lp LP 10 l64", "lp LP \\# 19 000a 036c3634076578616d706c65036f726700")
            .replace(
                "RESINFO \"qnamemin\" \"exterr=15-17\"",
                "TYPE261 \\# 22 08716e616d656d696e 0c6578746572723d31352d3137")
            .replace("$ORIGIN sub\n", "$ORIGIN sub.example.org.\n");
    assertThat(records(origin, text)).isEqualTo(master(origin, forMaster)).isNotEmpty();
  }

  /// Each record's RDATA, printed by dnsjava from its wire form and read again, is the same.
  @ParameterizedTest
  @MethodSource("valid")
  void rdataSurvivesPrintingAndReading(Path file) throws IOException {
    DnsName origin = file.equals(EXAMPLE) ? EXAMPLE_ORIGIN : Zones.ORIGIN;
    List<String> records = records(origin, Zones.text(file));
    StringBuilder printed = new StringBuilder();
    for (String record : records) {
      String[] fields = record.split(" ", -1);
      int type = Integer.parseInt(fields[2]);
      byte[] rdata = HexFormat.of().parseHex(fields[3]);
      printed.append(fields[0] + " " + fields[1] + " TYPE" + type + " ");
      printed.append(
          org.xbill.DNS.Record.newRecord(Name.root, type, DClass.IN, 0, rdata.length, rdata)
              .rdataToString());
      printed.append('\n');
    }
    assertThat(records(origin, printed.toString())).isEqualTo(records).isNotEmpty();
  }

  /// The form for unknown types is read for known ones as well (RFC 3597 §5).
  @ParameterizedTest
  @MethodSource("corpus")
  void everyRecordSurvivesTheGenericForm(Path file) {
    Diagnostics diagnostics = new Diagnostics();
    FlatZone zone =
        ZoneFile.read(
                "zone",
                Zones.text(file),
                Zones.ORIGIN,
                List.of(),
                Zones.source(diagnostics),
                diagnostics)
            .orElseThrow();
    List<String> records = Zones.records(zone);
    assertThat(records(Zones.ORIGIN, Zones.generic(records))).isEqualTo(records).isNotEmpty();
  }

  static Stream<Path> corpus() {
    return Zones.corpus("valid").stream();
  }

  private static List<String> records(DnsName origin, String text) {
    return records(origin, List.of(), text);
  }

  private static List<String> records(DnsName origin, List<DynamicSlot> slots, String text) {
    Diagnostics diagnostics = new Diagnostics();
    FlatZone zone = ZoneFile.read("zone", text, origin, slots, diagnostics).orElseThrow();
    return Zones.records(zone);
  }

  private static List<String> master(DnsName origin, String text) throws IOException {
    TreeSet<String> records = new TreeSet<>();
    try (Master master =
        new Master(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
            new Name(origin.toWire()))) {
      for (var record = master.nextRecord(); record != null; record = master.nextRecord()) {
        byte[] wire = record.withName(Name.root).toWire(Section.ANSWER);
        records.add(
            DnsName.ofWire(record.getName().toWire(), 0).toLowerCase()
                + " "
                + record.getTTL()
                + " "
                + record.getType()
                + " "
                + HexFormat.of().formatHex(wire, 11, wire.length));
      }
    }
    return List.copyOf(records);
  }

  /// Valid mutants hold the records that dnsjava's reader finds in them.
  @Seeded(25)
  void everyMutantIsValidOrDiagnosed(Random random) {
    int compared = 0;
    String delegations =
        Zones.text(Zones.root().resolve("zones/src/test/resources/valid/delegations.zone"));
    String types =
        Zones.text(Zones.root().resolve("zones/src/test/resources/valid/types.zone"))
            .replaceAll("(hip HIP|@ CSYNC|lp LP|resinfo) .*\n", "");
    String forms = Zones.text(Zones.root().resolve("zones/src/test/resources/valid/forms.zone"));
    for (int i = 0; i < 100; i++) {
      boolean isExample = random.nextInt(3) > 0;
      DnsName origin = isExample ? EXAMPLE_ORIGIN : Zones.ORIGIN;
      String text = isExample ? Zones.text(EXAMPLE) : pickOne(random, types, forms, delegations);
      int mutations = random.nextInt(4) == 0 ? 3 : 1;
      for (int m = 0; m < mutations; m++) {
        text = mutate(text, random);
      }
      List<DynamicSlot> slots = isExample ? EXAMPLE_SLOTS : List.of();
      Diagnostics diagnostics = new Diagnostics();
      var zone = ZoneFile.read("mutant.zone", text, origin, slots, diagnostics);
      assertThat(zone.isEmpty()).isEqualTo(diagnostics.hasErrors());
      if (zone.isPresent() && isComparable(text)) {
        compared += isAsByMaster(origin, slots, text) ? 1 : 0;
      }
      String[] lines = text.split("\n", -1);
      for (Diagnostic diagnostic : diagnostics.sorted()) {
        SourceSpan where = diagnostic.where();
        if (where.file().equals("gslb.yaml")) {
          assertThat(slots.stream().map(DynamicSlot::where)).contains(where);
          continue;
        }
        assertThat(where.file()).isEqualTo("mutant.zone");
        assertThat(where.line()).isBetween(0, lines.length);
        int length = where.line() == 0 ? 0 : lines[where.line() - 1].length();
        assertThat(where.column())
            .as(diagnostic.toString())
            .isBetween(where.line() == 0 ? 0 : 1, Math.max(1, length));
        assertThat(diagnostic.toString()).doesNotContain("Exception", "\n");
      }
    }
    assertThat(compared).isPositive();
  }

  /// Its $ORIGIN is never relative, it takes a carriage return for the end of a line, each octet
  /// outside ASCII for a character of its own.
  private static boolean isComparable(String text) {
    return text.chars().allMatch(c -> c == '\n' || c >= ' ' && c <= '~')
        && !text.contains("$ORIGIN sub");
  }

  /// Compares records without their TTLs; false if dnsjava refuses the text.
  private static boolean isAsByMaster(DnsName origin, List<DynamicSlot> slots, String text) {
    List<String> expected;
    try {
      expected = master(origin, text);
    } catch (IOException e) {
      return false;
    }
    assertThat(withoutTtl(records(origin, slots, text))).isEqualTo(withoutTtl(expected));
    return true;
  }

  private static Set<String> withoutTtl(List<String> records) {
    Set<String> fields = new TreeSet<>();
    for (String record : records) {
      fields.add(record.replaceFirst(" [0-9]+ ", " "));
    }
    return fields;
  }

  private static String pickOne(Random random, String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  private static String mutate(String text, Random random) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + 1 + random.nextInt(6));
    String[] tokens = {
      "\"",
      "(",
      ")",
      ";",
      "\\",
      "\\1",
      "\n",
      " ",
      "@",
      "$TTL",
      "$ORIGIN",
      "\0",
      "\u00ff",
      "\ud83d",
      "TYPE65535",
      "\\# 4 00",
      "-1",
      "99999999999",
      "*",
      "..",
      "IN",
      "CNAME",
      "NS",
      "DNAME",
      "SOA",
    };
    String[] lines = text.split("\n", -1);
    int line = random.nextInt(lines.length);
    int other = random.nextInt(lines.length);
    return switch (random.nextInt(8)) {
      case 0 ->
          text.substring(0, at)
              + (char) random.nextInt(random.nextBoolean() ? 128 : 65_536)
              + text.substring(end);
      case 1 -> text.substring(0, at) + text.substring(end);
      case 2 -> text.substring(0, at) + tokens[random.nextInt(tokens.length)] + text.substring(at);
      case 3 ->
          text.substring(0, at)
              + " "
              + tokens[random.nextInt(tokens.length)]
              + " "
              + text.substring(at);
      case 4 -> {
        lines[line] = lines[other];
        yield String.join("\n", lines);
      }
      case 5 -> {
        String swapped = lines[line];
        lines[line] = lines[other];
        lines[other] = swapped;
        yield String.join("\n", lines);
      }
      case 6 -> {
        String[] words = lines[line].split(" ", -1);
        String[] otherWords = lines[other].split(" ", -1);
        words[random.nextInt(words.length)] = otherWords[random.nextInt(otherWords.length)];
        lines[line] = String.join(" ", words);
        yield String.join("\n", lines);
      }
      default -> text.substring(0, at);
    };
  }

  @Seeded(50)
  void aFaultPutIntoAFileIsReportedThereAndNowhereElse(Random random) {
    List<String> lines = new ArrayList<>(Zones.text(EXAMPLE).lines().toList());
    int soa = 0;
    while (!lines.get(soa).contains("SOA")) {
      soa++;
    }
    String[] faults = {
      "  BOGUS x", "  A 192.0.2.256", "  MX ten mail", "  TXT \"open", "  SRV 1 2", "  )"
    };
    int[] columns = {3, 5, 6, 7, 9, 3};
    TreeSet<String> expected = new TreeSet<>();
    // Behind the SOA, whose parentheses hold lines together, from the end up, so that places stay.
    int line = lines.size();
    List<Integer> places = new ArrayList<>();
    List<Integer> kinds = new ArrayList<>();
    while ((line -= 1 + random.nextInt(8)) > soa + 6) {
      int kind = random.nextInt(faults.length);
      lines.add(line, faults[kind]);
      places.add(line);
      kinds.add(kind);
    }
    for (int i = 0; i < places.size(); i++) {
      int shift = places.size() - 1 - i;
      expected.add("zone:" + (places.get(i) + 1 + shift) + ":" + columns[kinds.get(i)]);
    }
    Diagnostics diagnostics = new Diagnostics();
    ZoneFile.read("zone", String.join("\n", lines), EXAMPLE_ORIGIN, EXAMPLE_SLOTS, diagnostics);
    assertThat(new TreeSet<>(diagnostics.sorted().stream().map(d -> d.where().toString()).toList()))
        .isEqualTo(expected);
  }

  @Test
  void manyUnclosedParenthesesEnd() {
    String text = Zones.HEAD + "a TXT ( x\n".repeat(20_000);
    Diagnostics diagnostics = new Diagnostics();
    assertThat(ZoneFile.read("zone", text, Zones.ORIGIN, List.of(), diagnostics)).isEmpty();
    assertThat(diagnostics.errorCount()).isPositive();
  }

  @Test
  void aZoneOfManyRecordsLoads() {
    StringBuilder text = new StringBuilder(Zones.HEAD);
    for (int i = 0; i < 33_000; i++) {
      text.append("host")
          .append(i)
          .append(".rack")
          .append(i % 100)
          .append(" A 192.0.2.")
          .append(i % 250 + 1);
      text.append("\n  TXT \"number ")
          .append(i)
          .append("\"\n  AAAA 2001:db8::")
          .append(Integer.toHexString(i + 1));
      text.append('\n');
    }
    text.append("last A 192.0.2.1\n");
    FlatZone zone = Zones.of(text.toString());
    // Apex, ns1, last, racks, hosts.
    assertThat(zone.nodeCount()).isEqualTo(3 + 100 + 33_000);
    int node = Zones.match(zone, "host32999.rack99.example.org").node;
    int rrset = zone.rrset(node, FlatZone.TYPE_AAAA);
    assertThat(zone.rdataPage(rrset)[zone.rdataOffset(rrset, 0) + 15] & 0xff)
        .isEqualTo(33_000 & 0xff);
    assertThat(Zones.match(zone, "host33000.rack0.example.org").node).isEqualTo(-1);
  }
}
