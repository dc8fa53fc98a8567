package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Prefix;
import gslb.testkit.MmdbWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

  /// A quarter of all addresses each.
  private static byte[] world(String ofJapan) {
    return MmdbWriter.write(
        4,
        24,
        Map.of(
            Prefix.of("0.0.0.0/2"), Map.of("country_code", "DE"),
            Prefix.of("128.0.0.0/2"), Map.of("country_code", ofJapan)));
  }

  private static void rename(Path from, Path to) throws Exception {
    assertThat(new ProcessBuilder("mv", from.toString(), to.toString()).start().waitFor()).isZero();
  }

  @Test
  void geoFilesThatAnotherProcessReplacesAreTakenOverOnceTheyAreGood() throws Exception {
    try (TestCluster cluster = new TestCluster(folder, 1)) {
      Path networks = folder.resolve("networks.yaml");
      Path database = folder.resolve("country.mmdb");
      Path next = folder.resolve("next.mmdb");
      cluster.networks = Files.writeString(networks, "office: [20.0.0.0/16]\n");
      cluster.geoDatabase = Files.write(database, world("JP"));
      cluster.start(1);
      TestCluster.await(
          "Japan gets ap", () -> answer(cluster, "133.11.0.0/16").equals(Set.of("127.0.12.1")));
      assertThat(answer(cluster, "20.0.1.0/24")).containsExactly("127.0.12.1");
      assertThat(answer(cluster, "20.1.1.0/24")).containsExactly("127.0.10.1");

      Files.write(next, Arrays.copyOf(world("BR"), 60));
      rename(next, database);
      Files.writeString(networks, "ofice: [20.1.0.0/16]\n");
      TestCluster.await(
          "both are refused",
          () -> refusals(cluster, database) == 1 && refusals(cluster, networks) == 1);
      assertThat(answer(cluster, "133.11.0.0/16")).containsExactly("127.0.12.1");
      assertThat(answer(cluster, "20.0.1.0/24")).containsExactly("127.0.12.1");

      Files.write(next, world("BR"));
      rename(next, database);
      Files.writeString(networks, "office: [20.1.0.0/16]\n");
      TestCluster.await(
          "what was Japan gets the pool of South America",
          () -> answer(cluster, "133.11.0.0/16").equals(Set.of("127.0.11.1")));
      TestCluster.await(
          "the office has moved",
          () -> answer(cluster, "20.1.1.0/24").equals(Set.of("127.0.12.1")));
      assertThat(answer(cluster, "20.0.1.0/24")).containsExactly("127.0.10.1");
    }
  }

  /// Refusals of a geo file.
  private static long refusals(TestCluster cluster, Path file) {
    String start = "gslb_geo_file_refusals_total{file=\"" + file + "\"} ";
    return cluster
        .metrics(1)
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToLong(line -> Long.parseLong(line.substring(start.length())))
        .findFirst()
        .orElse(-1);
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
