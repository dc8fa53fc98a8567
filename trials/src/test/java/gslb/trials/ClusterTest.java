package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Clock;
import gslb.health.NetworkProbe;
import gslb.health.Observation;
import gslb.health.Probe;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/// Three nodes in three sites, real sockets, real Hazelcast: who leaves a dead pool, and who does
/// not believe a liar. Order and end state; times are measured by `gslb demo --nodes 3 --lab`.
final class ClusterTest {
  private static final String GERMAN = "91.12.0.0/16";

  @TempDir Path folder;

  /// The pool that a node answers a German client with, over DNS.
  private static String dnsPool(TestCluster cluster, int node) {
    try {
      Set<String> addresses =
          DnsClient.addresses(cluster.dns(node).ask("www.gslb.example", Type.A, GERMAN));
      return addresses.size() == 1 ? poolOf(addresses.iterator().next()) : addresses.toString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String poolOf(String address) {
    return address.startsWith("127.0.1")
        ? TestCluster.POOLS.get(address.charAt("127.0.1".length()) - '0')
        : address;
  }

  /// The pool that a node redirects this machine to; loopback has no place, so it is the nearest in
  /// written order: eu first.
  private static String httpPool(TestCluster cluster, int node) {
    try (Socket socket =
        new Socket(cluster.http(node).getAddress(), cluster.http(node).getPort())) {
      socket.setSoTimeout(2_000);
      socket
          .getOutputStream()
          .write(
              "GET /x?y HTTP/1.1\r\nHost: www.gslb.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(reply).startsWith("HTTP/1.1 " + HttpURLConnection.HTTP_MOVED_TEMP);
      int location = reply.indexOf("Location: http://") + "Location: http://".length();
      return poolOf(reply.substring(location, reply.indexOf(':', location)));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void awaitPool(TestCluster cluster, String pool, int... nodes)
      throws InterruptedException {
    for (int node : nodes) {
      TestCluster.await(
          "node " + node + " answers " + pool + " over DNS and HTTP",
          () -> dnsPool(cluster, node).equals(pool) && httpPool(cluster, node).equals(pool));
    }
  }

  private static void awaitMembers(TestCluster cluster, int size, int... nodes)
      throws InterruptedException {
    for (int node : nodes) {
      TestCluster.await(
          "node " + node + " hears " + size + " nodes", () -> cluster.freshNodes(node) == size);
    }
  }

  @Test
  void everyNodeLeavesADeadPoolAndComesBackAndADeadNodeChangesNothing() throws Exception {
    try (TestCluster cluster = new TestCluster(folder, 3)) {
      for (int i = 1; i <= 3; i++) {
        cluster.start(i);
      }
      awaitMembers(cluster, 3, 1, 2, 3);
      awaitPool(cluster, "eu", 1, 2, 3);

      cluster.pool("eu").kill();
      awaitPool(cluster, "us", 1, 2, 3);
      cluster.pool("eu").revive();
      awaitPool(cluster, "eu", 1, 2, 3);

      cluster.stop(3);
      awaitMembers(cluster, 2, 1, 2);
      assertThat(dnsPool(cluster, 1)).isEqualTo("eu");
      assertThat(dnsPool(cluster, 2)).isEqualTo("eu");
      cluster.pool("eu").kill();
      awaitPool(cluster, "us", 1, 2);
      cluster.start(3);
      awaitMembers(cluster, 3, 1, 2, 3);
      awaitPool(cluster, "us", 1, 2, 3);
    }
  }

  @Test
  void oneNodeThatSeesAPoolDownAloneChangesNobodysAnswer() throws Exception {
    Clock clock = Clock.system();
    Probe honest = new NetworkProbe(clock, "test");
    AtomicBoolean blind = new AtomicBoolean();
    try (TestCluster cluster = new TestCluster(folder, 3)) {
      String eu = cluster.pool("eu").address();
      Probe faulty =
          (target, deadline) -> {
            Observation seen = honest.probe(target, deadline);
            return blind.get() && target.address().toString().equals(eu)
                ? Observation.failed(
                    Observation.Failure.CONNECT_REFUSED,
                    "planted",
                    seen.startedNanos(),
                    seen.endedNanos())
                : seen;
          };
      cluster.start(1, faulty);
      cluster.start(2);
      cluster.start(3);
      awaitMembers(cluster, 3, 1, 2, 3);
      awaitPool(cluster, "eu", 1, 2, 3);

      blind.set(true);
      // Its peers hold its vote against eu, and have held two later digests of it.
      for (int node = 1; node <= 3; node++) {
        int observer = node;
        TestCluster.await(
            "node " + node + " knows that n1 votes against eu",
            () -> cluster.votesDown(observer, "n1", eu));
      }
      for (int round = 0; round < 20; round++) {
        for (int node = 1; node <= 3; node++) {
          assertThat(dnsPool(cluster, node)).isEqualTo("eu");
          assertThat(httpPool(cluster, node)).isEqualTo("eu");
        }
      }
      // A second witness makes it two sites of three.
      cluster.pool("eu").kill();
      awaitPool(cluster, "us", 1, 2, 3);
    }
  }
}
