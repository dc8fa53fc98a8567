package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// What the launcher runs: the folder of jars, and not the class path of the tests.
final class PackagedTest {
  private static final Path ROOT = Path.of(System.getProperty("gslb.root", ".."));

  @Test
  void theJarsByThemselvesCheckTheExample() throws Exception {
    Path jars = ROOT.resolve("node/target/app/lib");
    if (!Files.isDirectory(jars)) {
      assertThat(System.getenv("CI")).as("'%s' is built before trials", jars).isNull();
      Assumptions.abort("node is not packaged");
    }
    Process check =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + ROOT.resolve("gslb.jvmopts"),
                "-Dgslb.home=" + ROOT,
                "-cp",
                jars + "/*",
                "gslb.node.Main",
                "check",
                "-q",
                "-c",
                ROOT.resolve("deploy/gslb.yaml").toString())
            .redirectErrorStream(true)
            .start();
    check.getOutputStream().close();
    String printed = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(check.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(check.exitValue()).as(printed).isZero();
  }
}
