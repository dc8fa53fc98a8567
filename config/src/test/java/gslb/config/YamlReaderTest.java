package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class YamlReaderTest {
  private static final String FILE = "a.yaml";

  private static Diagnostics read(byte[] bytes) {
    Diagnostics diagnostics = new Diagnostics();
    boolean isRead = YamlReader.read(FILE, bytes, diagnostics).isPresent();
    assertThat(isRead).isNotEqualTo(diagnostics.hasErrors());
    return diagnostics;
  }

  private static void refused(String marked, String... texts) {
    Marked yaml = Marked.of(FILE, marked);
    refused(yaml.text().getBytes(StandardCharsets.UTF_8), yaml.where(), texts);
  }

  private static void refused(byte[] bytes, SourceSpan where, String... texts) {
    assertThat(read(bytes).sorted())
        .singleElement()
        .satisfies(d -> assertThat(d.where()).isEqualTo(where))
        .satisfies(d -> assertThat(d.toString()).contains(texts));
  }

  private static byte[] joined(String before, int[] octets, String after) {
    byte[] head = before.getBytes(StandardCharsets.UTF_8);
    byte[] tail = after.getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(head, head.length + octets.length + tail.length);
    for (int i = 0; i < octets.length; i++) {
      all[head.length + i] = (byte) octets[i];
    }
    System.arraycopy(tail, 0, all, head.length + octets.length, tail.length);
    return all;
  }

  private static SourceSpan at(int line, int column) {
    return new SourceSpan(FILE, line, column);
  }

  @Test
  void placesCountLinesAndCodePointsFromOne() {
    Diagnostics diagnostics = new Diagnostics();
    YamlNode node =
        YamlReader.read(
                FILE, "a: 1\n\"é😀\": [x, 'y']\n".getBytes(StandardCharsets.UTF_8), diagnostics)
            .orElseThrow();
    assertThat(diagnostics.sorted()).isEmpty();
    assertThat(node).isInstanceOf(YamlNode.Mapping.class);
    YamlNode.Pair pair = ((YamlNode.Mapping) node).pairs().getLast();
    assertThat(pair.key().where()).isEqualTo(at(2, 1));
    assertThat(pair.value().where()).isEqualTo(at(2, 7));
    assertThat(((YamlNode.Sequence) pair.value()).items().getLast().where()).isEqualTo(at(2, 11));
  }

  /// YAML 1.2 core schema: no `on`, no `NO`, no octal by leading zero.
  @Test
  void scalarsHaveTheKindsOfTheCoreSchema() {
    String yaml = "[on, NO, 'true', true, 12, 0x1f, 1.5, .inf, ~, '', 50.11e, 192.0.2.1]";
    YamlNode node =
        YamlReader.read(FILE, yaml.getBytes(StandardCharsets.UTF_8), new Diagnostics())
            .orElseThrow();
    assertThat(((YamlNode.Sequence) node).items())
        .extracting(item -> ((YamlNode.Scalar) item).kind())
        .containsExactly(
            YamlNode.Kind.TEXT,
            YamlNode.Kind.TEXT,
            YamlNode.Kind.TEXT,
            YamlNode.Kind.TRUTH,
            YamlNode.Kind.WHOLE,
            YamlNode.Kind.WHOLE,
            YamlNode.Kind.NUMBER,
            YamlNode.Kind.NUMBER,
            YamlNode.Kind.EMPTY,
            YamlNode.Kind.TEXT,
            YamlNode.Kind.TEXT,
            YamlNode.Kind.TEXT);
  }

  @Test
  void byteOrderMarkIsAWarningAndShiftsNothing() {
    Diagnostics marked = read("\ufeffa: 1\n".getBytes(StandardCharsets.UTF_8));
    assertThat(marked.hasErrors()).isFalse();
    assertThat(marked.sorted())
        .singleElement()
        .satisfies(d -> assertThat(d.where()).isEqualTo(at(1, 1)))
        .satisfies(d -> assertThat(d.toString()).contains("byte order mark"));
    assertThat(read("\ufeffa: [\n".getBytes(StandardCharsets.UTF_8)).sorted())
        .anySatisfy(d -> assertThat(d.where().line()).isEqualTo(1));
    refused("a: \"»\ufeff\"\n", "U+feff");
  }

  @Test
  void utf16IsNamed() {
    refused("a: 1\n".getBytes(StandardCharsets.UTF_16), at(1, 1), "UTF-16", "save it as UTF-8");
  }

  @Test
  void badUtf8IsPlacedAtItsByte() {
    refused(joined("a: é\nb: x", new int[] {0xff}, "\n"), at(2, 5), "byte 0xff");
    refused(joined("a: é", new int[] {0xc0, 0x80}, ""), at(1, 5), "byte 0xc0");
    refused(joined("", new int[] {0xe2, 0x82}, "\nb: 1\n"), at(1, 1), "byte 0xe2");
    refused(joined("a: ", new int[] {0xed, 0xa0, 0x80}, "\n"), at(1, 4), "byte 0xed");
  }

  @Test
  void textThatEndsWithinACharacterIsBad() {
    refused(joined("ab", new int[] {0xe2, 0x82}, ""), at(1, 3), "byte 0xe2");
  }

  @Test
  void controlCharactersArePlaced() {
    refused("a: 1\nb: x»\u0000y\n", "control character U+0000");
    refused("a: 1\nb: x»\u001by\n", "control character U+001b");
    refused("a: 1\nb: é😀»\u007f\n", "control character U+007f");
    refused("a: 1\nb: x»\u0085y\n", "control character U+0085");
    refused("a: 1»\rb: 2\n", "control character U+000d");
    assertThat(read("a: 1\r\nb: 2\r\n".getBytes(StandardCharsets.UTF_8)).sorted()).isEmpty();
  }

  @Test
  void tabsThatIndentAreRefused() {
    refused("a:\n»\tb: 1\n", "indent with spaces");
  }

  @Test
  void brokenYamlIsReportedInsideTheFile() {
    refused("a: 1\nb: [1, 2»\n", "");
    refused("a: 'x»\n", "");
    refused("a: 1\n b»: 2\n", "mapping values are not allowed here");
    refused("a: 1\n»]\n", "");
  }

  @Test
  void aliasesAnchorsAndTagsAreRefused() {
    refused("a: »&x 1\n", "an anchor");
    refused("a: »*x\n", "an alias");
    refused("a: »!!str x\n", "a tag");
    refused("a: »!own {b: 1}\n", "a tag");
  }

  @Test
  void secondDocumentIsRefused() {
    refused("a: 1\n»---\nb: 1\n", "a second document");
  }

  @Test
  void keysAreNames() {
    refused("»[a]: 1\n", "");
    refused("{a: {»{b: 1}: 2}}\n", "a key that is itself");
  }

  @Test
  void depthIsBounded() {
    String deepest = "[".repeat(YamlReader.DEPTH_MAX) + "]".repeat(YamlReader.DEPTH_MAX);
    assertThat(read(deepest.getBytes(StandardCharsets.UTF_8)).sorted()).isEmpty();
    refused("[".repeat(YamlReader.DEPTH_MAX) + "»[", "nested deeper than 64");
    assertThat(read("[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8)).hasErrors()).isTrue();
    assertThat(read("{a: ".repeat(100_000).getBytes(StandardCharsets.UTF_8)).hasErrors()).isTrue();
  }

  @Test
  void lengthAndCountAreBounded() {
    refused(
        new byte[YamlReader.FILE_LENGTH_MAX + 1],
        SourceSpan.file(FILE),
        "longer than 8388608 bytes");
    String many = "[" + "1,".repeat(YamlReader.NODES_MAX) + "1]";
    assertThat(read(many.getBytes(StandardCharsets.UTF_8)).sorted())
        .singleElement()
        .satisfies(d -> assertThat(d.toString()).contains("more than 2000000 values"));
  }

  @Test
  void nothingIsAnEmptyMap() {
    for (String nothing : new String[] {"", "\n", "# only this\n", "---\n", "---\n...\n"}) {
      assertThat(YamlReader.read(FILE, nothing.getBytes(StandardCharsets.UTF_8), new Diagnostics()))
          .as(nothing)
          .hasValueSatisfying(node -> assertThat(node.shape()).isEqualTo(Shape.MAP));
    }
  }
}
