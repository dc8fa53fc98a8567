package gslb.dns;

/// Response codes (RFC 1035 §4.1.1, RFC 2136 §2.2, RFC 6891 §9). Numbers, because they travel
/// through the answer path.
final class Rcode {
  static final int NOERROR = 0;
  static final int FORMERR = 1;
  static final int NXDOMAIN = 3;
  static final int NOTIMP = 4;
  static final int REFUSED = 5;
  static final int YXDOMAIN = 6;

  /// Above 15: the upper eight bits are in the OPT record.
  static final int BADVERS = 16;

  /// RFC 7873 §8.
  static final int BADCOOKIE = 23;

  private Rcode() {}
}
