package gslb.dns.listen;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The structures of Linux' socket calls and the offsets of their fields. They are the same on
/// x86_64 and aarch64, with glibc and musl: both machines are little-endian with 64-bit pointers
/// and sizes.
final class SocketStructs {
  /// Fields in network order.
  static final ValueLayout.OfShort NET_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  static final ValueLayout.OfInt NET_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfLong NET_LONG = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

  /// `struct sockaddr_in` (ip(7)), 16 bytes.
  static final StructLayout SOCKADDR_IN =
      structLayout(
          JAVA_SHORT.withName("sin_family"), // host order
          NET_SHORT.withName("sin_port"),
          NET_INT.withName("sin_addr"),
          sequenceLayout(8, JAVA_BYTE).withName("sin_zero"));

  /// `struct sockaddr_in6` (ipv6(7)), 28 bytes.
  static final StructLayout SOCKADDR_IN6 =
      structLayout(
          JAVA_SHORT.withName("sin6_family"),
          NET_SHORT.withName("sin6_port"),
          NET_INT.withName("sin6_flowinfo"),
          sequenceLayout(16, JAVA_BYTE).withName("sin6_addr"),
          JAVA_INT.withName("sin6_scope_id")); // interface of a link-local address, host order

  /// `struct iovec` (readv(2)), 16 bytes.
  static final StructLayout IOVEC =
      structLayout(ADDRESS.withName("iov_base"), JAVA_LONG.withName("iov_len"));

  /// `struct msghdr` (recvmsg(2)), 56 bytes.
  static final StructLayout MSGHDR =
      structLayout(
          ADDRESS.withName("msg_name"),
          JAVA_INT.withName("msg_namelen"),
          paddingLayout(4),
          ADDRESS.withName("msg_iov"),
          JAVA_LONG.withName("msg_iovlen"),
          ADDRESS.withName("msg_control"),
          JAVA_LONG.withName("msg_controllen"),
          JAVA_INT.withName("msg_flags"),
          paddingLayout(4));

  /// `struct mmsghdr` (recvmmsg(2)), 64 bytes: a cache line each.
  static final StructLayout MMSGHDR =
      structLayout(MSGHDR.withName("msg_hdr"), JAVA_INT.withName("msg_len"), paddingLayout(4));

  /// `struct cmsghdr` (cmsg(3)), 16 bytes; the payload follows at once.
  static final StructLayout CMSGHDR =
      structLayout(
          JAVA_LONG.withName("cmsg_len"), // header and payload, without padding behind
          JAVA_INT.withName("cmsg_level"),
          JAVA_INT.withName("cmsg_type"));

  /// `struct in_pktinfo` (ip(7)), 12 bytes.
  static final StructLayout IN_PKTINFO =
      structLayout(
          JAVA_INT.withName("ipi_ifindex"),
          NET_INT.withName("ipi_spec_dst"), // to receive: local address; to send: source address
          NET_INT.withName("ipi_addr")); // destination in the header

  /// `struct in6_pktinfo` (ipv6(7)), 20 bytes.
  static final StructLayout IN6_PKTINFO =
      structLayout(
          sequenceLayout(16, JAVA_BYTE).withName("ipi6_addr"), JAVA_INT.withName("ipi6_ifindex"));

  /// `struct timespec`, 16 bytes.
  static final StructLayout TIMESPEC =
      structLayout(JAVA_LONG.withName("tv_sec"), JAVA_LONG.withName("tv_nsec"));

  static final long SIN_PORT = offset(SOCKADDR_IN, "sin_port");
  static final long SIN_ADDR = offset(SOCKADDR_IN, "sin_addr");
  static final long SIN6_ADDR = offset(SOCKADDR_IN6, "sin6_addr");
  static final long SIN6_SCOPE_ID = offset(SOCKADDR_IN6, "sin6_scope_id");
  static final long IOV_LEN = offset(IOVEC, "iov_len");
  static final long MSG_NAME = offset(MSGHDR, "msg_name");
  static final long MSG_NAMELEN = offset(MSGHDR, "msg_namelen");
  static final long MSG_IOV = offset(MSGHDR, "msg_iov");
  static final long MSG_IOVLEN = offset(MSGHDR, "msg_iovlen");
  static final long MSG_CONTROL = offset(MSGHDR, "msg_control");
  static final long MSG_CONTROLLEN = offset(MSGHDR, "msg_controllen");
  static final long MSG_FLAGS = offset(MSGHDR, "msg_flags");
  static final long MSG_LEN = offset(MMSGHDR, "msg_len");

  /// Where the payload of a control message begins.
  static final long CMSG_PAYLOAD = CMSGHDR.byteSize();

  /// Level and type of a control message.
  static final long CMSG_LEVEL = offset(CMSGHDR, "cmsg_level");

  static final long CMSG_TYPE = offset(CMSGHDR, "cmsg_type");
  static final long TV_SEC = CMSG_PAYLOAD + offset(TIMESPEC, "tv_sec");
  static final long TV_NSEC = CMSG_PAYLOAD + offset(TIMESPEC, "tv_nsec");

  // Within a control message that begins at the offset given.
  static final long IPI_IFINDEX = CMSG_PAYLOAD + offset(IN_PKTINFO, "ipi_ifindex");
  static final long IPI_ADDR = CMSG_PAYLOAD + offset(IN_PKTINFO, "ipi_addr");
  static final long IPI6_ADDR = CMSG_PAYLOAD + offset(IN6_PKTINFO, "ipi6_addr");
  static final long IPI6_IFINDEX = CMSG_PAYLOAD + offset(IN6_PKTINFO, "ipi6_ifindex");

  private SocketStructs() {}

  private static long offset(StructLayout struct, String field) {
    return struct.byteOffset(groupElement(field));
  }

  /// `CMSG_SPACE`: a control message with this payload and the padding behind it.
  static long controlSpace(MemoryLayout payload) {
    return CMSG_PAYLOAD + (payload.byteSize() + 7 & -8);
  }
}
