package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.testkit.Seeded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same zone files read here and by BIND's `named-compilezone`, which writes what it read in
/// wire form, and by Knot's `kzonecheck`.
final class ZonePeerTest {
  /// BIND needs quotes around several fields of `$GENERATE`, and has no escapes in file names.
  private static final List<String> NOT_FOR_BIND =
      List.of("generate-fields.zone", "include-odd-name.zone", "windows.zone");

  /// BIND's checks of a whole zone are off: each has a type of record without its companions.
  private static final String[] COMPILE = {
    "named-compilezone",
    "-i",
    "none",
    "-k",
    "ignore",
    "-m",
    "ignore",
    "-M",
    "ignore",
    "-S",
    "ignore",
    "-W",
    "ignore",
    "-r",
    "ignore",
    "-F",
    "raw",
    "-o",
    "zone.raw",
    "example.org",
    "zone"
  };

  @TempDir Path folder;

  static Stream<Path> valid() {
    return Zones.corpus("valid").stream()
        .filter(file -> !NOT_FOR_BIND.contains(String.valueOf(file.getFileName())));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void recordsAreThoseOfBind(Path file) throws Exception {
    // BIND looks for included files in its own folder, not beside the file that includes them.
    Path included = Zones.root().resolve("zones/src/test/resources/included");
    Files.createDirectory(folder.resolve("included"));
    for (String part : List.of("hosts.part", "inherits.part", "nested.part")) {
      Files.copy(included.resolve(part), folder.resolve("included").resolve(part));
    }
    Files.copy(included.resolve("nested.part"), folder.resolve("nested.part"));
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
    Compiled bind = compile(Zones.text(file));
    assertThat(Zones.records(zone)).isEqualTo(bind.records).isNotEmpty();
  }

  /// What `recordsAreThoseOfBind` found of the rare types, for where BIND is not installed.
  @Test
  void rareTypesHaveTheOctetsThatBindGaveThem() throws IOException {
    Path resources = Zones.root().resolve("zones/src/test/resources");
    List<String> expected =
        Files.readAllLines(resources.resolve("peer/more-types.rdata")).stream().sorted().toList();
    FlatZone zone = Zones.of(Zones.text(resources.resolve("valid/more-types.zone")));
    assertThat(Zones.records(zone)).isEqualTo(expected);
  }

  @Test
  void oddLinesAreReadAsByBind() throws Exception {
    String text = Zones.HEAD + Zones.text(resource("peer/odd-lines.text"));
    Compiled bind = compile(text);
    assertThat(bind.refusedLines).as(bind.output).isEmpty();
    assertThat(Zones.records(Zones.of(text))).isEqualTo(bind.records).hasSizeGreaterThan(60);
  }

  @Test
  void linesThatBindRefusesAreRefused() throws Exception {
    String text = Zones.HEAD + Zones.text(resource("peer/refused-lines.text"));
    TreeSet<Integer> all = new TreeSet<>();
    for (int line = 5; line <= text.lines().count(); line++) {
      all.add(line);
    }
    assertThat(refusedLines(text)).containsExactlyElementsOf(all);
    Compiled bind = compile(text);
    assertThat(bind.refusedLines).as(bind.output).isEqualTo(all);
  }

  /// A line that both accept, after one of its fields was changed, has the same octets.
  @Seeded(4)
  void changedLinesThatBothAcceptHaveTheOctetsOfBind(Random random) throws Exception {
    List<String> lines =
        Zones.text(resource("valid/more-types.zone"))
            .lines()
            .skip(5)
            .filter(line -> !line.startsWith("@"))
            .map(line -> line.replaceFirst("^\\S*\\s+", ""))
            .toList();
    List<String> changed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      changed.add(change(lines.get(random.nextInt(lines.size())), random));
    }
    TreeSet<Integer> refused = new TreeSet<>(refusedLines(numbered(changed)));
    refused.addAll(compile(numbered(changed)).refusedLines);
    List<String> accepted = new ArrayList<>();
    for (int i = 0; i < changed.size(); i++) {
      if (!refused.contains(i + 5)) {
        accepted.add(changed.get(i));
      }
    }
    Compiled bind = compile(numbered(accepted));
    assertThat(Zones.records(Zones.of(numbered(accepted))))
        .as(String.join("\n", accepted))
        .isEqualTo(bind.records);
    assertThat(accepted).isNotEmpty();
  }

