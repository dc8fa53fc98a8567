import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs google-java-format over every Java source below the current folder: `check` lists the
/// files that differ and exits 1, `apply` rewrites them.
final class Format {
  private Format() {}

  public static void main(String[] args) throws Exception {
    boolean check = !args[0].equals("apply");
    List<String> arguments =
        new ArrayList<>(
            check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
    try (var tree = Files.walk(Path.of("."))) {
      tree.map(Path::normalize)
          .filter(p -> p.toString().endsWith(".java") && !p.toString().contains("target/"))
          .map(Path::toString)
          .sorted()
          .forEach(arguments::add);
    }
    for (String file : arguments) {
      if (!file.startsWith("-") && !wrapDocLines(Path.of(file), check)) {
        System.err.println(file);
        System.exit(1);
      }
    }
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int status = new Main(out, err, System.in).format(arguments.toArray(String[]::new));
    if (check && status != 0) {
      System.err.println(
          "the files above are not in the project's format; run ./mvnw -q -Dformat -N verify");
    }
    System.exit(status);
  }

  /// Breaks `///` lines of over 100 columns; the formatter itself would turn their ends into plain
  /// comments. False if there are any and the file may not be changed.
  private static boolean wrapDocLines(Path file, boolean check) throws IOException {
    List<String> wrapped = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (String line : lines) {
      String rest = line;
      while (rest.length() > 100 && rest.strip().startsWith("///")) {
        int cut = rest.lastIndexOf(' ', 100);
        String indent = rest.substring(0, rest.indexOf("///"));
        if (cut <= indent.length() + 4) {
          break;
        }
        wrapped.add(rest.substring(0, cut));
        rest = indent + "/// " + rest.substring(cut + 1);
      }
      wrapped.add(rest);
    }
    if (wrapped.equals(lines)) {
      return true;
    }
    if (check) {
      return false;
    }
    Files.write(file, wrapped);
    return true;
  }
}
