package gslb.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import gslb.base.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MemberLinkTest {
  private static final ClusterSecret SECRET = new ClusterSecret(new byte[32]);

  private static int freePort(String address) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
      return socket.getLocalPort();
    }
  }

  private static List<ClusterSettings> cluster(int size) throws IOException {
    List<ClusterSettings.Member> members = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      String address = "127.0.0." + i;
      members.add(
          new ClusterSettings.Member(
              "n" + i, i, Address.of(address), freePort(address), "site" + i));
    }
    return members.stream().map(m -> new ClusterSettings("link-test", m, members, SECRET)).toList();
  }

  private static MemberLink.Listener into(BlockingQueue<byte[]> queue) {
    return new MemberLink.Listener() {
      @Override
      public void received(byte[] message) {
        queue.add(message);
      }

      @Override
      public void membersChanged(Set<String> present) {}
    };
  }

  /// Sends until the other side has heard something: the first messages of a member that has not
  /// joined yet reach nobody.
  private static byte[] awaitMessage(MemberLink from, BlockingQueue<byte[]> heard, String text)
      throws InterruptedException {
    for (int i = 0; i < 300; i++) {
      from.send(text.getBytes(US_ASCII));
      byte[] message = heard.poll(100, TimeUnit.MILLISECONDS);
      if (message != null) {
        return message;
      }
    }
    throw new AssertionError("nothing heard");
  }

  @Test
  void membersHearEachOtherButNotThemselvesAndLeaveNothingBehind() throws Exception {
    List<ClusterSettings> settings = cluster(2);
    BlockingQueue<byte[]> heardByFirst = new LinkedBlockingQueue<>();
    BlockingQueue<byte[]> heardBySecond = new LinkedBlockingQueue<>();
    try (MemberLink first = new MemberLink(settings.get(0), into(heardByFirst));
        MemberLink second = new MemberLink(settings.get(1), into(heardBySecond))) {
      first.start();
      second.start();
      assertThat(awaitMessage(first, heardBySecond, "to second")).asString().isEqualTo("to second");
      assertThat(awaitMessage(second, heardByFirst, "to first")).asString().isEqualTo("to first");
      assertThat(first.present()).isEqualTo(Set.of("n1", "n2"));
      assertThat(heardByFirst).allSatisfy(m -> assertThat(m).asString().isEqualTo("to first"));
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("cluster-n"));
  }

  @Test
  void aClientThatKnowsTheClustersNameIsNotLetIn() throws Exception {
    ClusterSettings settings = cluster(1).getFirst();
    BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
    try (MemberLink link = new MemberLink(settings, into(heard))) {
      link.start();
      for (int i = 0; i < 300 && link.present().isEmpty(); i++) {
        heard.poll(100, TimeUnit.MILLISECONDS);
      }
      assertThat(link.present()).containsExactly("n1");
      ClientConfig client = new ClientConfig();
      client.setClusterName(settings.name());
      client.getNetworkConfig().addAddress("127.0.0.1:" + settings.self().port());
      client
          .getConnectionStrategyConfig()
          .getConnectionRetryConfig()
          .setClusterConnectTimeoutMillis(1_500);
      assertThatThrownBy(() -> HazelcastClient.newHazelcastClient(client))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aMemberAloneQueuesAndDropsButNeverBlocks() throws Exception {
    ClusterSettings settings = cluster(1).getFirst();
    try (MemberLink link = new MemberLink(settings, into(new LinkedBlockingQueue<>()))) {
      for (int i = 0; i < MemberLink.OUTBOUND_QUEUE_MAX + 10; i++) {
        link.send(new byte[] {1});
      }
      assertThat(link.droppedCount()).isEqualTo(10);
      link.start();
    }
  }
}
