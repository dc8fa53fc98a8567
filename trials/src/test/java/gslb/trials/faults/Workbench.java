package gslb.trials.faults;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Compiles single source files beside the built classes and runs tests of the modules on them, in
/// processes of their own.
final class Workbench {
  /// Where tests are looked for.
  static final List<String> MODULES = List.of("zones", "gslb-dns");

  private static final int SECONDS_MAX = 60;

  /// Characters shown of what a process wrote.
  private static final int SHOWN_MAX = 2_000;

  private final Path root;
  private final Path scratch;

  /// @param scratch an empty folder
  Workbench(Path root, Path scratch) {
    this.root = root;
    this.scratch = scratch;
  }

  /// How tests ended: a status of {@link TestRun}, what it said of the first failure, and the end
  /// of its output.
  record Ending(int status, String why, String output) {}

  /// Runs the test of a fault on the classes with the fault.
  Ending runWith(Fault fault) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(scratch, "fault");
    Path classes = Files.createDirectory(folder.resolve("classes"));
    String text = Files.readString(root.resolve(fault.source()));
    if (fault.occurrences(text) != 1) {
      return new Ending(TestRun.BROKEN, "its lines are not in " + fault.source() + " once", "");
    }
    Path patched = folder.resolve(Path.of(fault.source()).getFileName());
    Files.writeString(patched, fault.plantedIn(text));
    String problem = compile(patched, classes);
    return problem.isEmpty()
        ? run(moduleOf(fault.test()), List.of(fault.test()), List.of(classes.toString()))
        : new Ending(TestRun.BROKEN, "does not compile", problem);
  }

  /// Runs tests of one module on the classes as they are built.
  ///
  /// @param tests `Class.method` of each
  Ending run(String module, List<String> tests) throws IOException, InterruptedException {
    return run(module, tests, List.of());
  }

  /// What the compiler has against the source; empty if it compiles.
  private static String compile(Path source, Path classes) throws IOException {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    List<String> options =
        List.of(
            "--release",
            "25",
            "-proc:none",
            "-nowarn",
            "-d",
            classes.toString(),
            "-cp",
            System.getProperty("java.class.path"));
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      boolean compiles =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      return compiles ? "" : "javac: " + said;
    }
  }

  private Ending run(String module, List<String> tests, List<String> planted)
      throws IOException, InterruptedException {
    Path folder = root.resolve(module);
    List<String> classPath = new ArrayList<>(planted);
    classPath.add(folder.resolve("target/test-classes").toString());
    classPath.add(System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + root.resolve("gslb.jvmopts"));
    command.add("-ea");
    // Each runs for about a second: no time for the second compiler.
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dstdout.encoding=UTF-8");
    command.add("-Dgslb.root=" + root);
    command.add("-Djava.util.logging.config.file=" + root.resolve("testkit/logging.properties"));
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath));
    command.add(TestRun.class.getName());
    for (String test : tests) {
      command.add(fullName(folder.resolve("src/test/java"), test));
    }
    Path output = Files.createTempFile(scratch, "tests", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
      String said = Files.readString(output);
      return new Ending(
          ended ? process.exitValue() : TestRun.BROKEN,
          ended ? why(said) : "no end in " + SECONDS_MAX + " s",
          said.substring(Math.max(0, said.length() - SHOWN_MAX)));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String why(String output) {
    return output
        .lines()
        .filter(line -> line.startsWith(TestRun.WHY))
        .map(line -> line.substring(TestRun.WHY.length()))
        .findFirst()
        .orElse("");
  }

  /// The module that has the class of a test.
  String moduleOf(String test) throws IOException {
    for (String module : MODULES) {
      if (!sources(root.resolve(module).resolve("src/test/java"), test).isEmpty()) {
        return module;
      }
    }
    throw new IOException(test + " is in none of " + MODULES);
  }

  private static List<Path> sources(Path tree, String test) throws IOException {
    String file = test.substring(0, test.indexOf('.')) + ".java";
    try (Stream<Path> all = Files.walk(tree)) {
      return all.filter(path -> path.endsWith(file)).toList();
    }
  }

  private static String fullName(Path tree, String test) throws IOException {
    String source = tree.relativize(sources(tree, test).getFirst()).toString();
    String type = source.substring(0, source.length() - ".java".length());
    return type.replace(File.separatorChar, '.') + test.substring(test.indexOf('.'));
  }
}
