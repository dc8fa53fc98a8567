package gslb.config;

import java.util.Map;

/// The page of the operator's guide that lists every key.
public final class ReferencePage {
  private static final String START =
      """
      # Configuration

      Made from the schema that the loader uses; `deploy/gslb.schema.json` is the same for editors.

      One YAML 1.2 file, with further ones by `include`. Keys that are not listed here are errors.
      All problems are reported together as `file:line:column: what is wrong; the rule; what to do`;
      nothing of a configuration with an error is used. Anchors, aliases and tags are not used.

      Names that you give (in capitals below) begin with a letter and hold up to 63 letters, digits,
      `-`, `_` and `.`. Durations have a unit: `500ms`, `5s`, `2m`, `1h`. File names are relative to
      the file they are written in.
      """;

  private ReferencePage() {}

  /// The page in Markdown.
  public static String text() {
    StringBuilder text = new StringBuilder(START);
    for (Map.Entry<String, Section> entry : SchemaPaths.sections().entrySet()) {
      addSection(text, entry.getKey(), entry.getValue());
    }
    return text.toString();
  }

  private static void addSection(StringBuilder text, String path, Section section) {
    text.append("\n## ").append(heading(path)).append("\n\n").append(section.doc());
    if (path.equals(SchemaPaths.POLICY)) {
      text.append(" Wherever a policy stands, it is a pool's name, a list (the first available")
          .append(" child; an empty list answers no address), or a map with exactly one of")
          .append(" `weighted`, `sticky`, `nearest`, `all`, `geo` and `policy`.");
    }
    text.append("\n\n| Key | Value | Default | Meaning |\n| --- | --- | --- | --- |\n");
    for (Key<?> key : section.keys()) {
      String otherwise =
          key.isRequired()
              ? "required"
              : key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`";
      text.append("| `").append(key.name()).append("` | ");
      text.append(cell(key.type().words())).append(" | ").append(otherwise).append(" | ");
      text.append(cell(key.doc())).append(" |\n");
    }
  }

  private static String heading(String path) {
    return path.isEmpty() ? "The file" : "`" + path + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }
}
