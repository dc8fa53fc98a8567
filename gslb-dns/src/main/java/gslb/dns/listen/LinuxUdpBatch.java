package gslb.dns.listen;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import gslb.base.Address;
import gslb.base.CounterBlock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.concurrent.locks.LockSupport;

/// Receives a batch with one call, answers it, sends the replies with one call. Allocates nothing
/// after construction.
///
/// Each slot of the query vector has a name (the peer's address), a control area (when the datagram
/// came, then which of our addresses was asked; the latter only on a wildcard socket) and a
/// payload. A reply takes the next free slot
/// of the reply vector and points at the name and the control area of its query as the kernel left
/// them, so that a link-local peer keeps its scope and the answer comes from the address asked.
final class LinuxUdpBatch implements UdpSocket.Batch {
  private static final int SLOTS = UdpSocket.BATCH_MAX;
  private static final int QUERY = UdpSocket.DATAGRAM_LENGTH_MAX;
  private static final int REPLY = UdpSocket.REPLY_LENGTH_MAX;
  private static final long HEADER = SocketStructs.MMSGHDR.byteSize();
  private static final long IOVEC = SocketStructs.IOVEC.byteSize();

  /// Room for either socket address, aligned.
  private static final long NAME = 32;

  /// Room for the time and either packet information, aligned.
  private static final long CONTROL = 128;

  private static final long TIME_LENGTH = SocketStructs.controlSpace(SocketStructs.TIMESPEC);

  /// Pause after an error that another try may not meet, such as lack of kernel memory.
  private static final long ERROR_PAUSE_NANOS = 1_000_000;

  private static final long AGE_MAX_NANOS = UdpSocket.AGE_MAX.toNanos();
  private static final long AGE_CREDIBLE_NANOS = UdpSocket.AGE_CREDIBLE.toNanos();

  private final int descriptor;
  private final AnswerDesk desk;
  private final ProxyGate gate;
  private final CounterBlock counters;
  private final boolean isV6;
  private final boolean wildcard;
  private final long localHigh;
  private final long localLow;
  private final int localPort;
  private final long nameLength;
  private final long infoLength;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment callState = Libc.callState(arena);
  private final MemorySegment queryHeaders = arena.allocate(HEADER * SLOTS, HEADER);
  private final MemorySegment names = arena.allocate(NAME * SLOTS, NAME);
  private final MemorySegment controls = arena.allocate(CONTROL * SLOTS, CONTROL);
  private final MemorySegment queries = arena.allocate((long) QUERY * SLOTS, HEADER);
  private final MemorySegment replyIovecs = arena.allocate(IOVEC * SLOTS, IOVEC);
  private final MemorySegment replies = arena.allocate((long) REPLY * SLOTS, HEADER);

  /// The reply vector from its nth entry on: where a partial send continues.
  private final MemorySegment[] replyHeadersFrom = new MemorySegment[SLOTS];

  private final MemorySegment replyHeaders;
  private int fatalErrno;

  private final Backlog backlog = new Backlog();

  /// The kernel's time before which a datagram of this batch is stale, and from which on credible.
  private long staleBefore;

  private long credibleFrom;

  /// Datagrams of this batch dropped for their age.
  private int stale;

