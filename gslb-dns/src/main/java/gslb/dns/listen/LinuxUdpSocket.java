package gslb.dns.listen;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import gslb.base.Address;
import gslb.base.CounterBlock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A UDP socket of Linux, reached through {@link Libc}.
final class LinuxUdpSocket implements UdpSocket {
  private static final System.Logger LOG = System.getLogger(LinuxUdpSocket.class.getName());

  private final int descriptor;
  private final InetSocketAddress local;

  private LinuxUdpSocket(int descriptor, InetSocketAddress local) {
    this.descriptor = descriptor;
    this.local = local;
  }

  static LinuxUdpSocket open(InetSocketAddress address, boolean shared) throws ListenException {
    try (Arena arena = Arena.ofConfined()) {
      Setup setup = new Setup(arena, address);
      try {
        setup.options(shared);
        return new LinuxUdpSocket(setup.descriptor, setup.bind());
      } catch (ListenException failure) {
        Libc.close(setup.callState, setup.descriptor);
        throw failure;
      }
    }
  }

  @Override
  public InetSocketAddress localAddress() {
    return local;
  }

  @Override
  public Batch newBatch(AnswerDesk desk, ProxyGate gate, CounterBlock counters) {
    return new LinuxUdpBatch(descriptor, local, desk, gate, counters);
  }

