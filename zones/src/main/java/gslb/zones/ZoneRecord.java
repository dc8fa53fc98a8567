package gslb.zones;

import gslb.base.DnsName;

/// One record of a zone file, class IN.
///
/// @param ttl seconds
/// @param rdata uncompressed wire form
/// @param line of its first token, as is `column`
@SuppressWarnings("ArrayRecordComponent")
record ZoneRecord(DnsName owner, int type, int ttl, byte[] rdata, int line, int column) {
  /// The name that ends the RDATA of NS, CNAME, DNAME, PTR, MX, SRV.
  ///
  /// @param offset 0, but 2 for MX and 6 for SRV
  DnsName target(int offset) {
    return DnsName.ofWire(rdata, offset);
  }
}
