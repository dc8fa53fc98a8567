package gslb.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The fake `/proc` is in the form of proc_net(5), as a machine with systemd-resolved shows it.
final class PortHoldersTest {
  private static final String HEADING =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode ref pointer drops\n";
  private static final String UDP =
      HEADING
          + "  344: 3600007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   991"
          + "        0 18035 2 0000000000000000 0\n"
          + "  344: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   991"
          + "        0 18033 2 0000000000000000 0\n"
          + "  359: 0101A8C0:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000   998"
          + "        0 19467 2 0000000000000000 0\n";

  /// A listener of each family, and a connection from port 53 that is no listener.
  private static final String TCP =
      HEADING
          + "   0: 017AA8C0:0035 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0"
          + "        0 21090 1 0000000000000000 100 0 0 10 0\n"
          + "   1: 0100007F:0035 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0"
          + "        0 21091 1 0000000000000000 100 0 0 10 0\n";
  private static final String TCP6 =
      HEADING
          + "   0: B80D0120000000000000000053000000:0035 00000000000000000000000000000000:0000 0A"
          + " 00000000:00000000 00:00000000 00000000     0        0 21092 1 0000000000000000\n"
          + "   1: nonsense:0035\n";

  @TempDir private Path proc;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(proc.resolve("net/udp"), UDP);
    Files.writeString(proc.resolve("net/tcp"), TCP);
    Files.writeString(proc.resolve("net/tcp6"), TCP6);
  }

  private List<Address> conflicting(String transport, String wanted, int port) {
    return PortHolders.conflicting(proc, transport, Address.of(wanted), port);
  }

  @Test
  void holdersOfTheSamePortThatStandInTheWayAreFound() {
    Address stub = Address.of("127.0.0.53");
    Address second = Address.of("127.0.0.54");
    assertThat(conflicting("udp", "0.0.0.0", 53)).containsExactly(second, stub);
    assertThat(conflicting("udp", "127.0.0.53", 53)).containsExactly(stub);
    assertThat(conflicting("udp", "192.0.2.53", 53)).isEmpty();
    assertThat(conflicting("udp", "::", 53)).isEmpty();
    assertThat(conflicting("udp", "0.0.0.0", 68)).containsExactly(Address.of("192.168.1.1"));
    assertThat(conflicting("tcp", "0.0.0.0", 53)).containsExactly(Address.of("192.168.122.1"));
    assertThat(conflicting("tls", "::", 53)).containsExactly(Address.of("2001:db8::53"));
    assertThat(conflicting("tcp", "127.0.0.1", 53)).isEmpty();
  }

  /// The JDK and most programs bind `::` for both families.
  @Test
  void theWildcardOfIpv6StandsInTheWayOfIpv4() throws IOException {
    String zeros = "0".repeat(32);
    Files.writeString(
        proc.resolve("net/tcp6"),
        HEADING + "   0: " + zeros + ":0035 " + zeros + ":0000 0A 00000000:00000000 00:0\n");
    assertThat(conflicting("tcp", "192.0.2.53", 53)).containsExactly(Address.of("::"));
  }

  @Test
  void systemdResolvedOnPort53IsNamedWithWhatToDo() {
    InetSocketAddress wanted = Loopback.at("0.0.0.0", 53);
    ListenException failure =
        new ListenException("udp", wanted, ListenException.Reason.ADDRESS_IN_USE, "", proc);
    assertThat(failure)
        .hasMessage(
            "dns udp 0.0.0.0:53: address already in use; 127.0.0.54:53 and 127.0.0.53:53 belongs to"
                + " the stub of systemd-resolved; write 'DNSStubListener=no' into"
                + " /etc/systemd/resolved.conf and restart it, or listen on particular addresses of"
                + " this machine instead of 0.0.0.0:53");
  }

  @Test
  void anyOtherHolderIsNamedByItsAddress() {
    InetSocketAddress wanted = Loopback.at("0.0.0.0", 53);
    ListenException failure =
        new ListenException("tcp", wanted, ListenException.Reason.ADDRESS_IN_USE, "", proc);
    assertThat(failure)
        .hasMessage(
            "dns tcp 0.0.0.0:53: address already in use; another process owns 192.168.122.1:53;"
                + " find it with 'ss -lnptu sport = :53' and stop it, or listen on the addresses of"
                + " this machine that it leaves free");
  }

  @Test
  void withoutProcNobodyIsNamed() {
    ListenException failure =
        new ListenException(
            "udp",
            Loopback.at("0.0.0.0", 53),
            ListenException.Reason.ADDRESS_IN_USE,
            "",
            proc.resolve("none"));
    assertThat(failure).hasMessageContaining("another process owns the port; find it with 'ss ");
  }

  @Test
  void lackOfPermissionNamesTheFirstFreePort() throws IOException {
    Files.createDirectories(proc.resolve("sys/net/ipv4"));
    Files.writeString(proc.resolve("sys/net/ipv4/ip_unprivileged_port_start"), "443\n");
    ListenException failure =
        new ListenException(
            "udp",
            Loopback.at("192.0.2.53", 53),
            ListenException.Reason.PERMISSION_DENIED,
            "",
            proc);
    assertThat(failure)
        .hasMessage(
            "dns udp 192.0.2.53:53: permission denied; ports below 443 need CAP_NET_BIND_SERVICE;"
                + " grant it to the process ('AmbientCapabilities=CAP_NET_BIND_SERVICE' in a"
                + " systemd unit), lower 'net.ipv4.ip_unprivileged_port_start', or listen on a"
                + " higher port");
  }

  @Test
  void thisMachinesOwnListenerIsFound() throws IOException {
    Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")), "only Linux tells");
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(Loopback.at("127.0.0.77", 0));
      assertThat(
              PortHolders.conflicting(
                  Path.of("/proc"), "tcp", Address.of("0.0.0.0"), socket.getLocalPort()))
          .contains(Address.of("127.0.0.77"));
    }
  }
}