  LinuxUdpBatch(
      int descriptor,
      InetSocketAddress local,
      AnswerDesk desk,
      ProxyGate gate,
      CounterBlock counters) {
    this.descriptor = descriptor;
    this.desk = desk;
    this.gate = gate;
    this.counters = counters;
    Address address = Address.of(local.getAddress());
    this.isV6 = local.getAddress() instanceof Inet6Address;
    this.wildcard = address.isUnspecified();
    this.localHigh = address.high();
    this.localLow = address.low();
    this.localPort = local.getPort();
    this.nameLength =
        isV6 ? SocketStructs.SOCKADDR_IN6.byteSize() : SocketStructs.SOCKADDR_IN.byteSize();
    this.infoLength =
        !wildcard
            ? 0
            : SocketStructs.controlSpace(
                isV6 ? SocketStructs.IN6_PKTINFO : SocketStructs.IN_PKTINFO);
    this.replyHeaders = arena.allocate(HEADER * SLOTS, HEADER);
    MemorySegment queryIovecs = arena.allocate(IOVEC * SLOTS, IOVEC);
    for (int slot = 0; slot < SLOTS; slot++) {
      long header = slot * HEADER;
      queryIovecs.set(JAVA_LONG, slot * IOVEC, queries.address() + (long) slot * QUERY);
      queryIovecs.set(JAVA_LONG, slot * IOVEC + SocketStructs.IOV_LEN, QUERY);
      queryHeaders.set(JAVA_LONG, header + SocketStructs.MSG_NAME, names.address() + slot * NAME);
      setIovec(queryHeaders, header, queryIovecs.address() + slot * IOVEC);
      queryHeaders.set(
          JAVA_LONG, header + SocketStructs.MSG_CONTROL, controls.address() + slot * CONTROL);
      rearm(slot);
      replyIovecs.set(JAVA_LONG, slot * IOVEC, replies.address() + (long) slot * REPLY);
      setIovec(replyHeaders, header, replyIovecs.address() + slot * IOVEC);
      replyHeadersFrom[slot] = replyHeaders.asSlice(header);
    }
  }

  private static void setIovec(MemorySegment headers, long header, long iovec) {
    headers.set(JAVA_LONG, header + SocketStructs.MSG_IOV, iovec);
    headers.set(JAVA_LONG, header + SocketStructs.MSG_IOVLEN, 1);
  }

  @Override
  public boolean serve() {
    int received = Libc.recvmmsg(callState, descriptor, queryHeaders, SLOTS, Libc.MSG_WAITFORONE);
    if (received < 0) {
      return survives(Libc.errno(callState));
    }
    counters.add(ListenCounters.UDP_RECEIVED, received);
    desk.startBatch(false);
    judgeAges();
    int ready = 0;
    for (int slot = 0; slot < received; slot++) {
      int length = admit(slot) ? answer(slot) : 0;
      if (length > 0) {
        address(slot, ready);
        MemorySegment.copy(desk.reply, 0, replies, JAVA_BYTE, (long) ready * REPLY, length);
        replyIovecs.set(JAVA_LONG, ready * IOVEC + SocketStructs.IOV_LEN, length);
        ready++;
      }
      rearm(slot);
    }
    backlog.served(stale == received);
    if (ready > 0) {
      send(ready);
    }
    return true;
  }

  /// Says how old the datagrams of this batch may be.
  private void judgeAges() {
    long kernelNow = desk.nowMillis() * 1_000_000;
    staleBefore = backlog.isDue() ? Long.MIN_VALUE : kernelNow - AGE_MAX_NANOS;
    credibleFrom = kernelNow - AGE_CREDIBLE_NANOS;
    stale = 0;
  }

  private boolean isStale(int slot) {
    if (!hasTime(slot)) {
      return false;
    }
    long seconds = controls.get(JAVA_LONG, slot * CONTROL + SocketStructs.TV_SEC);
    long came =
        seconds * 1_000_000_000 + controls.get(JAVA_LONG, slot * CONTROL + SocketStructs.TV_NSEC);
    return came < staleBefore && came >= credibleFrom;
  }

  /// Whether the control area begins with the time. Linux writes it before packet information.
  private boolean hasTime(int slot) {
    return controlLength(slot) >= TIME_LENGTH
        && controls.get(JAVA_INT, slot * CONTROL + SocketStructs.CMSG_TYPE) == Libc.SO_TIMESTAMPNS
        && controls.get(JAVA_INT, slot * CONTROL + SocketStructs.CMSG_LEVEL) == Libc.SOL_SOCKET;
  }

