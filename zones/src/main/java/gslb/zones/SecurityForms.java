package gslb.zones;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.xbill.DNS.CERTRecord;
import org.xbill.DNS.DNSSEC;

/// The presentation forms of record types that hold keys, digests and signatures. dnsjava reads
/// them too, but passes over characters that are no base 64, and digests that are cut.
final class SecurityForms {
  private static final int KEY = 25;
  private static final int CERT = 37;
  private static final int SSHFP = 44;
  private static final int IPSECKEY = 45;
  private static final int DNSKEY = 48;
  private static final int DHCID = 49;
  private static final int HIP = 55;
  private static final int RKEY = 57;
  private static final int CDS = 59;
  private static final int CDNSKEY = 60;
  private static final int OPENPGPKEY = 61;
  private static final int TA = 32_768;
  private static final int DLV = 32_769;

  /// Digest types of DS by number, from 1.
  private static final List<String> DIGEST_NAMES = List.of("SHA-1", "SHA-256", "GOST", "SHA-384");

  /// Octets of a digest by its type, 0 if any.
  private static final List<Integer> DIGEST_LENGTHS = List.of(0, 20, 32, 32, 48);

  private static final List<Integer> FINGERPRINT_LENGTHS = List.of(0, 20, 32);

  private static final int NO_KEY_FLAGS = 0xc000;

  private SecurityForms() {}

  /// False if the type is not one of these.
  static boolean read(int type, RdataCursor cursor) throws RdataCursor.Refusal {
    switch (type) {
      case KEY, DNSKEY, RKEY, CDNSKEY -> readKey(cursor);
      case FlatZone.TYPE_DS, CDS, DLV, TA -> readDs(type, cursor);
      case DHCID -> cursor.base64ToEnd("identifier");
      case OPENPGPKEY -> cursor.base64ToEnd("key");
      case CERT -> readCertificate(cursor);
      case SSHFP -> readFingerprint(cursor);
      case IPSECKEY -> readIpsecKey(cursor);
      case HIP -> readHip(cursor);
      case RecordTypes.SIG, RecordTypes.RRSIG -> readSignature(cursor);
      case RecordTypes.NSEC -> {
        // RFC 4034 §4.2
        cursor.name("next name");
        cursor.peek("type");
        cursor.typesToEnd();
      }
      case RecordTypes.NSEC3 -> readNsec3(cursor);
      default -> {
        return false;
      }
    }
    return true;
  }

  /// RFC 4034 §2.2; a KEY may say that it holds none (RFC 2535 §3.1.2).
  private static void readKey(RdataCursor cursor) throws RdataCursor.Refusal {
    long flags = cursor.numberOf("flags", 0xffff);
    cursor.write(flags, 2);
    cursor.number("protocol", 0xff, 1);
    algorithm(cursor);
    if (cursor.hasNext() || (flags & NO_KEY_FLAGS) != NO_KEY_FLAGS) {
      cursor.base64ToEnd("key");
    }
  }

  private static void algorithm(RdataCursor cursor) throws RdataCursor.Refusal {
    Token token = cursor.next("algorithm");
    int algorithm = DNSSEC.Algorithm.value(token.text());
    cursor.expect(
        algorithm >= 0 && !token.text().startsWith("+"),
        token,
        "is no algorithm",
        "a number from 0 to 255 or a mnemonic (RFC 4034 §A.1)",
        "use 13 or ECDSAP256SHA256");
    cursor.write(algorithm, 1);
  }

  /// RFC 4034 §5.3; a digest has the length of its type (RFC 4034 §5.1.4, RFC 4509 §2.2, RFC 5933
  /// §5.1, RFC 6605 §2). RFC 8078 §4 deletes by a CDS of zeros.
  private static void readDs(int type, RdataCursor cursor) throws RdataCursor.Refusal {
    cursor.number("key tag", 0xffff, 2);
    algorithm(cursor);
    Token digestType = cursor.peek("digest type");
    int number = DIGEST_NAMES.indexOf(digestType.text().toUpperCase(Locale.ROOT)) + 1;
    if (number > 0) {
      cursor.next("digest type");
    } else {
      number = (int) cursor.numberOf("digest type", 0xff);
    }
    cursor.write(number, 1);
    digest(cursor, RecordTypes.name(type), number, DIGEST_LENGTHS);
  }

  /// RFC 4255 §3.2, RFC 6594 §4
  private static void readFingerprint(RdataCursor cursor) throws RdataCursor.Refusal {
    cursor.number("algorithm", 0xff, 1);
    int number = (int) cursor.numberOf("fingerprint type", 0xff);
    cursor.write(number, 1);
    digest(cursor, "SSHFP", number, FINGERPRINT_LENGTHS);
  }

  private static void digest(RdataCursor cursor, String record, int number, List<Integer> lengths)
      throws RdataCursor.Refusal {
    Token digest = cursor.peek("digest");
    int before = cursor.length();
    cursor.hexToEnd("digest");
    int length = cursor.length() - before;
    int expected = number < lengths.size() ? lengths.get(number) : 0;
    cursor.expect(
        expected == 0 || length == expected,
        digest,
        "begins a digest of " + length + " octets",
        "a digest of type " + number + " has " + expected,
        "copy the " + record + " again");
  }

