package gslb.trials.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The example of `docs/scripts.md` is a script that holds.
final class ScriptDocTest {
  private static final Path PAGE = Path.of(System.getProperty("gslb.root"), "docs/scripts.md");
  private static final String FENCE = "```dns-script\n";

  private static Script example() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(FENCE) + FENCE.length();
    return ScriptReader.read("scripts.md", page.substring(from, page.indexOf("```", from)));
  }

  @Test
  void theExampleHoldsDirectly() throws Exception {
    assertThat(Performance.of(example(), DirectWay::new).failures()).isEmpty();
  }

  @Test
  void theExampleHoldsOverLoopback() throws Exception {
    assertThat(Performance.of(example(), LoopbackWay::new).failures()).isEmpty();
  }
}
