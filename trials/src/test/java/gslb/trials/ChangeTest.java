package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What an operator changes under a running node: the geo database's file, the configuration.
final class ChangeTest {
  private static final Path ROOT = Path.of(System.getProperty("gslb.root"));

  @TempDir Path folder;

  private static Set<String> answer(TestCluster cluster, String prefix) {
    try {
      return DnsClient.addresses(cluster.dns(1).ask("www.gslb.example", Type.A, prefix));
    } catch (IOException e) {
      return Set.of(e.toString());
    }
  }

  /// The bundled file is flat; MaxMind's test file has the nested schema, knows 216.160.83.56/29 in
  /// the US, and does not know Japan's 133.11.0.0/16, which then gets the default.
  @Test
  void aDatabaseThatAnotherProcessRenamesOverTheOldOneIsTakenOver() throws Exception {
    try (TestCluster cluster = new TestCluster(folder, 1)) {
      cluster.geoDatabase = folder.resolve("country.mmdb");
      Files.copy(ROOT.resolve("deploy/geo/geo-whois-asn-country.mmdb"), cluster.geoDatabase);
      cluster.start(1);
      TestCluster.await(
          "Japan gets ap", () -> answer(cluster, "133.11.0.0/16").equals(Set.of("127.0.12.1")));

      Path next = folder.resolve("next.mmdb");
      Files.copy(
          ROOT.resolve(
              "steering/src/test/resources/gslb/steering/places/mmdb/GeoIP2-City-Test.mmdb"),
          next);
      assertThat(
              new ProcessBuilder("mv", next.toString(), cluster.geoDatabase.toString())
                  .start()
                  .waitFor())
          .isZero();
      TestCluster.await(
          "Japan gets the default",
          () -> answer(cluster, "133.11.0.0/16").equals(Set.of("127.0.10.1")));
      assertThat(answer(cluster, "216.160.83.56/32")).containsExactly("127.0.11.1");
    }
  }

  @Test
  void aRunningProcessReloadsOnHangupAndStopsOnTerminate() throws Exception {
    try (TestCluster cluster = new TestCluster(folder, 1)) {
      Path configuration = cluster.configuration(1);
      Process node = run(configuration);
      try {
        TestCluster.await("TTL is at most 10", () -> ttl(cluster) >= 1 && ttl(cluster) <= 10);
        String text = Files.readString(configuration);
        Files.writeString(configuration, text + "bogus: 1\n");
        signal(node, "HUP");
        TestCluster.await(
            "the refused reload is reported", () -> log().contains("unknown key 'bogus'"));
        assertThat(ttl(cluster)).isBetween(1L, 10L);
        Files.writeString(
            configuration, text.replace("ttl: {min: 1s, max: 10s}", "ttl: {min: 77s, max: 77s}"));
        signal(node, "HUP");
        TestCluster.await("TTL is 77", () -> ttl(cluster) == 77);
        signal(node, "TERM");
        assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(log()).contains("stopping");
      } finally {
        node.destroyForcibly();
      }
    }
  }

  private Process run(Path configuration) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + ROOT.resolve("gslb.jvmopts"),
                "-cp",
                System.getProperty("java.class.path"),
                "gslb.node.Main",
                "run",
                "-c",
                configuration.toString()))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static void signal(Process process, String name) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor())
        .isZero();
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static long ttl(TestCluster cluster) {
    try {
      Message reply = cluster.dns(1).ask("www.gslb.example", Type.A);
      return reply.getSection(Section.ANSWER).isEmpty()
          ? -1
          : reply.getSection(Section.ANSWER).getFirst().getTTL();
    } catch (IOException e) {
      return -1;
    }
  }
}