  /// Whether the datagram is to be answered.
  private boolean admit(int slot) {
    long header = slot * HEADER;
    // First: under overload this is what most datagrams come to.
    if (isStale(slot)) {
      counters.increment(ListenCounters.UDP_DROPPED_STALE);
      stale++;
      return false;
    }
    if (isFromNobody(slot)) {
      counters.increment(ListenCounters.UDP_DROPPED_SOURCE);
      return false;
    }
    if ((queryHeaders.get(JAVA_INT, header + SocketStructs.MSG_FLAGS) & Libc.MSG_TRUNC) != 0) {
      counters.increment(ListenCounters.UDP_DROPPED_LONG);
      return false;
    }
    return true;
  }

  /// Whether a reply would go to port 0, to nobody or to many, or come back to this socket; such
  /// sources are forged. Ports of services that answer anything (echo, chargen) are not dropped:
  /// they return our reply, which has QR set and so ends there, and a resolver may ask from any
  /// port.
  private boolean isFromNobody(int slot) {
    int port = Short.toUnsignedInt(names.get(SocketStructs.NET_SHORT, slot * NAME + 2));
    if (port == 0 || ForgedSource.isForged(!isV6, clientHigh(slot), clientLow(slot))) {
      return true;
    }
    return port == localPort
        && clientHigh(slot) == askedHigh(slot)
        && clientLow(slot) == askedLow(slot);
  }

  private int answer(int slot) {
    int length = queryHeaders.get(JAVA_INT, slot * HEADER + SocketStructs.MSG_LEN);
    desk.setClient(!isV6, clientHigh(slot), clientLow(slot));
    int header = gate.isFor(!isV6, clientHigh(slot), clientLow(slot)) ? enter(slot, length) : 0;
    if (header == ProxyGate.REFUSED) {
      counters.increment(ListenCounters.UDP_DROPPED_PROXY);
      return 0;
    }
    length -= header;
    if (length < AnswerDesk.HEADER_LENGTH || length > UdpSocket.QUERY_LENGTH_MAX) {
      counters.increment(
          length < AnswerDesk.HEADER_LENGTH
              ? ListenCounters.UDP_DROPPED_SHORT
              : ListenCounters.UDP_DROPPED_LONG);
      return 0;
    }
    MemorySegment.copy(queries, JAVA_BYTE, (long) slot * QUERY + header, desk.query, 0, length);
    int reply = desk.answer(length);
    if (reply == AnswerDesk.FAULT) {
      counters.increment(ListenCounters.ANSWER_FAULTS);
      return 0;
    }
    if (reply > REPLY) {
      counters.increment(ListenCounters.UDP_DROPPED_REPLY);
      return 0;
    }
    return reply;
  }

  /// Length of the PROXY header, or {@link ProxyGate#REFUSED}.
  private int enter(int slot, int length) {
    int head = Math.min(length, gate.head.length);
    MemorySegment.copy(queries, JAVA_BYTE, (long) slot * QUERY, gate.head, 0, head);
    return gate.enter(head, desk);
  }

  private long clientHigh(int slot) {
    return isV6 ? names.get(SocketStructs.NET_LONG, slot * NAME + SocketStructs.SIN6_ADDR) : 0;
  }

  private long clientLow(int slot) {
    return isV6
        ? names.get(SocketStructs.NET_LONG, slot * NAME + SocketStructs.SIN6_ADDR + 8)
        : Integer.toUnsignedLong(
            names.get(SocketStructs.NET_INT, slot * NAME + SocketStructs.SIN_ADDR));
  }

  /// The upper half of the address of ours that was asked.
  private long askedHigh(int slot) {
    if (!knowsAsked(slot)) {
      return localHigh;
    }
    return isV6 ? controls.get(SocketStructs.NET_LONG, infoAt(slot) + SocketStructs.IPI6_ADDR) : 0;
  }

  private long askedLow(int slot) {
    if (!knowsAsked(slot)) {
      return localLow;
    }
    return isV6
        ? controls.get(SocketStructs.NET_LONG, infoAt(slot) + SocketStructs.IPI6_ADDR + 8)
        : Integer.toUnsignedLong(
            controls.get(SocketStructs.NET_INT, infoAt(slot) + SocketStructs.IPI_ADDR));
  }

  private boolean knowsAsked(int slot) {
    return wildcard && controlLength(slot) >= infoAt(slot) - slot * CONTROL + infoLength;
  }

