package gslb.trials.script;

import java.io.IOException;
import java.util.Arrays;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// A record that a script expects: the owner's case counts, that of names in RDATA does not, since
/// a name compressed against the question takes its case (RFC 1035 §4.1.4).
///
/// @param text as it was written
record ExpectedRecord(String text, Record record, long ttlMin, long ttlMax) {
  private static final long TTL_MAX = (1L << 31) - 1;

  /// Reads `OWNER TTL [CLASS] TYPE RDATA`; TTL is a number, `5..30` or `*`.
  static ExpectedRecord read(Words words, String text) {
    String owner = words.next("an owner name");
    if (!owner.endsWith(".")) {
      throw words.error("owner '" + owner + "' is relative", "names end with a dot here");
    }
    String ttl = words.next("a TTL");
    int dots = ttl.indexOf("..");
    long min;
    long max;
    if (ttl.equals("*")) {
      min = 0;
      max = TTL_MAX;
    } else {
      min = words.number(dots < 0 ? ttl : ttl.substring(0, dots), "TTL", Integer.MAX_VALUE);
      max = words.number(dots < 0 ? ttl : ttl.substring(dots + 2), "TTL", Integer.MAX_VALUE);
    }
    // "ANY" is a type and a class; no record has either.
    int dclass = DClass.value(words.peek());
    if (dclass >= 0) {
      words.next("a class");
    }
    String type = words.next("a type");
    int value = Type.value(type);
    if (value < 0) {
      throw words.error("'" + type + "' is no type", "as in 'A' or 'TYPE1000'");
    }
    // The rest is dnsjava's to read, quotes and all.
    String rdata = text.substring(text.indexOf(" " + type + " ") + type.length() + 2);
    try {
      Name name = Name.fromString(owner);
      return new ExpectedRecord(
          text,
          Record.fromString(name, value, dclass < 0 ? DClass.IN : dclass, min, rdata, Name.root),
          min,
          max);
    } catch (TextParseException e) {
      throw words.error("'" + rdata + "' is no " + type, e.getMessage());
    } catch (IOException e) {
      throw words.error("'" + text + "' is no record", e.getMessage());
    }
  }

  boolean matches(Record got) {
    return got.getTTL() >= ttlMin
        && got.getTTL() <= ttlMax
        && got.getType() == record.getType()
        && got.getDClass() == record.getDClass()
        && Arrays.equals(got.getName().toWire(), record.getName().toWire())
        && Arrays.equals(got.rdataToWireCanonical(), record.rdataToWireCanonical());
  }
}
