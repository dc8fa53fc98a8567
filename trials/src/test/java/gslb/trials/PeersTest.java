package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Debian's own tools against a running node: `dig`, `kdig`, `curl`, and `unbound` and BIND in
/// front of it.
final class PeersTest {
  @TempDir Path folder;

  private TestCluster cluster;

  @BeforeEach
  void startNode() throws Exception {
    cluster = new TestCluster(folder, 1);
    cluster.start(1);
  }

  @AfterEach
  void stopNode() {
    cluster.close();
  }

  private String[] at(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "@" + TestCluster.nodeAddress(1);
    all[1] = "-p";
    all[2] = String.valueOf(cluster.dns(1).server().getPort());
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return all;
  }

  /// The prefixes' countries: Deutsche Telekom, Apple, UOL, the University of Tokyo.
  @ParameterizedTest
  @CsvSource({
    "91.12.0.0/16, 127.0.10.1",
    "17.0.0.0/16, 127.0.11.1",
    "200.147.0.0/16, 127.0.11.1",
    "133.11.0.0/16, 127.0.12.1",
    "2003:c0::/32, 127.0.10.1"
  })
  void digGetsThePoolOfTheClientsPlace(String subnet, String address) throws Exception {
    String answer =
        Peer.named("dig").run(at("www.gslb.example", "A", "+subnet=" + subnet, "+norec"));
    assertThat(answer)
        .contains("status: NOERROR", "flags: qr aa;", "CLIENT-SUBNET: " + subnet + "/")
        .containsPattern("www\\.gslb\\.example\\.\\s+\\d+\\s+IN\\s+A\\s+" + address + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"+notcp", "+tcp"})
  void kdigReadsStaticAndNegativeAnswers(String transport) throws Exception {
    Peer kdig = Peer.named("kdig");
    assertThat(kdig.run(at("static.gslb.example", "A", transport)))
        .contains("status: NOERROR", "192.0.2.80");
    assertThat(kdig.run(at("none.gslb.example", "A", transport)))
        .contains("status: NXDOMAIN", "SOA");
    assertThat(kdig.run(at("www.gslb.example", "AAAA", transport)))
        .contains("status: NOERROR", "ANSWER: 0", "SOA");
    assertThat(kdig.run(at("x.wild.gslb.example", "TXT", transport)))
        .contains("x.wild.gslb.example.", "\"any\"");
    assertThat(kdig.run(at("example.org", "A", transport))).contains("status: REFUSED");
  }

  @Test
  void curlIsRedirectedWithPathAndQueryUntouched() throws Exception {
    String reply =
        Peer.named("curl")
            .run(
                "-s",
                "-i",
                "--path-as-is",
                "-H",
                "Host: www.gslb.example",
                "http://"
                    + TestCluster.nodeAddress(1)
                    + ":"
                    + cluster.http(1).getPort()
                    + "/a/../b%2F?c=d&e=%20");
    assertThat(reply)
        .startsWith("HTTP/1.1 302")
        .contains("Location: http://127.0.10.1:" + cluster.poolPort() + "/a/../b%2F?c=d&e=%20\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "yes"})
  void unboundResolvesSteeredAndStaticNames(String overTcp) throws Exception {
    Peer dig = Peer.named("dig");
    int port = FreePorts.one();
    Process unbound = startUnbound(port, overTcp);
    try {
      String[] server = {"@127.0.0.1", "-p", String.valueOf(port), "+timeout=2", "+tries=1"};
      TestCluster.await(
          "unbound answers", () -> run(dig, server, "static.gslb.example").contains("192.0.2.80"));
      // Twice each: the second comes from the subnet cache, and must not be the other place's.
      for (int round = 0; round < 2; round++) {
        assertThat(run(dig, server, "www.gslb.example", "+subnet=91.12.0.0/24"))
            .contains("NOERROR", "127.0.10.1");
        assertThat(run(dig, server, "www.gslb.example", "+subnet=133.11.0.0/24"))
            .contains("NOERROR", "127.0.12.1");
        assertThat(run(dig, server, "alias.gslb.example", "+subnet=133.11.0.0/24"))
            .contains("NOERROR", "CNAME", "127.0.12.1");
      }
      assertThat(run(dig, server, "none.gslb.example")).contains("NXDOMAIN");
      assertThat(run(dig, server, "www.gslb.example", "AAAA")).contains("NOERROR", "ANSWER: 0");
    } finally {
      unbound.destroy();
      assertThat(unbound.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  /// BIND sends a cookie and no client subnet: the pool is the one for its own address.
  @Test
  void bindResolvesSteeredAndStaticNames() throws Exception {
    Peer dig = Peer.named("dig");
    int port = FreePorts.one();
    Process named = startNamed(port);
    try {
      String[] server = {"@127.0.0.1", "-p", String.valueOf(port), "+timeout=2", "+tries=1"};
      TestCluster.await(
          "named answers", () -> run(dig, server, "static.gslb.example").contains("192.0.2.80"));
      assertThat(run(dig, server, "www.gslb.example")).contains("NOERROR", "ANSWER: 1", "127.0.1");
      assertThat(run(dig, server, "alias.gslb.example")).contains("NOERROR", "CNAME", "127.0.1");
      assertThat(run(dig, server, "x.wild.gslb.example", "TXT")).contains("NOERROR", "\"any\"");
      assertThat(run(dig, server, "none.gslb.example")).contains("NXDOMAIN");
      assertThat(run(dig, server, "www.gslb.example", "AAAA")).contains("NOERROR", "ANSWER: 0");
    } finally {
      named.destroy();
      assertThat(named.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  /// It listens at a port of its own; what `port` says is then the port that it asks.
  private Process startNamed(int port) throws IOException {
    Path configuration = folder.resolve("named.conf");
    Files.writeString(
        configuration,
        """
        options {
          directory "%s";
          pid-file none;
          session-keyfile none;
          port %d;
          listen-on port %d { 127.0.0.1; };
          listen-on-v6 { none; };
          recursion yes;
          dnssec-validation no;
        };
        controls { };
        zone "gslb.example" { type static-stub; server-addresses { %s; }; };
        """
            .formatted(
                folder, cluster.dns(1).server().getPort(), port, TestCluster.nodeAddress(1)));
    return Peer.named("named")
        .start(folder.resolve("named.log"), "-g", "-n", "1", "-c", configuration.toString());
  }

  private static String run(Peer dig, String[] server, String... question) {
    String[] all = new String[server.length + question.length];
    System.arraycopy(server, 0, all, 0, server.length);
    System.arraycopy(question, 0, all, server.length, question.length);
    try {
      return dig.run(all);
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }

  private Process startUnbound(int port, String overTcp) throws IOException {
    Path configuration = folder.resolve("unbound.conf");
    Files.writeString(
        configuration,
        """
        server:
          interface: 127.0.0.1
          port: %d
          do-daemonize: no
          username: ""
          chroot: ""
          directory: "%s"
          pidfile: ""
          use-syslog: no
          num-threads: 1
          do-not-query-localhost: no
          module-config: "subnetcache iterator"
          send-client-subnet: 127.0.0.0/8
          client-subnet-always-forward: yes
          access-control: 127.0.0.0/8 allow
          tcp-upstream: %s
        remote-control:
          control-enable: no
        stub-zone:
          name: gslb.example
          stub-addr: %s@%d
        """
            .formatted(
                port,
                folder,
                overTcp,
                TestCluster.nodeAddress(1),
                cluster.dns(1).server().getPort()));
    return Peer.named("unbound")
        .start(folder.resolve("unbound.log"), "-c", configuration.toString());
  }
}