  /// Where packet information is in the control areas.
  private long infoAt(int slot) {
    return slot * CONTROL + (hasTime(slot) ? TIME_LENGTH : 0);
  }

  /// What the kernel wrote into the control area. Time and packet information are all that was
  /// asked for.
  private long controlLength(int slot) {
    return queryHeaders.get(JAVA_LONG, slot * HEADER + SocketStructs.MSG_CONTROLLEN);
  }

  /// Points a reply at where its query came from, and at the address it was sent to.
  private void address(int slot, int reply) {
    long query = slot * HEADER;
    long header = reply * HEADER;
    replyHeaders.set(JAVA_LONG, header + SocketStructs.MSG_NAME, names.address() + slot * NAME);
    replyHeaders.set(
        JAVA_INT,
        header + SocketStructs.MSG_NAMELEN,
        queryHeaders.get(JAVA_INT, query + SocketStructs.MSG_NAMELEN));
    if (!knowsAsked(slot)) {
      replyHeaders.set(JAVA_LONG, header + SocketStructs.MSG_CONTROLLEN, 0);
      return;
    }
    // The interface is left to the routing table, which knows the way back; only a link-local
    // source means nothing without it.
    if (!isV6) {
      controls.set(JAVA_INT, infoAt(slot) + SocketStructs.IPI_IFINDEX, 0);
    } else if (askedHigh(slot) >>> 54 != 0xfe80 >>> 6) {
      controls.set(JAVA_INT, infoAt(slot) + SocketStructs.IPI6_IFINDEX, 0);
    }
    replyHeaders.set(
        JAVA_LONG, header + SocketStructs.MSG_CONTROL, controls.address() + infoAt(slot));
    replyHeaders.set(JAVA_LONG, header + SocketStructs.MSG_CONTROLLEN, infoLength);
  }

  /// Gives the slot back to the kernel, which overwrites these fields with what it filled in.
  private void rearm(int slot) {
    long header = slot * HEADER;
    queryHeaders.set(JAVA_INT, header + SocketStructs.MSG_NAMELEN, (int) nameLength);
    queryHeaders.set(JAVA_LONG, header + SocketStructs.MSG_CONTROLLEN, TIME_LENGTH + infoLength);
    queryHeaders.set(JAVA_INT, header + SocketStructs.MSG_FLAGS, 0);
  }

  /// An error belongs to the first reply not sent; the ones behind it get their turn.
  private void send(int count) {
    int at = 0;
    while (at < count) {
      int sent = Libc.sendmmsg(callState, descriptor, replyHeadersFrom[at], count - at, 0);
      if (sent >= 0) {
        counters.add(ListenCounters.UDP_SENT, sent);
        at += sent;
        continue;
      }
      int errno = Libc.errno(callState);
      if (errno == Libc.EINTR) {
        continue;
      }
      // EAGAIN: the send queue was full for the whole of SO_SNDTIMEO, so give up the batch.
      int lost = errno == Libc.EAGAIN ? count - at : 1;
      counters.add(ListenCounters.UDP_SEND_ERRORS, lost);
      at += lost;
    }
  }

  /// Whether the socket can be used after this error of recvmmsg.
  private boolean survives(int errno) {
    if (errno == Libc.EAGAIN || errno == Libc.EINTR) {
      return true; // nothing came within SO_RCVTIMEO
    }
    counters.increment(ListenCounters.UDP_RECEIVE_ERRORS);
    boolean fatal =
        switch (errno) {
          case Libc.EBADF, Libc.ENOTSOCK, Libc.EFAULT, Libc.EINVAL, Libc.ENOSYS -> true;
          default -> false;
        };
    if (fatal) {
      fatalErrno = errno;
    } else {
      LockSupport.parkNanos(ERROR_PAUSE_NANOS);
    }
    return !fatal;
  }

  @Override
  public String failure() {
    return "recvmmsg failed with errno " + fatalErrno;
  }

  @Override
  public void close() {
    arena.close();
  }
}
