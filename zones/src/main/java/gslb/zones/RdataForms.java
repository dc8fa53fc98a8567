package gslb.zones;

import gslb.base.DnsName;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;

/// The presentation forms of record types that dnsjava does not read, each by the document that
/// defines it, and the form for all types, `\# LENGTH HEX` (RFC 3597 §5).
final class RdataForms {
  private static final int WKS = 11;
  private static final int EID = 31;
  private static final int NIMLOC = 32;
  private static final int ATMA = 34;
  private static final int SINK = 40;
  private static final int NINFO = 56;
  private static final int RKEY = 57;
  private static final int TALINK = 58;
  private static final int CSYNC = 62;
  private static final int DSYNC = 66;
  private static final int HHIT = 67;
  private static final int BRID = 68;
  private static final int SPF = 99;
  private static final int NID = 104;
  private static final int L32 = 105;
  private static final int L64 = 106;
  private static final int LP = 107;
  private static final int EUI48 = 108;
  private static final int EUI64 = 109;
  private static final int AVC = 258;
  private static final int DOA = 259;
  private static final int AMTRELAY = 260;
  private static final int RESINFO = 261;
  private static final int WALLET = 262;
  private static final int TA = 32_768;

  private static final int LOC = 29;
  private static final String GENERIC = "\\#";

  private RdataForms() {}

  /// What the fields stand for, or null if the type is left to dnsjava.
  static RdataParser.@Nullable Outcome read(
      int type, Token typeToken, List<Token> rdata, DnsName origin) {
    RdataCursor cursor = new RdataCursor(type, typeToken, rdata, origin);
    try {
      if (!rdata.isEmpty() && rdata.getFirst().is(GENERIC)) {
        return new RdataParser.Outcome.Octets(generic(type, cursor));
      }
      return read(type, cursor) ? new RdataParser.Outcome.Octets(cursor.end()) : null;
    } catch (RdataCursor.Refusal e) {
      return new RdataParser.Outcome.Refused(e.defect());
    }
  }

  /// False if the type is not one of these.
  private static boolean read(int type, RdataCursor cursor) throws RdataCursor.Refusal {
    switch (type) {
      // RFC 9606 §4 for RESINFO; the others are registered with the form of TXT.
      case NINFO, AVC, RESINFO, WALLET -> cursor.strings("string");
      case EID, NIMLOC -> cursor.hexToEnd("address");
      case HHIT, BRID -> cursor.base64ToEnd("CBOR");
      case TALINK -> {
        cursor.name("previous");
        cursor.name("next");
      }
      case WKS -> {
        return readBareWks(cursor);
      }
      case ATMA -> readAtma(cursor);
      case SINK -> {
        cursor.number("meaning", 0xff, 1);
        cursor.number("coding", 0xff, 1);
        cursor.number("subcoding", 0xff, 1);
        if (cursor.hasNext()) {
          cursor.base64ToEnd("octets");
        }
      }
      case LOC -> LocationForm.read(cursor);
      case CSYNC -> {
        // RFC 7477 §2.1
        cursor.number("serial", 0xffff_ffffL, 4);
        cursor.number("flags", 0xffff, 2);
        cursor.typesToEnd();
      }
      case DSYNC -> readDsync(cursor);
      case NID, L64 -> {
        // RFC 6742 §2.1.1, §2.3.1
        cursor.number("preference", 0xffff, 2);
        readGroups(cursor, type == NID ? "node identifier" : "locator");
      }
      case L32 -> {
        // RFC 6742 §2.2.1
        cursor.number("preference", 0xffff, 2);
        cursor.address("locator", true);
      }
      case LP -> {
        // RFC 6742 §2.4.1
        cursor.number("preference", 0xffff, 2);
        cursor.name("pointer");
      }
      case EUI48 -> readEui(cursor, 6);
      case EUI64 -> readEui(cursor, 8);
      case DOA -> readDoa(cursor);
      case AMTRELAY -> readAmtRelay(cursor);
      default -> {
        return SecurityForms.read(type, cursor);
      }
    }
    return true;
  }

  /// RFC 7043 §3.2, §4.2: octets of two hexadecimal digits with hyphens between.
  private static void readEui(RdataCursor cursor, int octets) throws RdataCursor.Refusal {
    Token token = cursor.next("address");
    String text = token.text();
    boolean isWellFormed = text.length() == octets * 3 - 1;
    for (int i = 0; isWellFormed && i < text.length(); i++) {
      char c = text.charAt(i);
      isWellFormed = i % 3 == 2 ? c == '-' : Character.digit(c, 16) >= 0 && c < 0x80;
    }
    cursor.expect(
        isWellFormed,
        token,
        "is not an EUI-" + octets * 8,
        octets + " octets of two hexadecimal digits with hyphens between (RFC 7043)",
        "write it as 00-00-5e-00-53-2a" + (octets == 8 ? "-00-2a" : ""));
    for (int i = 0; i < text.length(); i += 3) {
      cursor.write(Integer.parseInt(text, i, i + 2, 16), 1);
    }
  }

