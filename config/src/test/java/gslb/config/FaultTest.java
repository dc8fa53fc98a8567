package gslb.config;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostic;
import gslb.base.SourceSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// For every key of the schema: each kind of fault is reported at the line and column that the
/// edited text gives.
final class FaultTest {
  /// Values of which each key allows a few at most.
  private static final List<String> ODD_VALUES =
      List.of("{zz: 1}", "[[]]", "true", "123456789012", "-1", "\"zz zz\"", "\"\"", "null", "[]");

  /// Least and greatest value, and their neighbours outside.
  private record Range(String below, String least, String greatest, String above) {}

  private static final Map<String, Range> RANGES = ranges();

  private static Map<String, Range> ranges() {
    Map<String, Range> ranges = new LinkedHashMap<>();
    Range port = new Range("0", "1", "65535", "65536");
    Range seconds = new Range("0s", "1s", "24h", "86401s");
    Range count = new Range("0", "1", "100", "101");
    ranges.put("sites.SITE.at", new Range("[-90.1, 0]", "[-90, -180]", "[90, 180]", "[0, 180.1]"));
    ranges.put(
        "listen.dns",
        new Range(
            "[\"192.0.2.1:0\"]",
            "[\"192.0.2.1:1\"]",
            "[\"192.0.2.1:65535\"]",
            "[\"192.0.2.1:65536\"]"));
    ranges.put("listen.http", ranges.get("listen.dns"));
    ranges.put(
        "listen.admin",
        new Range(
            "\"127.0.0.1:0\"", "\"127.0.0.1:1\"", "\"127.0.0.1:65535\"", "\"127.0.0.1:65536\""));
    ranges.put("listen.dns-tls", ranges.get("listen.dns"));
    Range saying = new Range("\"\"", "x", "x".repeat(128), "x".repeat(129));
    ranges.put("dns.nsid", saying);
    ranges.put("dns.version", saying);
    ranges.put("dns.id", saying);
    ranges.put("dns.rate-limit.per-second", new Range("0", "1", "1000000", "1000001"));
    ranges.put("dns.rate-limit.burst", new Range("0", "1", "1000000", "1000001"));
    ranges.put("dns.rate-limit.slip", new Range("-1", "0", "100", "101"));
    ranges.put("dns.rate-limit.table-size", new Range("1023", "1024", "16777216", "16777217"));
    ranges.put("dns.tcp.connections", new Range("0", "1", "100000", "100001"));
    ranges.put("dns.tcp.per-client", new Range("0", "1", "100000", "100001"));
    ranges.put("dns.tcp.idle", new Range("999ms", "1s", "1h", "3601s"));
    ranges.put("dns.tcp.query", new Range("99ms", "100ms", "1m", "61s"));
    ranges.put("dns.tcp.life", new Range("9s", "10s", "24h", "86401s"));
    ranges.put("dns.tcp.reply", new Range("99ms", "100ms", "1m", "61s"));
    ranges.put("geo.networks", new Range("{office: []}", "", "", ""));
    ranges.put(
        "geo.countries",
        new Range("{US: [-90.1, 0]}", "{US: [-90, -180]}", "{US: [90, 180]}", "{US: [0, 180.1]}"));
    ranges.put("geo.max-age", new Range("23h", "1d", "3650d", "3651d"));
    ranges.put("monitors.MONITOR.port", port);
    ranges.put("monitors.MONITOR.expect.status", new Range("99", "100", "599", "600"));
    ranges.put(
        "monitors.MONITOR.expect.body", new Range("\"\"", "x", "x".repeat(1024), "x".repeat(1025)));
    ranges.put("monitors.MONITOR.interval", new Range("99ms", "100ms", "1h", "3601s"));
    ranges.put("monitors.MONITOR.timeout", new Range("9ms", "10ms", "1m", "61s"));
    ranges.put("monitors.MONITOR.rise", count);
    ranges.put("monitors.MONITOR.fall", count);
    ranges.put("pools.POOL.min-healthy", new Range("0%", "1%", "100%", "101%"));
    ranges.put("pools.POOL.ramp", new Range("999ms", "1s", "24h", "86401s"));
    ranges.put("guard.within", new Range("999ms", "1s", "24h", "86401s"));
    ranges.put("pools.POOL.capacity", new Range("0", "1", "1000000000", "1000000001"));
    ranges.put("pools.POOL.endpoints", new Range("[]", "", "", ""));
    ranges.put("pools.POOL.endpoints[].weight", new Range("0", "1", "1000000", "1000001"));
    ranges.put("services.SERVICE.demand", new Range("0", "1", "1000000000", "1000000001"));
    ranges.put("services.SERVICE.ttl", seconds);
    ranges.put("services.SERVICE.ttl.min", seconds);
    ranges.put("services.SERVICE.ttl.max", seconds);
    ranges.put("services.SERVICE.https-record.port", port);
    ranges.put(
        "services.SERVICE.https-record.alpn",
        new Range("[]", "[h2]", "[a, b, c, d, e, f, g, h]", "[a, b, c, d, e, f, g, h, i]"));
    ranges.put("services.SERVICE.redirect.hosts", new Range("[]", "[a]", "", ""));
    ranges.put("cluster.members.MEMBER.number", new Range("0", "1", "254", "255"));
    ranges.put("cluster.members.MEMBER.port", port);
    ranges.put("POLICY.nearest", new Range("[]", "[eu]", "", ""));
    ranges.put("POLICY.limit", new Range("0", "1", "16", "17"));
    ranges.put("POLICY.within", new Range("0.99", "1", "10", "10.01"));
    ranges.put("POLICY.all", new Range("[]", "[eu]", "", ""));
    ranges.put("POLICY.sticky", new Range("[]", "", "", ""));
    ranges.put("POLICY.sticky[].weight", new Range("-1", "0", "1000000", "1000001"));
    ranges.put("services.SERVICE.answers", new Range("0", "1", "32", "33"));
    ranges.put("POLICY.weighted", new Range("[]", "", "", ""));
    ranges.put("POLICY.weighted[].weight", new Range("-1", "0", "1000000", "1000001"));
    return ranges;
  }