  @Override
  public void close() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment callState = Libc.callState(arena);
      if (Libc.close(callState, descriptor) < 0) {
        int errno = Libc.errno(callState);
        LOG.log(
            Level.WARNING,
            () -> "dns udp " + Address.withPort(local) + ": close failed, errno " + errno);
      }
    }
  }

  /// A socket on its way from `socket` to `bind`.
  private static final class Setup {
    final MemorySegment callState;
    final int descriptor;
    private final Arena arena;
    private final InetSocketAddress address;
    private final boolean isV6;

    Setup(Arena arena, InetSocketAddress address) throws ListenException {
      this.arena = arena;
      this.address = address;
      this.callState = Libc.callState(arena);
      this.isV6 = address.getAddress() instanceof Inet6Address;
      this.descriptor =
          Libc.socket(
              callState, isV6 ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC);
      if (descriptor < 0) {
        throw failure("socket");
      }
    }

    void options(boolean shared) throws ListenException {
      if (shared) {
        require("SO_REUSEPORT", Libc.SOL_SOCKET, Libc.SO_REUSEPORT, integer(1));
      }
      require("SO_RCVTIMEO", Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, timeout());
      // A full send queue drops replies; it must not hold up the thread.
      require("SO_SNDTIMEO", Libc.SOL_SOCKET, Libc.SO_SNDTIMEO, timeout());
      wish(Libc.SOL_SOCKET, Libc.SO_TIMESTAMPNS, integer(1));
      wish(Libc.SOL_SOCKET, Libc.SO_RCVBUF, integer(RECEIVE_BUFFER_BYTES));
      wish(Libc.SOL_SOCKET, Libc.SO_SNDBUF, integer(RECEIVE_BUFFER_BYTES));
      boolean wildcard = address.getAddress().isAnyLocalAddress();
      if (isV6) {
        require("IPV6_V6ONLY", Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, integer(1));
        wish(Libc.IPPROTO_IPV6, Libc.IPV6_MTU_DISCOVER, integer(Libc.PMTUDISC_OMIT));
        if (wildcard) {
          require("IPV6_RECVPKTINFO", Libc.IPPROTO_IPV6, Libc.IPV6_RECVPKTINFO, integer(1));
        }
      } else {
        wish(Libc.IPPROTO_IP, Libc.IP_MTU_DISCOVER, integer(Libc.PMTUDISC_OMIT));
        if (wildcard) {
          require("IP_PKTINFO", Libc.IPPROTO_IP, Libc.IP_PKTINFO, integer(1));
        }
      }
    }

    InetSocketAddress bind() throws ListenException {
      if (Libc.bind(callState, descriptor, socketAddress()) < 0) {
        throw failure("bind");
      }
      MemorySegment bound = arena.allocate(SocketStructs.SOCKADDR_IN6);
      MemorySegment length = arena.allocate(JAVA_INT);
      length.set(JAVA_INT, 0, (int) bound.byteSize());
      if (Libc.getsockname(callState, descriptor, bound, length) < 0) {
        throw failure("getsockname");
      }
      int port = Short.toUnsignedInt(bound.get(SocketStructs.NET_SHORT, SocketStructs.SIN_PORT));
      return new InetSocketAddress(address.getAddress(), port);
    }

    private MemorySegment socketAddress() {
      InetAddress ip = address.getAddress();
      Address bits = Address.of(ip);
      MemorySegment name;
      if (ip instanceof Inet6Address v6) {
        name = arena.allocate(SocketStructs.SOCKADDR_IN6.byteSize(), 8);
        name.set(JAVA_SHORT, 0, (short) Libc.AF_INET6);
        name.set(SocketStructs.NET_LONG, SocketStructs.SIN6_ADDR, bits.high());
        name.set(SocketStructs.NET_LONG, SocketStructs.SIN6_ADDR + 8, bits.low());
        name.set(JAVA_INT, SocketStructs.SIN6_SCOPE_ID, v6.getScopeId());
      } else {
        name = arena.allocate(SocketStructs.SOCKADDR_IN.byteSize(), 8);
        name.set(JAVA_SHORT, 0, (short) Libc.AF_INET);
        name.set(SocketStructs.NET_INT, SocketStructs.SIN_ADDR, (int) bits.low());
      }
      name.set(SocketStructs.NET_SHORT, SocketStructs.SIN_PORT, (short) address.getPort());
      return name;
    }

    private MemorySegment integer(int value) {
      MemorySegment segment = arena.allocate(JAVA_INT);
      segment.set(JAVA_INT, 0, value);
      return segment;
    }

    /// `struct timeval`: seconds and microseconds, 64 bits each.
    private MemorySegment timeout() {
      MemorySegment timeval = arena.allocate(16, 8);
      timeval.set(JAVA_LONG, 0, RECEIVE_TIMEOUT.toSeconds());
      timeval.set(JAVA_LONG, 8, RECEIVE_TIMEOUT.toNanosPart() / 1000);
      return timeval;
    }

    private void require(String name, int level, int option, MemorySegment value)
        throws ListenException {
      if (Libc.setsockopt(callState, descriptor, level, option, value) < 0) {
        throw failure(name);
      }
    }

    private void wish(int level, int option, MemorySegment value) {
      Libc.setsockopt(callState, descriptor, level, option, value);
    }

    private ListenException failure(String what) {
      int errno = Libc.errno(callState);
      ListenException.Reason reason =
          switch (errno) {
            case Libc.EADDRINUSE -> ListenException.Reason.ADDRESS_IN_USE;
            case Libc.EACCES, Libc.EPERM -> ListenException.Reason.PERMISSION_DENIED;
            case Libc.EADDRNOTAVAIL -> ListenException.Reason.ADDRESS_NOT_AVAILABLE;
            case Libc.EAFNOSUPPORT -> ListenException.Reason.FAMILY_NOT_SUPPORTED;
            case Libc.EMFILE, Libc.ENFILE -> ListenException.Reason.TOO_MANY_OPEN_FILES;
            default -> ListenException.Reason.OTHER;
          };
      return new ListenException("udp", address, reason, what + " failed with errno " + errno);
    }
  }

  /// Sets `IPV6_V6ONLY` on a socket of the JDK, which makes all its IPv6 sockets take IPv4 as well.
  static void setV6Only(int descriptor) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment callState = Libc.callState(arena);
      MemorySegment one = arena.allocate(JAVA_INT);
      one.set(JAVA_INT, 0, 1);
      if (Libc.setsockopt(callState, descriptor, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, one) < 0) {
        throw new IOException("IPV6_V6ONLY failed with errno " + Libc.errno(callState));
      }
    }
  }
}
