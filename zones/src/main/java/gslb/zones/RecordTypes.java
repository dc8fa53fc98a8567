package gslb.zones;

import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.Type;

/// Mnemonics of record types.
final class RecordTypes {
  static final int MX = 15;
  static final int TXT = 16;
  static final int SIG = 24;
  static final int KEY = 25;
  static final int NXT = 30;
  static final int SRV = 33;
  static final int OPT = 41;
  static final int RRSIG = 46;
  static final int NSEC = 47;
  static final int NSEC3 = 50;

  /// No such type.
  static final int UNKNOWN = -1;

  private static final int META_FIRST = 128;
  private static final int META_LAST = 255;
  private static final int LAST_TYPE = 65_535;

  /// Names of types that the parser of RDATA does not know by name.
  private static final String[] LATER_NAMES = {"DSYNC", "HHIT", "BRID", "RESINFO", "WALLET"};

  private static final int[] LATER_TYPES = {66, 67, 68, 261, 262};

  private static final String[] HINTS = {
    "A",
    "AAAA",
    "AFSDB",
    "AMTRELAY",
    "APL",
    "CAA",
    "CDNSKEY",
    "CDS",
    "CERT",
    "CNAME",
    "CSYNC",
    "DHCID",
    "DNAME",
    "DNSKEY",
    "DS",
    "DSYNC",
    "EUI48",
    "EUI64",
    "HINFO",
    "HTTPS",
    "LOC",
    "MX",
    "NAPTR",
    "NS",
    "OPENPGPKEY",
    "PTR",
    "RP",
    "SOA",
    "SRV",
    "SSHFP",
    "SVCB",
    "TLSA",
    "TXT",
    "URI",
    "ZONEMD",
  };

  private RecordTypes() {}

  /// The type of that mnemonic or `TYPEnnn` (RFC 3597 §5), or {@link #UNKNOWN}.
  static int parse(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    if (name.startsWith("TYPE")) {
      return number(name);
    }
    for (int i = 0; i < LATER_NAMES.length; i++) {
      if (LATER_NAMES[i].equals(name)) {
        return LATER_TYPES[i];
      }
    }
    return Type.value(name);
  }

  private static int number(String name) {
    int value = 0;
    for (int i = 4; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        return UNKNOWN;
      }
      value = value * 10 + c - '0';
      if (value > LAST_TYPE) {
        return UNKNOWN;
      }
    }
    return name.length() > 4 ? value : UNKNOWN;
  }

  /// QTYPEs and meta types (RFC 6895 §3.1), which never are zone data.
  static boolean isMeta(int type) {
    return type == 0 || type == OPT || type >= META_FIRST && type <= META_LAST || type == LAST_TYPE;
  }

  /// What may stand beside a CNAME: what signs and denies it (RFC 4035 §2.5, RFC 2181 §10.1).
  static boolean isBesideCname(int type) {
    return type == RRSIG || type == NSEC || type == SIG || type == KEY || type == NXT;
  }

  static String name(int type) {
    for (int i = 0; i < LATER_TYPES.length; i++) {
      if (LATER_TYPES[i] == type) {
        return LATER_NAMES[i];
      }
    }
    return Type.string(type);
  }

  /// A mnemonic that is at most two edits away.
  static Optional<String> nearest(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    String nearest = "";
    int fewest = Math.min(3, name.length());
    for (String hint : HINTS) {
      int edits = name.length() > 16 ? 3 : edits(name, hint);
      if (edits < fewest) {
        fewest = edits;
        nearest = hint;
      }
    }
    return nearest.isEmpty() ? Optional.empty() : Optional.of(nearest);
  }

  /// Levenshtein distance, a swap of neighbours counted as one.
  private static int edits(String a, String b) {
    int[][] table = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          table[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best =
            Math.min(table[i - 1][j - 1] + change, 1 + Math.min(table[i - 1][j], table[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, table[i - 2][j - 2] + 1);
        }
        table[i][j] = best;
      }
    }
    return table[a.length()][b.length()];
  }
}