  private static Map<String, Key<?>> keys() {
    Map<String, Key<?>> keys = new LinkedHashMap<>();
    SchemaPaths.sections()
        .forEach(
            (path, section) ->
                section
                    .keys()
                    .forEach(
                        key -> keys.put((path.isEmpty() ? "" : path + ".") + key.name(), key)));
    return keys;
  }

  private static Map<BlockLines.Entry, Key<?>> places() {
    Map<String, Key<?>> keys = keys();
    Map<BlockLines.Entry, Key<?>> places = new LinkedHashMap<>();
    for (BlockLines.Entry entry : CompleteFile.LINES.entries()) {
      Key<?> key = keys.get(CompleteFile.schemaPath(entry));
      if (key != null) {
        places.put(entry, key);
      }
    }
    return places;
  }

  private static SourceSpan at(int line, int column) {
    return new SourceSpan(Loaded.MAIN, line, column);
  }

  private static Loaded load(String text) {
    return Loaded.load(CompleteFile.files(text));
  }

  @Test
  void completeFileIsGoodAndHasEveryKey() {
    assertThat(load(CompleteFile.TEXT).diagnostics()).isEmpty();
    Set<String> paths =
        CompleteFile.LINES.entries().stream()
            .map(CompleteFile::schemaPath)
            .filter(path -> !path.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(paths).containsExactlyInAnyOrderElementsOf(keys().keySet());
  }

  @Test
  void misspeltKeyIsUnknownAndItsNameIsProposed() {
    for (BlockLines.Entry entry : places().keySet()) {
      String line = CompleteFile.line(entry.line());
      int end = entry.keyColumn() - 1 + entry.key().length();
      String written = entry.key() + "x";
      String edited = line.substring(0, end) + "x" + line.substring(end);
      String text = CompleteFile.withLines(entry.line(), entry.line(), List.of(edited));
      load(text)
          .says(
              at(entry.line(), entry.keyColumn()),
              "unknown key '" + written + "'",
              "did you mean '" + entry.key() + "'?");
    }
  }

  /// The other validator decides what is a wrong type.
  @Test
  void whatTheEditorRefusesTheLoaderRefusesAtTheValue() {
    EditorSchema editor = new EditorSchema(JsonSchema.text());
    places()
        .forEach(
            (entry, key) -> {
              int refused = 0;
              for (String odd : ODD_VALUES) {
                String text = withValue(entry, odd);
                boolean isRefused = !editor.problems(text).isEmpty();
                refused += isRefused ? 1 : 0;
                if (isRefused) {
                  assertThat(placesOfErrors(text))
                      .as("%s: %s", key.name(), odd)
                      .anySatisfy(where -> isIn(where, entry, odd));
                }
              }
              assertThat(refused).as(key.name()).isGreaterThanOrEqualTo(4);
            });
  }

  private static void isIn(SourceSpan where, BlockLines.Entry entry, String value) {
    int column = valueColumn(entry);
    assertThat(where.line()).isEqualTo(entry.line());
    assertThat(where.column()).isBetween(column, column + value.length() - 1);
  }

  private static int valueColumn(BlockLines.Entry entry) {
    return entry.keyColumn() + entry.key().length() + 2;
  }

  private static String withValue(BlockLines.Entry entry, String value) {
    String line = CompleteFile.line(entry.line());
    String key = line.substring(0, entry.keyColumn() - 1 + entry.key().length());
    return CompleteFile.withLines(entry.line(), entry.lastLine(), List.of(key + ": " + value));
  }

  private static List<SourceSpan> placesOfErrors(String text) {
    return load(text).errors().stream().map(Diagnostic::where).toList();
  }

  @Test
  void valuesAreRefusedJustOutsideTheirRangeAndNotAtItsEnds() {
    Set<String> tried = new TreeSet<>();
    for (BlockLines.Entry entry : places().keySet()) {
      String path = CompleteFile.schemaPath(entry);
      Range range = RANGES.get(path);
      if (range == null) {
        continue;
      }
      tried.add(path);
      for (String outside : List.of(range.below(), range.above())) {
        if (!outside.isEmpty()) {
          assertThat(rangeErrors(entry, outside)).as("%s: %s", path, outside).isNotEmpty();
        }
      }
      for (String inside : List.of(range.least(), range.greatest())) {
        if (!inside.isEmpty()) {
          assertThat(rangeErrors(entry, inside)).as("%s: %s", path, inside).isEmpty();
        }
      }
    }
    assertThat(tried).containsExactlyInAnyOrderElementsOf(RANGES.keySet());
    assertThat(RANGES.keySet()).containsAll(keysWithRange());
  }

  private static Set<String> keysWithRange() {
    Set<String> paths = new TreeSet<>();
    keys()
        .forEach(
            (path, key) -> {
              if (Pattern.compile(" from -?\\d|of \\d+ to \\d").matcher(ownWords(key)).find()) {
                paths.add(path);
              }
            });
    return paths;
  }

  /// The words of a map are those of its entries, which have keys of their own.
  private static String ownWords(Key<?> key) {
    return key.type().words().startsWith("a map") ? "" : key.type().words();
  }

  private static List<Diagnostic> rangeErrors(BlockLines.Entry entry, String value) {
    return load(withValue(entry, value)).errors().stream()
        .filter(d -> d.where().line() == entry.line())
        .filter(d -> d.where().column() >= valueColumn(entry))
        .filter(
            d -> d.rule().startsWith("it must be ") || d.rule().startsWith("at least one weight"))
        .toList();
  }

  @Test
  void nameThatLeadsNowhereIsReportedWithTheNearestOne() {
    Map<Reference.Kind, Pattern> names =
        Map.of(
            Reference.Kind.SITE, Pattern.compile("\\b(frankfurt|virginia)\\b"),
            Reference.Kind.MONITOR, Pattern.compile("\\b(web|alive)\\b"),
            Reference.Kind.POOL, Pattern.compile("\\b(eu|us|sorry)\\b(?!:)"),
            Reference.Kind.POLICY, Pattern.compile("\\b(shares|mixed|kept)\\b"),
            Reference.Kind.SERVICE, Pattern.compile("\\b(www|get)\\b"));
    List<Reference.Kind> tried = new ArrayList<>();
    places()
        .forEach(
            (entry, key) -> {
              for (Reference.Kind kind : kinds(key)) {
                tried.add(kind);
                misspellNames(entry, kind, Objects.requireNonNull(names.get(kind)));
              }
            });
    assertThat(tried).containsAll(names.keySet());
  }

  private static List<Reference.Kind> kinds(Key<?> key) {
    List<Reference.Kind> kinds = new ArrayList<>();
    addKinds(key.type(), kinds);
    return kinds;
  }

  private static void addKinds(Type<?> type, List<Reference.Kind> kinds) {
    switch (type) {
      case Reference reference -> kinds.add(reference.kind());
      case PolicyType _ -> kinds.add(Reference.Kind.POOL);
      case GeoBranches _ -> kinds.add(Reference.Kind.POOL);
      case Section _, Named<?> _ -> {}
      case Scalar<?> _, ListOf<?> _, Row<?> _, OneOf<?> _, Mapped<?, ?> _ ->
          type.parts().forEach(part -> addKinds(part, kinds));
    }
  }

  private static void misspellNames(BlockLines.Entry entry, Reference.Kind kind, Pattern names) {
    int found = 0;
    for (int number = entry.line(); number <= entry.lastLine(); number++) {
      String line = CompleteFile.line(number);
      Matcher matcher = names.matcher(line);
      int from = number == entry.line() ? entry.keyColumn() + entry.key().length() : 0;
      while (matcher.find(from)) {
        from = matcher.end();
        found++;
        String name = matcher.group(1);
        String edited = line.substring(0, matcher.end()) + "x" + line.substring(matcher.end());
        load(CompleteFile.withLines(number, number, List.of(edited)))
            .says(
                at(number, matcher.start() + 1),
                kind.noun() + " '" + name + "x', which is not defined",
                "did you mean '" + name + "'?");
      }
    }
    // Names that are keys are not looked for here.
    boolean namesOtherKind =
        CompleteFile.linesOf(entry).stream()
            .anyMatch(l -> l.contains("policy:") || l.matches(" +(eu|us): \\d+"));
    assertThat(found).as(entry.toString()).isGreaterThanOrEqualTo(namesOtherKind ? 0 : 1);
  }

  @Test
  void keyWrittenTwiceIsReportedWithBothPlaces() {
    for (BlockLines.Entry entry : CompleteFile.LINES.entries()) {
      List<String> lines = new ArrayList<>(CompleteFile.linesOf(entry));
      List<String> copy = new ArrayList<>(lines);
      if (entry.startsItem()) {
        copy.set(0, copy.getFirst().replaceFirst("- ", "  "));
      }
      lines.addAll(copy);
      load(CompleteFile.withLines(entry.line(), entry.lastLine(), lines))
          .says(
              at(entry.lastLine() + 1, entry.keyColumn()),
              "duplicate key '" + entry.key() + "'",
              "first at " + at(entry.line(), entry.keyColumn()));
    }
  }

  @Test
  void missingKeyIsReportedWhereItsSectionIsNamed() {
    Set<String> required = new TreeSet<>();
    places()
        .forEach(
            (entry, key) -> {
              if (key.isRequired()) {
                required.add(CompleteFile.schemaPath(entry));
                remove(entry);
              }
            });
    assertThat(required).hasSizeGreaterThan(15);
  }

  private static void remove(BlockLines.Entry entry) {
    BlockLines.Entry parent = Objects.requireNonNull(entry.parent());
    List<BlockLines.Entry> siblings =
        CompleteFile.LINES.entries().stream()
            .filter(e -> parent.equals(e.parent()) && e.keyColumn() == entry.keyColumn())
            .toList();
    boolean isItem = entry.path().get(entry.path().size() - 2).equals("[]");
    String missing = "has no '" + entry.key() + "'";
    if (isItem) {
      removeFromItem(entry, missing);
    } else if (siblings.size() == 1) {
      String text =
          CompleteFile.withLines(
              parent.line(), entry.lastLine(), List.of(CompleteFile.line(parent.line()) + " {}"));
      load(text).says(at(parent.line(), parent.keyColumn()), missing);
    } else {
      String text = CompleteFile.withLines(entry.line(), entry.lastLine(), List.of());
      load(text).says(at(parent.line(), parent.keyColumn()), missing);
    }
  }

  /// The dash of the item stays.
  private static void removeFromItem(BlockLines.Entry entry, String missing) {
    String indent = " ".repeat(entry.keyColumn() - 3);
    int itemLine = entry.line();
    while (!CompleteFile.line(itemLine).startsWith(indent + "- ")) {
      itemLine--;
    }
    boolean isAlone = !entry.startsItem() && entry.line() == itemLine;
    assertThat(isAlone).isFalse();
    String text;
    if (!entry.startsItem()) {
      text = CompleteFile.withLines(entry.line(), entry.lastLine(), List.of());
    } else if (entry.lastLine() < CompleteFile.LINES.lines().size()
        && CompleteFile.line(entry.lastLine() + 1).startsWith(indent + "  ")) {
      String next = CompleteFile.line(entry.lastLine() + 1);
      String moved = indent + "- " + next.substring(indent.length() + 2);
      text = CompleteFile.withLines(entry.line(), entry.lastLine() + 1, List.of(moved));
    } else {
      text = CompleteFile.withLines(entry.line(), entry.lastLine(), List.of(indent + "- {}"));
    }
    load(text).says(at(itemLine, entry.keyColumn()), missing);
  }
}
