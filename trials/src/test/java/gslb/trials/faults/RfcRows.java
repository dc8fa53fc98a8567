package gslb.trials.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The clauses of `docs/rfc.md` and the tests that their rows name.
final class RfcRows {
  private static final Pattern HEADING = Pattern.compile("^## (RFC \\d+)?.*");
  private static final Pattern ROW =
      Pattern.compile("^\\| ([^|]+) \\| ([a-z ]+) \\| ([^|]+) \\| (.+) \\|$");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /// Reads the zone files that rows name.
  private static final String ZONE_TEST = "ZoneCorpusTest.eachDefectIsReportedAtItsPlace";

  private final Map<String, Set<String>> testsByClause = new HashMap<>();

  /// @param page `docs/rfc.md`
  RfcRows(Path page) throws IOException {
    String rfc = "";
    for (String line : Files.readAllLines(page)) {
      Matcher heading = HEADING.matcher(line);
      Matcher row = ROW.matcher(line);
      if (heading.matches()) {
        rfc = heading.group(1) == null ? "" : heading.group(1) + " §";
      } else if (row.matches()) {
        String section = row.group(1);
        String place = section.startsWith("RFC ") ? section : rfc + section;
        Matcher code = CODE.matcher(row.group(4));
        Set<String> tests =
            testsByClause.computeIfAbsent(place + ": " + row.group(3), key -> new HashSet<>());
        while (code.find()) {
          tests.add(code.group(1).endsWith(".zone") ? ZONE_TEST : code.group(1));
        }
      }
    }
  }

  /// Tests of the row; none if there is no such row.
  ///
  /// @param clause `RFC 6891 §6.1.1: two OPT records: FORMERR`
  Set<String> tests(String clause) {
    return testsByClause.getOrDefault(clause, Set.of());
  }
}
