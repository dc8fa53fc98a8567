package gslb.dns;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the OPT record of a query says (RFC 6891), and that of its reply. Owned by one thread,
/// which reuses it.
///
/// | clause | here |
/// |---|---|
/// | RFC 6891 §6.1.1 | an OPT in the query, an OPT in the reply, whatever the RCODE |
/// | RFC 6891 §6.1.1 | a second OPT: FORMERR |
/// | RFC 6891 §6.1.2 | the owner is the root, else FORMERR |
/// | RFC 6891 §6.1.2 | unknown options are ignored; a list that does not add up: FORMERR |
/// | RFC 6891 §6.1.3 | a version above 0: BADVERS, options unread |
/// | RFC 6891 §6.1.4 | DO is copied, the other flags are 0 |
/// | RFC 6891 §6.2.3 | a payload size below 512 means 512 |
/// | RFC 5001 §2.2 | NSID is said if asked for and the server has one |
/// | RFC 7828 §3.1 | a TCP keepalive has 0 or 2 octets, else FORMERR; what a client says in it is
/// its affair |
/// | RFC 7828 §3.3.1 | over UDP it is ignored |
/// | RFC 7828 §3.3.2 | over TCP it is answered with the time that the connection may stay idle |
/// | RFC 7830 §4 | a query with padding gets a reply with padding, of zeros |
/// | RFC 7830 §6 | only below TLS; there is nothing to hide elsewhere |
/// | RFC 8467 §4.1 | the reply's length becomes a multiple of 468 octets, or the longest there is |
/// | RFC 8914 §2 | an error is said with its INFO-CODE, and text where the responder has one |
final class Edns {
  /// Octets of an OPT record without options: root, type, class, TTL, RDLENGTH.
  static final int RECORD_LENGTH = 11;

  /// Octets of an option's code and length.
  static final int OPTION_HEAD_LENGTH = 4;

  /// RFC 6891 §6.2.3, and the size of every reply without EDNS (RFC 1035 §4.2.1).
  static final int PAYLOAD_SIZE_MIN = 512;

  // Options of RFC 5001, RFC 7828, RFC 7830 and RFC 8914.
  private static final int NSID = 3;
  private static final int KEEPALIVE = 11;
  private static final int PADDING = 12;
  private static final int EXTENDED_ERROR = 15;

  /// Octets of an option whose data is a number of 16 bits.
  static final int NUMBER_OPTION_LENGTH = OPTION_HEAD_LENGTH + 2;

  /// RFC 8467 §4.1.
  private static final int PADDED_BLOCK = 468;

  private static final byte[] NOTHING = {};

  final ClientSubnet subnet = new ClientSubnet();
  final Cookie cookie = new Cookie();

  // What the server and the transport have for those who ask.
  private CookieSecrets secrets = CookieSecrets.NONE;
  private byte[] nsid = NOTHING;
  private boolean overTcp;
  private boolean overTls;

  private boolean isPresent;
  private int payloadSize;
  private int version;
  private boolean dnssecOk;
  private boolean asksNsid;
  private boolean asksKeepalive;
  private boolean asksPadding;

  /// Forgets the last query, and learns what can be done for the next.
  void reset(DnsSnapshot snapshot, QueryContext context) {
    secrets = snapshot.options().cookies();
    nsid = snapshot.identity().nsid();
    overTcp = context.overTcp;
    overTls = context.overTls;
    asksNsid = false;
    asksKeepalive = false;
    asksPadding = false;
    cookie.reset();
    isPresent = false;
    payloadSize = PAYLOAD_SIZE_MIN;
    version = 0;
    dnssecOk = false;
    subnet.reset();
  }

  /// Whether an OPT record was read, be its options malformed: the reply then has one.
  boolean isPresent() {
    return isPresent;
  }

  /// What the client can take over UDP: at least 512.
  int payloadSize() {
    return payloadSize;
  }

  int version() {
    return version;
  }

  /// Reads an OPT record that lies within the message.
  ///
  /// @param typeAt offset of its TYPE; the owner is the octet before
  /// @return the counter of its defect, or null
  @Nullable DnsCounter read(byte[] in, int typeAt, int rdataAt, int rdataLength) {
    if (isPresent) {
      return DnsCounter.FORMERR_OPT;
    }
    isPresent = true;
    payloadSize = Math.max(PAYLOAD_SIZE_MIN, Wire.u16(in, typeAt + 2));
    version = in[typeAt + 5] & 0xff;
    dnssecOk = (in[typeAt + 6] & 0x80) != 0;
    // Only version 0 says how its options read.
    return version == 0 ? readOptions(in, rdataAt, rdataAt + rdataLength) : null;
  }

  private @Nullable DnsCounter readOptions(byte[] in, int from, int end) {
    int at = from;
    while (at < end) {
      if (end - at < OPTION_HEAD_LENGTH) {
        return DnsCounter.FORMERR_OPT;
      }
      int code = Wire.u16(in, at);
      int length = Wire.u16(in, at + 2);
      at += OPTION_HEAD_LENGTH;
      if (length > end - at) {
        return DnsCounter.FORMERR_OPT;
      }
      DnsCounter defect = readOption(in, code, at, length);
      if (defect != null) {
        return defect;
      }
      at += length;
    }
    return null;
  }