  /// RFC 4398 §2.2
  private static void readCertificate(RdataCursor cursor) throws RdataCursor.Refusal {
    Token type = cursor.next("type");
    int number = CERTRecord.CertificateType.value(type.text());
    cursor.expect(
        number >= 0 && number <= 0xffff,
        type,
        "is no type of certificate",
        "a number from 0 to 65535 or a mnemonic (RFC 4398 §2.1)",
        "");
    cursor.write(number, 2);
    cursor.number("key tag", 0xffff, 2);
    algorithm(cursor);
    cursor.base64ToEnd("certificate");
  }

  /// RFC 4025 §3.1; algorithm 0 is for no key.
  private static void readIpsecKey(RdataCursor cursor) throws RdataCursor.Refusal {
    cursor.number("precedence", 0xff, 1);
    Token kind = cursor.peek("gateway type");
    long gateway = cursor.numberOf("gateway type", 3);
    cursor.write(gateway, 1);
    long algorithm = cursor.numberOf("algorithm", 0xff);
    cursor.write(algorithm, 1);
    if (gateway == 0) {
      Token none = cursor.next("gateway");
      cursor.expect(
          none.text().equals("."),
          none,
          "stands where no gateway is",
          "a gateway of type " + kind.text() + " is written as a dot (RFC 4025 §3.1)",
          "");
    } else if (gateway == 3) {
      cursor.name("gateway");
    } else {
      cursor.address("gateway", gateway == 1);
    }
    if (cursor.hasNext() || algorithm != 0) {
      cursor.base64ToEnd("key");
    }
  }

  /// RFC 8005 §6: algorithm, HIT, key, servers.
  private static void readHip(RdataCursor cursor) throws RdataCursor.Refusal {
    long algorithm = cursor.numberOf("algorithm", 0xff);
    Token hit = cursor.next("HIT");
    byte[] identity = cursor.hex(hit, "HIT", hit.text());
    cursor.expect(
        identity.length > 0 && identity.length <= 0xff,
        hit,
        "has " + identity.length + " octets",
        "a HIT has 1 to 255 (RFC 8005 §5)",
        "");
    Token key = cursor.next("key");
    byte[] octets = cursor.base64(key, "key", key.text());
    cursor.write(identity.length, 1);
    cursor.write(algorithm, 1);
    cursor.write(octets.length, 2);
    cursor.write(identity);
    cursor.write(octets);
    while (cursor.hasNext()) {
      cursor.name("server");
    }
  }

  /// RFC 4034 §3.2
  private static void readSignature(RdataCursor cursor) throws RdataCursor.Refusal {
    cursor.type("type covered");
    algorithm(cursor);
    cursor.number("labels", 0xff, 1);
    cursor.number("original TTL", 0xffff_ffffL, 4);
    time(cursor, "expiration");
    time(cursor, "inception");
    cursor.number("key tag", 0xffff, 2);
    cursor.name("signer");
    cursor.base64ToEnd("signature");
  }

  /// Seconds of the epoch, or YYYYMMDDHHmmSS in UTC.
  private static void time(RdataCursor cursor, String field) throws RdataCursor.Refusal {
    Token token = cursor.peek(field);
    String text = token.text();
    if (text.length() != 14 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      cursor.number(field, 0xffff_ffffL, 4);
      return;
    }
    cursor.next(field);
    try {
      LocalDateTime time =
          LocalDateTime.of(
              Integer.parseInt(text, 0, 4, 10),
              Integer.parseInt(text, 4, 6, 10),
              Integer.parseInt(text, 6, 8, 10),
              Integer.parseInt(text, 8, 10, 10),
              Integer.parseInt(text, 10, 12, 10),
              Integer.parseInt(text, 12, 14, 10));
      cursor.write(time.toEpochSecond(ZoneOffset.UTC), 4);
    } catch (DateTimeException e) {
      cursor.expect(false, token, "is no time", "the form is YYYYMMDDHHmmSS (RFC 4034 §3.2)", "");
    }
  }

  /// RFC 5155 §3.3
  private static void readNsec3(RdataCursor cursor) throws RdataCursor.Refusal {
    cursor.number("hash algorithm", 0xff, 1);
    cursor.number("flags", 0xff, 1);
    cursor.number("iterations", 0xffff, 2);
    Token salt = cursor.next("salt");
    byte[] octets = salt.text().equals("-") ? new byte[0] : cursor.hex(salt, "salt", salt.text());
    cursor.expect(
        octets.length <= 0xff, salt, "is too long", "a salt has up to 255 octets", "shorten it");
    cursor.write(octets.length, 1);
    cursor.write(octets);
    Token next = cursor.next("next hash");
    byte[] hash = cursor.base32(next);
    cursor.write(hash.length, 1);
    cursor.write(hash);
    cursor.typesToEnd();
  }
}
