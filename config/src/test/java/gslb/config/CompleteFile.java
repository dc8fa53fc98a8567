package gslb.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The configuration that uses every key, and edits of it.
final class CompleteFile {
  static final String TEXT = resource("complete.yaml");
  static final BlockLines LINES = new BlockLines(TEXT);

  private static final Map<String, String> NAMED =
      Map.of(
          "sites", "SITE",
          "geo.countries", "COUNTRY",
          "zones", "ZONE",
          "monitors", "MONITOR",
          "pools", "POOL",
          "services", "SERVICE",
          "policies", "POLICY",
          "cluster.members", "MEMBER",
          "dns.access", "PREFIX");

  private static final List<String> OPERATORS =
      List.of("weighted", "sticky", "nearest", "limit", "bias", "within", "all", "geo", "policy");
  private static final List<String> BRANCH = List.of("to", "weight");

  private CompleteFile() {}

  private static String resource(String name) {
    try (InputStream in = CompleteFile.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MemoryFiles files(String text) {
    return new MemoryFiles()
        .with(Loaded.MAIN, text)
        .with("etc/more.yaml", "# nothing more\n")
        .with("etc/networks.yaml", "office: [192.0.2.0/25]\n")
        .with("etc/city.mmdb", "")
        .with("etc/cookies.key", "# newest first\n" + "0123456789abcdef".repeat(2) + "\n")
        .with("etc/cluster.key", "0123456789abcdef0123456789abcdef\n")
        .with(
            "etc/gslb.example.zone",
            """
            $TTL 300
            @ IN SOA ns1 hostmaster 1 3600 600 604800 60
            @ IN NS ns1
            ns1 IN A 192.0.2.53
            """);
  }

  /// The path of a key as the schema has it, `pools.POOL.endpoints[].weight`; empty for a name that
  /// the operator gives.
  static String schemaPath(BlockLines.Entry entry) {
    StringBuilder built = new StringBuilder();
    boolean isName = false;
    for (String part : entry.path()) {
      String noun = NAMED.get(built.toString());
      isName = noun != null;
      boolean isItem = part.equals("[]");
      built.append(built.isEmpty() || isItem ? "" : ".").append(isName ? noun : part);
    }
    String path = built.toString();
    boolean isInPolicy =
        path.startsWith("policies.POLICY.") || path.startsWith("services.SERVICE.policy.");
    BlockLines.Entry parent = entry.parent();
    if (isInPolicy) {
      boolean isBranch = parent != null && parent.key().equals("geo");
      return BRANCH.contains(entry.key())
          ? "POLICY." + shares(entry) + "[]." + entry.key()
          : OPERATORS.contains(entry.key()) && !isBranch ? "POLICY." + entry.key() : "";
    }
    return isName ? "" : path;
  }

  /// The operator whose branch it is in.
  private static String shares(BlockLines.Entry entry) {
    return entry.path().lastIndexOf("sticky") > entry.path().lastIndexOf("weighted")
        ? "sticky"
        : "weighted";
  }

  /// The text with lines from `first` to `last`, counted from 1, replaced.
  static String withLines(int first, int last, List<String> replacement) {
    List<String> lines = new ArrayList<>(LINES.lines().subList(0, first - 1));
    lines.addAll(replacement);
    lines.addAll(LINES.lines().subList(last, LINES.lines().size()));
    return String.join("\n", lines) + "\n";
  }

  static String line(int number) {
    return LINES.lines().get(number - 1);
  }

  static List<String> linesOf(BlockLines.Entry entry) {
    return LINES.lines().subList(entry.line() - 1, entry.lastLine());
  }
}
