package gslb.dns.listen;

import gslb.base.ProxyHeader;

/// Where datagrams of trusted proxies are parted from their PROXY header. Belongs to one thread;
/// allocates nothing.
final class ProxyGate {
  /// What {@link #enter} returns when there is no header.
  static final int REFUSED = -1;

  /// The start of a datagram, to be filled before {@link #enter}.
  final byte[] head = new byte[ProxyHeader.V2_LENGTH_MAX];

  private final ProxySources sources;
  private final ProxyHeader header = new ProxyHeader();

  ProxyGate(ProxySources sources) {
    this.sources = sources;
  }

  /// Whether a datagram from there must have a header.
  boolean isFor(boolean isV4, long high, long low) {
    return sources.contains(isV4, high, low);
  }

  /// Reads the header and tells the desk whom it names, if anyone.
  ///
  /// @param length of the datagram, as far as it is in {@link #head}
  /// @return the header's length, or {@link #REFUSED}
  int enter(int length, AnswerDesk desk) {
    int headerLength = header.readV2(head, 0, length);
    if (headerLength <= 0) {
      return REFUSED; // each datagram is on its own: nothing can complete it
    }
    if (!header.namesNobody) {
      desk.setClient(header.sourceIsV4, header.sourceHigh, header.sourceLow);
    }
    return headerLength;
  }
}
