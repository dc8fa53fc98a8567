package gslb.dns;

/// Record types that the answer path treats in a way of their own, beside those of {@link
/// gslb.zones.FlatZone}.
final class RrType {
  static final int PTR = 12;
  static final int HINFO = 13;
  static final int MX = 15;
  static final int TXT = 16;
  static final int OPT = 41;

  /// Never in a question (RFC 9824 §3.5).
  static final int NXNAME = 128;

  static final int TKEY = 249;
  static final int TSIG = 250;
  static final int IXFR = 251;
  static final int AXFR = 252;
  static final int MAILB = 253;
  static final int MAILA = 254;
  static final int ANY = 255;

  static final int CLASS_IN = 1;

  /// CHAOS.
  static final int CLASS_CH = 3;

  private RrType() {}
}
