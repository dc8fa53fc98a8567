package gslb.trials.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tests that `docs/rfc.md` names see what they are named for: faults of the protocol, planted
/// one by one, are turned red by a test of the row that each breaks.
final class PlantedFaultsTest {
  private static final Path ROOT = Path.of(System.getProperty("gslb.root"));
  private static final int FAULTS_MIN = 24;
  private static final int RFCS_MIN = 15;
  private static final int PROCESSES = 2;
  private static final int WHY_LENGTH_MAX = 100;

  @TempDir Path folder;

  private static List<Fault> faults() throws IOException {
    return Fault.readAll(ROOT.resolve("trials/src/test/resources/faults/planted.txt"));
  }

  @Test
  void everyFaultFitsItsSourceItsRowAndTheProof() throws IOException {
    RfcRows rows = new RfcRows(ROOT.resolve("docs/rfc.md"));
    List<String> proof = Files.readAllLines(ROOT.resolve("docs/proof/planted-faults.md"));
    Set<String> names = new HashSet<>();
    Set<String> rfcs = new HashSet<>();
    List<String> problems = new ArrayList<>();
    for (Fault fault : faults()) {
      int count = fault.occurrences(Files.readString(ROOT.resolve(fault.source())));
      if (count != 1) {
        problems.add(fault.name() + ": its lines are " + count + " times in " + fault.source());
      }
      if (!rows.tests(fault.clause()).contains(fault.test())) {
        problems.add(fault.name() + ": no row " + fault.clause() + " that names " + fault.test());
      }
      if (!names.add(fault.name())) {
        problems.add(fault.name() + ": is there twice");
      }
      if (proof.stream().noneMatch(line -> line.startsWith(row(fault)))) {
        problems.add(fault.name() + ": not in docs/proof/planted-faults.md, repeat the proof");
      }
      rfcs.add(fault.clause().substring(0, fault.clause().indexOf(" §")));
    }
    assertThat(problems).isEmpty();
    assertThat(names).hasSizeGreaterThanOrEqualTo(FAULTS_MIN);
    assertThat(rfcs).hasSizeGreaterThanOrEqualTo(RFCS_MIN);
  }

  @Test
  @Tag("proof")
  void everyFaultIsTurnedRedByTheTestOfItsRow() throws Exception {
    List<Fault> faults = faults();
    Workbench workbench = new Workbench(ROOT, folder);
    Map<String, List<String>> tests = new TreeMap<>();
    for (String test : new TreeSet<>(faults.stream().map(Fault::test).toList())) {
      tests.computeIfAbsent(workbench.moduleOf(test), module -> new ArrayList<>()).add(test);
    }
    Map<String, Future<Workbench.Ending>> sound = new TreeMap<>();
    List<Future<Workbench.Ending>> planted = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(PROCESSES)) {
      tests.forEach(
          (module, some) -> sound.put(module, threads.submit(() -> workbench.run(module, some))));
      for (Fault fault : faults) {
        planted.add(threads.submit(() -> workbench.runWith(fault)));
      }
    }
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, Future<Workbench.Ending>> run : sound.entrySet()) {
      if (run.getValue().get().status() != TestRun.GREEN) {
        problems.add("not green without a fault: " + run.getKey() + ' ' + run.getValue().get());
      }
    }
    StringBuilder table = new StringBuilder("| fault | clause | test | failure |\n");
    table.append("|---|---|---|---|\n");
    for (int i = 0; i < faults.size(); i++) {
      Workbench.Ending ending = planted.get(i).get();
      if (ending.status() != TestRun.RED) {
        problems.add("not turned red: " + faults.get(i) + ' ' + ending);
      }
      table.append(row(faults.get(i))).append(shown(ending.why())).append(" |\n");
    }
    Files.writeString(ROOT.resolve("trials/target/planted-faults.md"), table);
    assertThat(problems).isEmpty();
  }

  /// The beginning of a fault's line in the table.
  private static String row(Fault fault) {
    return "| %s | %s | `%s` | ".formatted(fault.name(), fault.clause(), fault.test());
  }

  private static String shown(String why) {
    String end = why.length() > WHY_LENGTH_MAX ? "…" : "";
    String text = why.substring(0, Math.min(why.length(), WHY_LENGTH_MAX)).strip();
    return "`" + text.replace('`', '\'').replace("|", "\\|") + end + "`";
  }
}
