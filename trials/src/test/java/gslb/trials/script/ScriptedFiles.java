package gslb.trials.script;

import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.config.FileSource;
import gslb.testkit.MmdbWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The files that a script writes, in memory. The path of one is the script's name and the file's,
/// so that diagnostics lead to the script.
final class ScriptedFiles implements FileSource {
  static final String MAIN = "config";
  private static final String ZONES = "zones";

  private final String script;
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, byte[]> databases = new TreeMap<>();
  private final Map<String, String> zones = new LinkedHashMap<>();

  ScriptedFiles(String script) {
    this.script = script;
    write(MAIN, "");
  }

  String mainFile() {
    return path("main");
  }

  /// The geo databases by path.
  Map<String, byte[]> databases() {
    return databases;
  }

  private String path(String name) {
    return script + "#" + name;
  }

  private void write(String name, String text) {
    files.put(path(name), text.getBytes(StandardCharsets.UTF_8));
  }

  void write(Step.Write file) {
    switch (file.kind()) {
      case CONFIG -> write(MAIN, file.text());
      case FILE -> write(file.name(), file.text().stripLeading());
      case ZONE -> {
        write(file.name() + ".zone", file.text());
        zones.put(file.name(), "  %s: {file: %s.zone}\n".formatted(file.name(), file.name()));
        write(ZONES, "zones:\n" + String.join("", zones.values()));
      }
      case PLACES -> {
        byte[] database = database(file);
        files.put(path(file.name()), database);
        databases.put(path(file.name()), database);
      }
    }
    boolean hasConfig = !text(MAIN).isBlank();
    write(
        "main",
        "include: [%s]\n"
            .formatted(zones.isEmpty() ? MAIN : hasConfig ? MAIN + ", " + ZONES : ZONES));
  }

  private String text(String name) {
    return new String(files.getOrDefault(path(name), new byte[0]), StandardCharsets.UTF_8);
  }

  private static final long NUMBER_LAST = 0xffff_ffffL;

  /// Lines of `PREFIX [CONTINENT/COUNTRY[/SUBDIVISION]…] [LATITUDE LONGITUDE] [city N] [asn N]`.
  private static byte[] database(Step.Write file) {
    Map<Prefix, Map<String, Object>> records = new TreeMap<>();
    List<String> lines = file.text().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      Words words = new Words(new SourceSpan(file.where().file(), i + 1, 0), lines.get(i).strip());
      String prefix = words.next("a prefix");
      Map<String, Object> record = record(words);
      records.put(
          Prefix.parse(prefix).orElseThrow(() -> words.error("'" + prefix + "' is no prefix", "")),
          record);
    }
    return MmdbWriter.write(6, 28, records);
  }

  private static Map<String, Object> record(Words words) {
    Map<String, Object> record = new LinkedHashMap<>();
    if (!isNumbered(words)) {
      String[] place = words.next("a continent and a country").split("/", -1);
      record.put("continent_code", place[0]);
      if (place.length > 1) {
        record.put("country_code", place[1]);
      }
      if (place.length > 2) {
        record.put(
            "subdivisions",
            Arrays.stream(place).skip(2).map(code -> Map.of("iso_code", code)).toList());
      }
    }
    if (!words.isEmpty() && !isNumbered(words)) {
      record.put("latitude", Float.parseFloat(words.next("a latitude")));
      record.put("longitude", Float.parseFloat(words.next("a longitude")));
    }
    if (words.takes("city")) {
      record.put("city", Map.of("geoname_id", number(words, "geoname id")));
    }
    if (words.takes("asn")) {
      record.put("autonomous_system_number", number(words, "AS number"));
    }
    words.end();
    return record;
  }

  private static boolean isNumbered(Words words) {
    return words.peek().equals("city") || words.peek().equals("asn");
  }

  /// As the unsigned number of 32 bits that databases have.
  private static int number(Words words, String what) {
    String word = words.next(what);
    try {
      long number = Long.parseLong(word);
      if (number >= 1 && number <= NUMBER_LAST) {
        return (int) number;
      }
    } catch (NumberFormatException _) {
      // the message below says it
    }
    throw words.error("'" + word + "' is no " + what, "it is a number from 1 to " + NUMBER_LAST);
  }

  @Override
  public String resolve(String fromFile, String path) {
    return path(path);
  }

  @Override
  public byte[] read(String path, int lengthMax) throws IOException {
    byte[] bytes = files.get(path);
    if (bytes == null) {
      throw new IOException("the script writes no such file");
    }
    return Arrays.copyOf(bytes, Math.min(bytes.length, lengthMax));
  }

  @Override
  public Optional<String> unreadable(String path) {
    return files.containsKey(path)
        ? Optional.empty()
        : Optional.of("the script writes no such file");
  }

  @Override
  public boolean isReadableByAll(String path) {
    return false;
  }

  @Override
  public List<String> glob(String pattern) {
    return files.containsKey(pattern) ? List.of(pattern) : List.of();
  }
}