  /// RFC 6742 §2.1.1: four groups of up to four hexadecimal digits; none may be left out.
  private static void readGroups(RdataCursor cursor, String field) throws RdataCursor.Refusal {
    Token token = cursor.next(field);
    String[] groups = token.text().split(":", -1);
    boolean isWellFormed = groups.length == 4;
    for (String group : groups) {
      isWellFormed &= !group.isEmpty() && group.length() <= 4;
      isWellFormed &= group.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0);
    }
    cursor.expect(
        isWellFormed,
        token,
        "is no " + field,
        "four groups of up to four hexadecimal digits with colons between (RFC 6742 §2.1.1)",
        "write it as 14:4fff:ff20:ee64");
    for (String group : groups) {
      cursor.write(Integer.parseInt(group, 16), 2);
    }
  }

  /// RFC 9859 §2: the scheme is NOTIFY or a number.
  private static void readDsync(RdataCursor cursor) throws RdataCursor.Refusal {
    cursor.type("type");
    if (cursor.isNext("NOTIFY")) {
      cursor.next("scheme");
      cursor.write(1, 1);
    } else {
      cursor.number("scheme", 0xff, 1);
    }
    cursor.number("port", 0xffff, 2);
    cursor.name("target");
  }

  /// RFC 8777 §4.3: precedence, whether discovery is optional, kind of relay, relay.
  private static void readAmtRelay(RdataCursor cursor) throws RdataCursor.Refusal {
    cursor.number("precedence", 0xff, 1);
    Token optional = cursor.next("discovery-optional");
    cursor.expect(
        optional.text().equals("0") || optional.text().equals("1"),
        optional,
        "is no discovery-optional",
        "it is 0 or 1 (RFC 8777 §4.3.2)",
        "");
    Token kind = cursor.next("type");
    String text = kind.text();
    cursor.expect(
        text.length() == 1 && text.charAt(0) >= '0' && text.charAt(0) <= '3',
        kind,
        "is no type of relay",
        "0 none, 1 IPv4, 2 IPv6, 3 a name (RFC 8777 §4.2.3)",
        "");
    cursor.write((optional.text().equals("1") ? 0x80 : 0) | text.charAt(0) - '0', 1);
    switch (text.charAt(0)) {
      case '0' -> {
        Token none = cursor.next("relay");
        cursor.expect(
            none.text().equals("."),
            none,
            "stands where no relay is",
            "a relay of type 0 is written as a dot (RFC 8777 §4.3.1)",
            "");
      }
      case '1' -> cursor.address("relay", true);
      case '2' -> cursor.address("relay", false);
      default -> cursor.name("relay");
    }
  }

  /// Enterprise, type, location, media type, data in base64 or a hyphen for none.
  private static void readDoa(RdataCursor cursor) throws RdataCursor.Refusal {
    cursor.number("enterprise", 0xffff_ffffL, 4);
    cursor.number("type", 0xffff_ffffL, 4);
    cursor.number("location", 0xff, 1);
    cursor.string("media type");
    if (cursor.isNext("-")) {
      cursor.next("data");
    } else {
      cursor.base64ToEnd("data");
    }
  }

  /// An E.164 number behind a plus, or an address of an ATM end system in hexadecimal digits; dots
  /// are for the eye.
  private static void readAtma(RdataCursor cursor) throws RdataCursor.Refusal {
    Token token = cursor.next("address");
    boolean isNumber = token.text().startsWith("+");
    String digits = token.text().substring(isNumber ? 1 : 0).replace(".", "");
    boolean isWellFormed = !digits.isEmpty() && (isNumber || digits.length() % 2 == 0);
    isWellFormed &=
        digits.chars().allMatch(c -> c < 0x80 && Character.digit(c, isNumber ? 10 : 16) >= 0);
    cursor.expect(
        isWellFormed,
        token,
        "is no ATM address",
        "digits behind a plus, or pairs of hexadecimal digits",
        "write it as +358400100200 or 39246f00");
    cursor.write(isNumber ? 1 : 0, 1);
    for (int i = 0; i < digits.length(); i += isNumber ? 1 : 2) {
      cursor.write(isNumber ? digits.charAt(i) : Integer.parseInt(digits, i, i + 2, 16), 1);
    }
  }

  /// RFC 1035 §3.4.2 with no service, which dnsjava does not write; others are left to it.
  private static boolean readBareWks(RdataCursor cursor) throws RdataCursor.Refusal {
    if (cursor.count() != 2) {
      return false;
    }
    cursor.address("address", true);
    if (cursor.isNext("TCP") || cursor.isNext("UDP")) {
      cursor.write(cursor.next("protocol").is("TCP") ? 6 : 17, 1);
    } else {
      cursor.number("protocol", 0xff, 1);
    }
    return true;
  }

  private static byte[] generic(int type, RdataCursor cursor) throws RdataCursor.Refusal {
    Token marker = cursor.next(GENERIC);
    Token length = cursor.peek("length");
    long octets = cursor.numberOf("length", RdataParser.RDATA_LENGTH_MAX);
    if (octets > 0) {
      cursor.hexToEnd("octets");
    }
    byte[] rdata = cursor.end();
    cursor.expect(
        rdata.length == octets,
        length,
        "is not the " + rdata.length + " octets that follow",
        "the form is \\# LENGTH HEX (RFC 3597 §5)",
        "correct one of them");
    cursor.expect(
        isWellFormed(type, rdata),
        marker,
        "stands before octets that are no RDATA of " + RecordTypes.name(type),
        "a known type has the wire form that its document gives, with names uncompressed",
        "correct them, or write the type's own form");
    return rdata;
  }

  /// Whether the octets have the wire form of the type, as far as that is known.
  private static boolean isWellFormed(int type, byte[] rdata) {
    return switch (type) {
      case RecordTypes.TXT, SPF, NINFO, AVC, RESINFO, WALLET -> areStrings(rdata);
      case EID, NIMLOC, HHIT, BRID, SINK, RKEY, ATMA -> rdata.length > 0;
      case TALINK -> areNames(rdata, 0, 2);
      case WKS -> rdata.length >= 5;
      case TA -> rdata.length > 4;
      case CSYNC -> rdata.length >= 6 && isTypeBitmap(rdata, 6);
      case DSYNC -> areNames(rdata, 5, 1);
      case NID, L64 -> rdata.length == 10;
      case L32, EUI48 -> rdata.length == 6;
      case LP -> areNames(rdata, 2, 1);
      case EUI64 -> rdata.length == 8;
      case DOA -> rdata.length >= 10 && rdata.length >= 10 + (rdata[9] & 0xff);
      case AMTRELAY -> isAmtRelay(rdata);
      default -> isWellFormedByDnsjava(type, rdata);
    };
  }

  private static boolean isAmtRelay(byte[] rdata) {
    return rdata.length >= 2
        && switch (rdata[1] & 0x7f) {
          case 0 -> rdata.length == 2;
          case 1 -> rdata.length == 6;
          case 2 -> rdata.length == 18;
          case 3 -> areNames(rdata, 2, 1);
          default -> true;
        };
  }

  private static boolean areStrings(byte[] rdata) {
    int at = 0;
    while (at < rdata.length) {
      at += 1 + (rdata[at] & 0xff);
    }
    return rdata.length > 0 && at == rdata.length;
  }

  private static boolean areNames(byte[] rdata, int offset, int count) {
    int at = offset;
    for (int i = 0; i < count; i++) {
      try {
        at += DnsName.ofWire(rdata, at).wireLength();
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return at == rdata.length;
  }

  /// RFC 4034 §4.1.2
  private static boolean isTypeBitmap(byte[] rdata, int offset) {
    int at = offset;
    int window = -1;
    while (at + 2 < rdata.length) {
      int length = rdata[at + 1] & 0xff;
      if ((rdata[at] & 0xff) <= window || length == 0 || length > 32) {
        return false;
      }
      window = rdata[at] & 0xff;
      at += 2 + length;
    }
    return at == rdata.length;
  }

  /// Whether dnsjava reads the octets and writes the same ones.
  private static boolean isWellFormedByDnsjava(int type, byte[] rdata) {
    try {
      var record =
          org.xbill.DNS.Record.newRecord(Name.root, type, DClass.IN, 0, rdata.length, rdata);
      byte[] wire = record.toWire(Section.ANSWER);
      return Arrays.equals(rdata, Arrays.copyOfRange(wire, RdataParser.HEADER_LENGTH, wire.length));
    } catch (RuntimeException e) {
      // No record is returned for what cannot be read, and some that can be cannot be written.
      return false;
    }
  }
}
