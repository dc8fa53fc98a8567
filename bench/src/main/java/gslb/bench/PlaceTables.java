package gslb.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// What the tables of places take: from a geo database to tables that serve, from what a node kept
/// of it, in memory, and in a whole node.
///
///     java @gslb.jvmopts -cp ... gslb.bench.PlaceTables [--json] [--pools N] <file>...
///
/// Several files are one list by priority. Each part runs in a process of its own with the same
/// options as this one, so that nothing is warm. The exit code is 64 for wrong arguments.
public final class PlaceTables {
  private PlaceTables() {}

  public static void main(String[] arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of(arguments));
    if (!words.isEmpty() && words.getFirst().equals("--part")) {
      PlaceTablesPart.run(words.subList(1, words.size()));
      return;
    }
    boolean json = words.remove("--json");
    int pools = pools(words);
    boolean areFiles =
        !words.isEmpty() && words.stream().allMatch(f -> Files.isRegularFile(Path.of(f)));
    if (pools < 1 || pools > NearestCatalog.POOLS_MAX || !areFiles) {
      System.err.println(
          "usage: PlaceTables [--json] [--pools 1.." + NearestCatalog.POOLS_MAX + "] <file>...");
      System.exit(64);
    }
    List<String> files = words.stream().map(f -> Path.of(f).toAbsolutePath().toString()).toList();
    Path folder = Files.createTempDirectory("gslb-place-tables");
    try {
      Map<String, String> all = new LinkedHashMap<>();
      for (String part : PlaceTablesPart.NAMES) {
        part(part, folder, pools, files).forEach((key, value) -> all.put(part + " " + key, value));
      }
      System.out.println(json ? json(files, pools, all) : text(files, pools, all));
    } finally {
      ZoneLoad.remove(folder);
    }
  }

  private static int pools(List<String> words) {
    int at = words.indexOf("--pools");
    if (at < 0) {
      return 12;
    }
    String number = at + 1 < words.size() ? words.remove(at + 1) : "";
    words.remove(at);
    return number.matches("\\d{1,3}") ? Integer.parseInt(number) : 0;
  }

  /// The lines that a process prints, by what stands before `=`.
  private static Map<String, String> part(String part, Path folder, int pools, List<String> files)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), PlaceTables.class.getName()));
    command.addAll(List.of("--part", part, folder.toString(), Integer.toString(pools)));
    command.addAll(files);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<String, String> said = new LinkedHashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          said.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
    }
    int exitCode = process.waitFor();
    if (exitCode != 0) {
      throw new IOException("part '" + part + "' ended with " + exitCode);
    }
    return said;
  }

  private static String text(List<String> files, int pools, Map<String, String> all) {
    StringBuilder text = new StringBuilder();
    text.append(String.join(", ", files)).append("; nearest of ").append(pools).append("\n\n");
    text.append("| what | |\n|---|---|\n");
    all.forEach(
        (key, value) -> text.append("| ").append(key).append(" | ").append(value).append(" |\n"));
    return text.toString();
  }

  private static String json(List<String> files, int pools, Map<String, String> all) {
    StringJoiner json = new StringJoiner(",", "{", "}");
    StringJoiner names = new StringJoiner(",", "[", "]");
    files.forEach(f -> names.add("\"" + f.replace("\\", "\\\\").replace("\"", "\\\"") + "\""));
    json.add("\"files\":" + names);
    json.add("\"pools\":" + pools);
    all.forEach((key, value) -> json.add("\"" + key + "\":" + value));
    return json.toString();
  }
}
