package gslb.dns.listen;

/// Source addresses that no datagram of a client has (RFC 1122 §3.2.1.3, RFC 4291 §2.5.2, §2.7):
/// unspecified, "this network", multicast, limited broadcast. A reply would go to nobody or to
/// many.
/// Linux drops most of them itself; other systems may not.
final class ForgedSource {
  private ForgedSource() {}

  static boolean isForged(boolean isV4, long high, long low) {
    if (isV4) {
      long first = low >>> 24;
      return first == 0 || first >>> 4 == 0xe || low == 0xffff_ffffL;
    }
    return high >>> 56 == 0xff || (high | low) == 0;
  }
}
