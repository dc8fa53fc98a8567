package gslb.dns;

import gslb.base.DnsName;
import gslb.zones.NameView;
import java.nio.charset.StandardCharsets;

/// What a server says of itself, as it goes into replies. Immutable; the arrays are not to be
/// modified.
///
/// | clause | here |
/// |---|---|
/// | RFC 4892 §2 | class CHAOS, type TXT: `hostname.bind` and `id.server`, for whom anycast led
/// here |
/// | RFC 4892 §5 | what the operator does not want said is REFUSED, as is every other name and type
/// |
///
/// `version.bind` and `version.server` are not in the RFC, but asked for as often. As in Knot, the
/// TTL is 0, and AA is clear: nobody is an authority for class CHAOS.
final class EncodedIdentity {
  private static final byte[] VERSION_BIND = DnsName.of("version.bind").toWire();
  private static final byte[] VERSION_SERVER = DnsName.of("version.server").toWire();
  private static final byte[] HOSTNAME_BIND = DnsName.of("hostname.bind").toWire();
  private static final byte[] ID_SERVER = DnsName.of("id.server").toWire();
  private static final byte[] NOTHING = {};

  private final byte[] nsid;

  // TXT records of class CHAOS, each empty if there is nothing to say.
  private final byte[] version;
  private final byte[] server;

  private EncodedIdentity(byte[] nsid, byte[] version, byte[] server) {
    this.nsid = nsid;
    this.version = version;
    this.server = server;
  }

  static EncodedIdentity of(Identity identity) {
    return new EncodedIdentity(
        identity.nsid().getBytes(StandardCharsets.UTF_8),
        text(identity.version()),
        text(identity.server()));
  }

  private static byte[] text(String text) {
    if (text.isEmpty()) {
      return NOTHING;
    }
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    byte[] rdata = new byte[1 + octets.length];
    rdata[0] = (byte) octets.length;
    System.arraycopy(octets, 0, rdata, 1, octets.length);
    return EncodedAnswers.encode(RrType.TXT, RrType.CLASS_CH, rdata);
  }

  /// Content of the NSID option; empty if there is none.
  byte[] nsid() {
    return nsid;
  }

  /// Answers a question of class CHAOS.
  ///
  /// @return RCODE
  int answer(QueryContext context) {
    byte[] record = context.qtype == RrType.TXT ? record(context.question) : NOTHING;
    if (record.length == 0) {
      return Rcode.REFUSED;
    }
    context.count(DnsCounter.CHAOS);
    context.isTruncated = !context.writer.answer(record, record.length, 0);
    return Rcode.NOERROR;
  }

  private byte[] record(NameView name) {
    if (is(name, VERSION_BIND) || is(name, VERSION_SERVER)) {
      return version;
    }
    return is(name, HOSTNAME_BIND) || is(name, ID_SERVER) ? server : NOTHING;
  }

  private static boolean is(NameView name, byte[] wire) {
    if (name.wireLength() != wire.length) {
      return false;
    }
    byte[] bytes = name.bytes();
    int from = name.labelOffset(0);
    for (int i = 0; i < wire.length; i++) {
      if (DnsName.lower(bytes[from + i] & 0xff) != wire[i]) {
        return false;
      }
    }
    return true;
  }
}
