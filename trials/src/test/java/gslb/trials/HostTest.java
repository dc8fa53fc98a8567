package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.node.HostResolver;
import gslb.node.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/// An endpoint that is given by a host name, in a node whose probes and answers are real.
final class HostTest {
  @TempDir Path folder;

  private static Set<String> answer(TestCluster cluster) throws IOException {
    return DnsClient.addresses(cluster.dns(1).ask("www.gslb.example", Type.A, "192.0.2.0/24"));
  }

  /// The least interval of resolutions is 10 s, so that this takes as long.
  @Test
  @Tag("proof")
  void answerFollowsTheAddressOfTheHostWithoutAGap() throws Exception {
    try (TestCluster cluster = new TestCluster(folder, 1)) {
      Path configuration = cluster.configuration(1);
      Files.writeString(
          configuration,
          Files.readString(configuration)
              .replaceAll("\\{address: 127\\.0\\.1\\d\\.1\\}", "{host: lb.example.net}"));
      AtomicReference<List<Address>> now = new AtomicReference<>(List.of(Address.of("127.0.10.1")));
      HostResolver resolver = _ -> new HostResolver.Resolved(now.get(), 1);
      Node.Edges real = Node.Edges.real();
      List<Set<String>> answers = Collections.synchronizedList(new ArrayList<>());
      try (Node node =
          Node.start(
              configuration.toString(),
              new Node.Edges(
                  real.clock(), real.files(), real.probe(), real.vantageCheck(), resolver))) {
        assertThat(answer(cluster)).containsExactly("127.0.10.1");
        now.set(List.of(Address.of("127.0.11.1")));
        TestCluster.await(
            "the answer follows",
            () -> {
              try {
                Set<String> got = answer(cluster);
                answers.add(got);
                return got.equals(Set.of("127.0.11.1"));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
        assertThat(answers).allMatch(a -> a.size() == 1);
        TestCluster.await(
            "the old address is not probed any more",
            () ->
                node.health().targets().stream()
                    .allMatch(t -> t.address().equals(Address.of("127.0.11.1"))));
        assertThat(answer(cluster)).containsExactly("127.0.11.1");
      }
      assertThat(Files.readString(folder.resolve("node1/state/hosts")))
          .contains("host lb.example.net. 127.0.11.1\n");
    }
  }
}