  private static String change(String line, Random random) {
    String[] odd = {
      "0",
      "1",
      "255",
      "256",
      "65535",
      "65536",
      "4294967295",
      "00",
      "a",
      "a.",
      "@",
      ".",
      "\"a b\"",
      "\\065",
      "*",
      "1.2.3.4",
      "::1",
      "AQID",
      "AQI=",
      "abcd",
      "TYPE1",
      "A",
      "NS",
      "1h",
      "-",
      "1.5",
      "key1",
      "alpn=h2",
      "port=1",
      "\\# 1 00",
      "13",
      "20300101000000",
      "NOTIFY",
      "m",
      "N",
      "!1:1.2.3.4/32"
    };
    List<String> fields = new ArrayList<>(List.of(line.split(" ", -1)));
    int at = 1 + random.nextInt(Math.max(1, fields.size() - 1));
    if (at >= fields.size() || random.nextInt(4) == 0) {
      fields.add(Math.min(at, fields.size()), odd[random.nextInt(odd.length)]);
    } else if (random.nextInt(3) == 0) {
      fields.remove(at);
    } else {
      fields.set(at, odd[random.nextInt(odd.length)]);
    }
    return String.join(" ", fields);
  }

  private static String numbered(List<String> lines) {
    StringBuilder text = new StringBuilder(Zones.HEAD);
    for (int i = 0; i < lines.size(); i++) {
      text.append('n').append(i).append(' ').append(lines.get(i)).append('\n');
    }
    return text.toString();
  }

  /// Knot knows fewer types and no `$GENERATE`, and stops at the first line that it refuses.
  @ParameterizedTest
  @MethodSource("forKnot")
  void knotFindsNoFaultInWhatIsValidHere(Path file) throws Exception {
    Files.writeString(folder.resolve("zone"), Zones.text(file));
    Process knot =
        start(
            "knot-dnssecutils",
            "kzonecheck",
            "-v",
            "-d",
            "off",
            "-o",
            "example.org",
            folder.resolve("zone").toString());
    String output = new String(knot.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(knot.waitFor()).as(output).isZero();
  }

  static Stream<Path> forKnot() {
    return Zones.corpus("valid").stream()
        .filter(
            file ->
                List.of("delegations.zone", "delete-keys.zone", "rfc1035-section-5.3.zone")
                    .contains(String.valueOf(file.getFileName())));
  }

  private static Path resource(String name) {
    return Zones.root().resolve("zones/src/test/resources").resolve(name);
  }

  private static Set<Integer> refusedLines(String text) {
    Diagnostics diagnostics = new Diagnostics();
    ZoneFile.read("zone", text, Zones.ORIGIN, List.of(), diagnostics);
    TreeSet<Integer> lines = new TreeSet<>();
    for (Diagnostic diagnostic : diagnostics.sorted()) {
      if (diagnostic.severity() == Diagnostic.Severity.ERROR) {
        lines.add(diagnostic.where().line());
      }
    }
    return lines;
  }

  private record Compiled(Set<Integer> refusedLines, List<String> records, String output) {}

  private Compiled compile(String text) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("zone"), text);
    Files.deleteIfExists(folder.resolve("zone.raw"));
    Process bind = start("bind9-utils", COMPILE);
    String output = new String(bind.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    bind.waitFor();
    TreeSet<Integer> refused = new TreeSet<>();
    Matcher line = Pattern.compile("\\bzone:([0-9]+): (.*)").matcher(output);
    while (line.find()) {
      String message = line.group(2);
      if (!message.contains("expired")
          && !message.contains("old style")
          && !message.contains("inherited owner")) {
        refused.add(Integer.parseInt(line.group(1)));
      }
    }
    Path raw = folder.resolve("zone.raw");
    return new Compiled(
        refused, Files.exists(raw) ? records(Files.readAllBytes(raw)) : List.of(), output);
  }

  private Process start(String packageName, String... command) throws IOException {
    String name = command[0];
    boolean isInstalled =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, name)));
    if (!isInstalled) {
      assertThat(System.getenv("CI")).as(name + " of " + packageName).isNull();
      Assumptions.abort(name + " is not installed");
    }
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
  }

  /// The RRsets of BIND's raw form, version 1.
  private static List<String> records(byte[] raw) {
    ByteBuffer in = ByteBuffer.wrap(raw);
    in.position(24);
    List<String> records = new ArrayList<>();
    while (in.hasRemaining()) {
      in.position(in.position() + 6);
      int type = in.getShort() & 0xffff;
      in.getShort();
      int ttl = in.getInt();
      int count = in.getInt();
      DnsName owner = DnsName.ofWire(octets(in), 0).toLowerCase();
      for (int i = 0; i < count; i++) {
        records.add(owner + " " + ttl + " " + type + " " + HexFormat.of().formatHex(octets(in)));
      }
    }
    return records.stream().sorted().toList();
  }

  private static byte[] octets(ByteBuffer in) {
    byte[] octets = new byte[in.getShort() & 0xffff];
    in.get(octets);
    return octets;
  }
}
