package gslb.trials.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/// What a checker says of a zone, one line for each message: comparable with what it says of the
/// same zone on another server.
record Messages(TreeSet<String> lines) {
  /// Names that dnsviz looks at: one of each kind that the zone has.
  private static final List<String> NAMES =
      List.of(
          "gslb.example",
          "www.gslb.example",
          "static.gslb.example",
          "alias.gslb.example",
          "leaf.tree.gslb.example",
          "x.wild.gslb.example",
          "ent.gslb.example",
          "big.gslb.example",
          "none.gslb.example",
          "child.gslb.example");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// zonemaster's messages at WARNING and above, with their arguments.
  static Messages ofZonemaster(MiniatureRoot root) throws IOException, InterruptedException {
    String json =
        root.run(
            "zonemaster-cli",
            "--hints",
            root.folder().resolve("root.hints").toString(),
            "--profile",
            root.folder().resolve("zonemaster.json").toString(),
            "--level",
            "WARNING",
            "--json",
            "--no-time",
            "gslb.example");
    int start = json.indexOf('[');
    if (start < 0) {
      throw new AssertionError("zonemaster printed " + json);
    }
    TreeSet<String> lines = new TreeSet<>();
    for (JsonNode message : MAPPER.readTree(json.substring(start))) {
      lines.add(
          message.path("level").asText()
              + " "
              + message.path("tag").asText()
              + " "
              + message.path("args"));
    }
    return new Messages(lines);
  }

  /// dnsviz's warnings and errors, each with the place in its tree where it stands.
  ///
  /// @param options of `dnsviz probe`
  static Messages ofDnsviz(MiniatureRoot root, String... options)
      throws IOException, InterruptedException {
    Path probed = root.folder().resolve("probed.json");
    Path judged = root.folder().resolve("judged.json");
    TreeSet<String> arguments = new TreeSet<>();
    List<String> command = new java.util.ArrayList<>(List.of("probe", "-A", "-a", "."));
    command.add("-x");
    command.add(".:a.root.example=203.0.113.1,a.root.example=[2001:db8:1::1]");
    command.addAll(List.of(options));
    command.addAll(List.of("-o", probed.toString()));
    command.addAll(NAMES);
    String printed = root.run("dnsviz", command.toArray(String[]::new));
    if (!Files.exists(probed) || !Files.readString(probed).contains("\"gslb.example.\"")) {
      throw new AssertionError("dnsviz probe found no gslb.example; it printed " + printed);
    }
    Files.deleteIfExists(judged);
    printed =
        root.run(
            "dnsviz", "grok", "-l", "warning", "-r", probed.toString(), "-o", judged.toString());
    if (!Files.exists(judged)) {
      throw new AssertionError("dnsviz grok wrote nothing; it printed " + printed);
    }
    String json = Files.readString(judged);
    Files.delete(probed);
    if (!json.isBlank()) {
      collect(MAPPER.readTree(json), "", arguments);
    }
    return new Messages(arguments);
  }

  private static void collect(JsonNode node, String path, TreeSet<String> lines) {
    for (var member : node.properties()) {
      String name = member.getKey();
      boolean isList =
          name.equals("errors")
              || name.equals("error")
              || name.equals("warnings")
              || name.equals("warning");
      if (isList) {
        member.getValue().forEach(message -> lines.add(path + " " + name + " " + message));
      } else {
        collect(member.getValue(), path + "/" + name, lines);
      }
    }
    if (node.isArray()) {
      node.forEach(item -> collect(item, path, lines));
    }
  }

  /// What is said here and not there.
  TreeSet<String> without(Messages others) {
    TreeSet<String> rest = new TreeSet<>(lines);
    rest.removeAll(others.lines);
    return rest;
  }
}