  private @Nullable DnsCounter readOption(byte[] in, int code, int at, int length) {
    switch (code) {
      case ClientSubnet.OPTION_CODE -> {
        return subnet.read(in, at, length) ? null : DnsCounter.FORMERR_ECS;
      }
      case Cookie.OPTION_CODE -> {
        // Without secrets it is an unknown option.
        boolean isFine = secrets.count() == 0 || cookie.read(at, length);
        return isFine ? null : DnsCounter.FORMERR_COOKIE;
      }
      case KEEPALIVE -> {
        asksKeepalive = overTcp;
        return overTcp && length != 0 && length != 2 ? DnsCounter.FORMERR_OPT : null;
      }
      case NSID -> asksNsid = nsid.length > 0;
      case PADDING -> asksPadding = overTls;
      default -> {
        // unknown
      }
    }
    return null;
  }

  /// Checks the cookie that was read, if one was.
  void judgeCookie(byte[] in, QueryContext context) {
    if (!cookie.isPresent()) {
      return;
    }
    cookie.judge(in, secrets, context);
    context.count(
        switch (cookie.state()) {
          case VALID -> DnsCounter.COOKIES_VALID;
          case INVALID -> DnsCounter.COOKIES_INVALID;
          case CLIENT_ONLY, NONE -> DnsCounter.COOKIES_CLIENT_ONLY;
        });
  }

  /// Octets that the reply's OPT record may take, with the shortest padding. An Extended DNS Error
  /// is not among them: an error without text is in replies without records, which have room for it
  /// in 512 octets even with the longest name and every option; one with text is said only where
  /// there is room.
  int replyLengthMax() {
    if (!isPresent) {
      return 0;
    }
    return RECORD_LENGTH
        + (subnet.isPresent() ? subnet.replyLength() : 0)
        + cookie.replyLength()
        + (asksNsid ? OPTION_HEAD_LENGTH + nsid.length : 0)
        + (asksKeepalive ? NUMBER_OPTION_LENGTH : 0)
        + (asksPadding ? OPTION_HEAD_LENGTH : 0);
  }

  /// Writes the reply's OPT record behind all else.
  ///
  /// @param echoesSubnet whether the client subnet is among its options
  /// @return the offset behind it
  int write(byte[] in, byte[] out, int to, int rcode, boolean echoesSubnet, QueryContext context) {
    out[to] = 0;
    Wire.putU16(out, to + 1, RrType.OPT);
    Wire.putU16(out, to + 3, Responder.UDP_RESPONSE_LENGTH_MAX);
    out[to + 5] = (byte) (rcode >> 4); // RFC 6891 §6.1.3: EXTENDED-RCODE
    out[to + 6] = 0; // VERSION, ours
    Wire.putU16(out, to + 7, dnssecOk ? 0x8000 : 0);
    int end = cookie.write(out, to + RECORD_LENGTH);
    if (!context.isRateLimited) {
      end = writeWhatServerSays(out, end, context);
    }
    if (echoesSubnet) {
      end = subnet.write(in, out, end, context.scope);
    }
    if (asksPadding) {
      context.count(DnsCounter.PADDED);
      end = writePadding(out, end);
    }
    Wire.putU16(out, to + 9, end - to - RECORD_LENGTH);
    return end;
  }

  private int writeWhatServerSays(byte[] out, int to, QueryContext context) {
    int end = to;
    if (asksNsid) {
      context.count(DnsCounter.NSID);
      Wire.putU16(out, end, NSID);
      Wire.putU16(out, end + 2, nsid.length);
      System.arraycopy(nsid, 0, out, end + OPTION_HEAD_LENGTH, nsid.length);
      end += OPTION_HEAD_LENGTH + nsid.length;
    }
    if (asksKeepalive) {
      context.count(DnsCounter.KEEPALIVE);
      end = writeNumber(out, end, KEEPALIVE, Math.min(context.idleTenths, 0xffff));
    }
    if (context.extendedError != QueryContext.NO_EXTENDED_ERROR) {
      context.count(DnsCounter.EXTENDED_ERRORS);
      end = writeError(out, end, context);
    }
    return end;
  }

  /// INFO-CODE and EXTRA-TEXT, which needs no NUL behind it (RFC 8914 §2).
  private static int writeError(byte[] out, int to, QueryContext context) {
    int textAt = writeNumber(out, to, EXTENDED_ERROR, context.extendedError);
    Wire.putU16(out, to + 2, 2 + context.extraTextLength);
    System.arraycopy(context.extraText, 0, out, textAt, context.extraTextLength);
    return textAt + context.extraTextLength;
  }

  private static int writeNumber(byte[] out, int to, int code, int number) {
    Wire.putU16(out, to, code);
    Wire.putU16(out, to + 2, 2);
    Wire.putU16(out, to + OPTION_HEAD_LENGTH, number);
    return to + NUMBER_OPTION_LENGTH;
  }

  /// Fills the last block.
  private static int writePadding(byte[] out, int to) {
    int dataAt = to + OPTION_HEAD_LENGTH;
    int blocks = (dataAt + PADDED_BLOCK - 1) / PADDED_BLOCK;
    int end = Math.min(blocks * PADDED_BLOCK, Responder.MESSAGE_LENGTH_MAX);
    Wire.putU16(out, to, PADDING);
    Wire.putU16(out, to + 2, end - dataAt);
    Arrays.fill(out, dataAt, end, (byte) 0);
    return end;
  }
}
