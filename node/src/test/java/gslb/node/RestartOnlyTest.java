package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.config.ConfigLoader;
import gslb.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RestartOnlyTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeZone() throws IOException {
    Files.writeString(
        folder.resolve("zone"),
        "@ 60 SOA ns1 hostmaster 1 3600 600 604800 60\n@ 60 NS ns1\nns1 60 A 192.0.2.53\n");
  }

  private Configuration load(Path file) {
    Diagnostics diagnostics = new Diagnostics();
    return ConfigLoader.load(new DiskFiles(), file.toString(), diagnostics)
        .orElseThrow(() -> new AssertionError(diagnostics.sorted().toString()));
  }

  private Path write(String name, String sections) throws IOException {
    return Files.writeString(
        folder.resolve(name), sections + "\nzones: {gslb.example: {file: zone}}\n");
  }

  private static List<String> warnings(RestartOnly started, Configuration next) {
    Diagnostics diagnostics = new Diagnostics();
    started.compare(next, diagnostics);
    return diagnostics.sorted().stream().map(Diagnostic::problem).toList();
  }

  @Test
  void sameFileByAnotherPathIsNoChange() throws IOException {
    Path file = write("gslb.yaml", "node: {name: fra1, state-directory: state}");
    Path relative = Path.of("").toAbsolutePath().relativize(file);
    assertThat(warnings(RestartOnly.of(load(relative)), load(file))).isEmpty();
  }

  @Test
  void everySectionThatIsAnotherIsNamed() throws IOException {
    RestartOnly started = RestartOnly.of(load(write("old.yaml", "node: {name: fra1}")));
    Configuration next =
        load(
            write(
                "new.yaml",
                """
                node: {name: fra2}
                listen: {dns: ["127.0.0.1:5300"], http: ["127.0.0.1:8080"], admin: "127.0.0.1:8054"}
                dns: {tcp: {idle: 3s}}
                """));
    assertThat(warnings(started, next))
        .containsExactlyInAnyOrder(
            "'node' has changed",
            "'listen: dns' has changed",
            "'dns: tcp' has changed",
            "'listen: http' has changed",
            "'listen: admin' has changed");
    assertThat(warnings(RestartOnly.of(next), next)).isEmpty();
  }
}
