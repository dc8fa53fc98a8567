package gslb.dns.listen;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The socket calls of Linux' C library. Each takes a segment for `errno` first, made by {@link
/// #callState}, because the JVM may overwrite the thread's own before it can be read.
///
/// None is `critical`: a thread in a critical call holds up every collection until it returns.
final class Libc {
  // sys/socket.h; values of the generic ABI, which x86_64 and aarch64 share
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int SOL_SOCKET = 1;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_REUSEPORT = 15;
  static final int SO_RCVTIMEO = 20;
  static final int SO_SNDTIMEO = 21;

  /// Also the type of the control message that it brings.
  static final int SO_TIMESTAMPNS = 35;

  /// In `msg_flags`: the datagram was longer than the buffer.
  static final int MSG_TRUNC = 0x20;

  /// To recvmmsg: wait for the first datagram only.
  static final int MSG_WAITFORONE = 0x10000;

  // netinet/in.h
  static final int IPPROTO_IP = 0;
  static final int IP_PKTINFO = 8;
  static final int IP_MTU_DISCOVER = 10;
  static final int IPPROTO_IPV6 = 41;
  static final int IPV6_MTU_DISCOVER = 23;
  static final int IPV6_V6ONLY = 26;
  static final int IPV6_RECVPKTINFO = 49;

  /// For `IP_MTU_DISCOVER` and `IPV6_MTU_DISCOVER`: send unfragmented up to the interface's MTU
  /// whatever path MTU an ICMP message claims, so that nobody can make us fragment.
  static final int PMTUDISC_OMIT = 5;

  // errno.h
  static final int EPERM = 1;
  static final int EINTR = 4;
  static final int EBADF = 9;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EFAULT = 14;
  static final int EINVAL = 22;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int ENOSYS = 38;
  static final int ENOTSOCK = 88;
  static final int EAFNOSUPPORT = 97;
  static final int EADDRINUSE = 98;
  static final int EADDRNOTAVAIL = 99;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO = CALL_STATE.byteOffset(PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET = function("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = function("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKNAME =
      function("getsockname", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SETSOCKOPT =
      function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CLOSE = function("close", JAVA_INT);
  private static final MethodHandle RECVMMSG =
      function("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle SENDMMSG =
      function("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);

  private Libc() {}

  private static MethodHandle function(String name, ValueLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(JAVA_INT, arguments),
        Linker.Option.captureCallState("errno"));
  }

  static MemorySegment callState(Arena arena) {
    return arena.allocate(CALL_STATE);
  }

  /// Why the last call with this segment returned -1.
  static int errno(MemorySegment callState) {
    return callState.get(JAVA_INT, ERRNO);
  }

  static int socket(MemorySegment callState, int domain, int type) {
    try {
      return (int) SOCKET.invokeExact(callState, domain, type, 0);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  static int bind(MemorySegment callState, int descriptor, MemorySegment address) {
    try {
      return (int) BIND.invokeExact(callState, descriptor, address, (int) address.byteSize());
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  /// @param length `socklen_t`: room on call, length on return
  static int getsockname(
      MemorySegment callState, int descriptor, MemorySegment address, MemorySegment length) {
    try {
      return (int) GETSOCKNAME.invokeExact(callState, descriptor, address, length);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  static int setsockopt(
      MemorySegment callState, int descriptor, int level, int option, MemorySegment value) {
    try {
      return (int)
          SETSOCKOPT.invokeExact(
              callState, descriptor, level, option, value, (int) value.byteSize());
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  static int close(MemorySegment callState, int descriptor) {
    try {
      return (int) CLOSE.invokeExact(callState, descriptor);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  /// Without a time limit of its own: the kernel looks at that one only between datagrams, so the
  /// socket's `SO_RCVTIMEO` bounds the wait.
  static int recvmmsg(
      MemorySegment callState, int descriptor, MemorySegment messages, int count, int flags) {
    try {
      return (int)
          RECVMMSG.invokeExact(callState, descriptor, messages, count, flags, MemorySegment.NULL);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  static int sendmmsg(
      MemorySegment callState, int descriptor, MemorySegment messages, int count, int flags) {
    try {
      return (int) SENDMMSG.invokeExact(callState, descriptor, messages, count, flags);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  private static AssertionError unexpected(Throwable thrown) {
    return new AssertionError("a call of the C library throws nothing", thrown);
  }
}
