package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gslb.testkit.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What commands print that cannot do what they are asked for: with `--json` one object on standard
/// output, whoever says no, and the same lines and exit codes as without.
final class FailureTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path config;

  @BeforeEach
  void write() throws IOException {
    config =
        Files.writeString(
            folder.resolve("gslb.yaml"),
            "node: {state-directory: state}\nlisten: {admin: \"127.0.0.1:%d\"}\n"
                .formatted(FreePorts.one()));
    Files.createDirectories(folder.resolve("state"));
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  /// Fails as it does without `--json`, but for standard output.
  private JsonNode problem(int code, String... arguments) throws IOException {
    assertThat(run(arguments)).isEqualTo(code);
    assertThat(out.toString()).isEmpty();
    String lines = err.toString();
    assertThat(lines).isNotEmpty();
    String[] more = Arrays.copyOf(arguments, arguments.length + 1);
    more[arguments.length] = "--json";
    assertThat(run(more)).isEqualTo(code);
    assertThat(err).hasToString(lines);
    JsonNode problem = new ObjectMapper().readTree(out.toString());
    assertThat(problem.path("type").asText()).isEqualTo("about:blank");
    assertThat(problem.path("title").asText()).isNotEmpty();
    assertThat(problem.has("status")).isFalse();
    return problem;
  }

  private void writeToken(String token) throws IOException {
    Files.writeString(folder.resolve("state").resolve(StateDirectory.TOKEN_FILE), token);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "reload", "simulate", "status"})
  void aMissingFileIsJson(String verb) throws IOException {
    String missing = folder.resolve("none.yaml").toString();
    JsonNode problem = problem(78, verb, "-c", missing);
    assertThat(problem.path("title").asText()).isEqualTo("the configuration is wrong");
    assertThat(problem.path("diagnostics")).hasSize(1);
    JsonNode diagnostic = problem.path("diagnostics").get(0);
    assertThat(diagnostic.path("file").asText()).isEqualTo(missing);
    assertThat(diagnostic.path("severity").asText()).isEqualTo("error");
    assertThat(diagnostic.path("problem").asText()).contains("there is no such file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "reload", "simulate", "status"})
  void aMissingTokenIsJson(String verb) throws IOException {
    JsonNode problem = problem(69, verb, "-c", config.toString());
    assertThat(problem.path("detail").asText())
        .contains(StateDirectory.TOKEN_FILE + " does not exist");
    assertThat(problem.has("diagnostics")).isFalse();
  }

  @Test
  void aTokenThatIsNoneIsNoWrongCommandLine() throws IOException {
    writeToken("none");
    JsonNode problem = problem(69, "reload", "-c", config.toString());
    assertThat(problem.path("detail").asText()).contains("holds no token; restart the node");
    assertThat(err.toString()).doesNotContain("--help");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "reload", "simulate", "status"})
  void aNodeThatDoesNotRunIsJson(String verb) throws IOException {
    writeToken("ab".repeat(32));
    JsonNode problem = problem(69, verb, "-c", config.toString());
    assertThat(problem.path("title").asText()).isEqualTo("the node cannot be reached");
    assertThat(problem.path("detail").asText()).contains("no node answers");
  }

  @Test
  void whatIsWrongWithTwoFilesIsJson() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.yaml"), "nodes: {}\n");
    for (List<String> files :
        List.of(
            List.of(bad.toString(), config.toString()),
            List.of(config.toString(), bad.toString()))) {
      JsonNode problem = problem(78, "plan", "--from", files.getFirst(), "-c", files.getLast());
      assertThat(problem.path("diagnostics").get(0).path("problem").asText()).contains("'nodes'");
    }
  }

  @Test
  void aWrongCommandLineIsJson() throws IOException {
    assertThat(problem(64, "plan").path("detail").asText())
        .isEqualTo("give the new configuration by -c, or --running alone");
    assertThat(problem(64, "reload").path("title").asText()).isEqualTo("the command line is wrong");
    String file = config.toString();
    assertThat(
            problem(64, "simulate", "--offline", "-c", file, "--clients", folder + "/none")
                .path("detail")
                .asText())
        .contains("there is no such file");
  }

  @Test
  void aSimulationOfWhatThereIsNotIsJson() throws IOException {
    JsonNode problem = problem(1, "simulate", "--offline", "-c", config.toString(), "--down", "eu");
    assertThat(problem.path("detail").asText()).contains("'eu'");
  }
}
