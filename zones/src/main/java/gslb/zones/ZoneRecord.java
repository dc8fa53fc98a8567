package gslb.zones;

import gslb.base.DnsName;
import gslb.base.SourceSpan;

/// One record of a zone file, class IN.
///
/// @param ttl seconds
/// @param rdata uncompressed wire form
/// @param file in which it stands
/// @param line of its first token, as is `column`
@SuppressWarnings("ArrayRecordComponent")
record ZoneRecord(
    DnsName owner, int type, int ttl, byte[] rdata, String file, int line, int column) {
  SourceSpan where() {
    return new SourceSpan(file, line, column);
  }

  /// `line N`, with the file if that is not the other record's.
  String placeBeside(ZoneRecord other) {
    return file.equals(other.file) ? "line " + line : file + ":" + line;
  }

  /// The name that ends the RDATA of NS, CNAME, DNAME, PTR, MX, SRV.
  ///
  /// @param offset 0, but 2 for MX and 6 for SRV
  DnsName target(int offset) {
    return DnsName.ofWire(rdata, offset);
  }
}
