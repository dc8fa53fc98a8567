package gslb.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.Counters;
import gslb.base.Prefix;
import gslb.base.ProxyHeader;
import gslb.dns.QueryContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One thread is client and server by turns; what it allocates while it serves is counted. Until
/// the compiler has seen to the foreign calls they allocate, so windows are counted until one is
/// clean.
final class UdpAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WINDOWS_MAX = 400;
  private static final int ROUNDS_PER_WINDOW = 250;
  private static final int QUERIES_PER_ROUND = 4;

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0", "::"})
  void servingAllocatesNothingOnceCompiled(String address) throws Exception {
    serve(address, List.of(), new byte[60]);
  }

  /// With the header that dnsdist sends, checksum included.
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void readingProxyHeadersAllocatesNothingEither(String address) throws Exception {
    Address client = Address.of("198.51.100.7");
    byte[] header = ProxyHeader.v2(new ProxyHeader.Flow(client, 4000, client, 53, true));
    byte[] datagram = Arrays.copyOf(header, header.length + 60);
    serve(address, List.of(Prefix.of("127.0.0.0/8"), Prefix.of("::1")), datagram);
  }

  private static void serve(String address, List<Prefix> proxies, byte[] datagram)
      throws Exception {
    Assumptions.assumeTrue(
        UdpTransport.preferred() == UdpTransport.NATIVE,
        "promised for Linux on x86_64 and aarch64 alone");
    Counters counters = ListenCounters.create();
    AnswerDesk desk =
        new AnswerDesk(
            UdpSocket.QUERY_LENGTH_MAX,
            Loopback::echo,
            new QueryContext(),
            Clock.system(),
            new RepeatedFault());
    UdpSocket socket = LinuxUdpSocket.open(Loopback.at(address, 0), false);
    String asked = address.contains(":") ? "::1" : "127.0.0.1";
    InetSocketAddress server = Loopback.at(asked, socket.localAddress().getPort());
    long allocated = -1;
    int windows = 0;
    try (UdpSocket.Batch batch =
            socket.newBatch(desk, new ProxyGate(new ProxySources(proxies)), counters.newBlock());
        DatagramChannel client = DatagramChannel.open()) {
      client.connect(server);
      while (allocated != 0 && windows < WINDOWS_MAX) {
        allocated = allocatedInWindow(batch, client, datagram);
        windows++;
      }
    } finally {
      socket.close();
    }
    assertThat(allocated).as("bytes in the last of %s windows", windows).isZero();
    assertThat(counters.sum(ListenCounters.UDP_SENT))
        .isEqualTo((long) windows * ROUNDS_PER_WINDOW * QUERIES_PER_ROUND);
  }

  private static long allocatedInWindow(
      UdpSocket.Batch batch, DatagramChannel client, byte[] datagram) throws IOException {
    ByteBuffer query = ByteBuffer.allocateDirect(datagram.length).put(datagram);
    ByteBuffer reply = ByteBuffer.allocateDirect(datagram.length);
    long allocated = 0;
    for (int round = 0; round < ROUNDS_PER_WINDOW; round++) {
      for (int i = 0; i < QUERIES_PER_ROUND; i++) {
        client.write(query.clear());
      }
      long before = allocatedByThisThread();
      boolean usable = batch.serve();
      long after = allocatedByThisThread();
      assertThat(usable).isTrue();
      allocated += after - before;
      for (int i = 0; i < QUERIES_PER_ROUND; i++) {
        assertThat(client.read(reply.clear())).isEqualTo(60);
      }
    }
    return allocated;
  }

  private static long allocatedByThisThread() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }
}
