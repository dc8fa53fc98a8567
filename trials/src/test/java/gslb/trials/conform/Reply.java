package gslb.trials.conform;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What one server replied, in a form that compares.
///
/// @param question the octets of the question section
/// @param answer RRsets by owner and type: TTLs and RDATA, without order and without the case of
///     names
/// @param opt version, extended RCODE and DO of the OPT record, or nothing; its options and payload
///     size are each server's own
@SuppressWarnings("ArrayRecordComponent")
record Reply(
    int length,
    byte[] question,
    String rcode,
    boolean isAuthoritative,
    boolean isTruncated,
    Map<String, String> answer,
    Map<String, String> authority,
    Map<String, String> additional,
    String opt,
    Message message) {

  /// What is compared, one by one.
  enum Aspect {
    QUESTION,
    RCODE,
    AA,
    ANSWER,
    AUTHORITY,
    ADDITIONAL,
    OPT
  }

  static Reply of(byte[] bytes, Question asked) {
    Message message;
    try {
      message = new Message(bytes);
    } catch (IOException e) {
      throw new AssertionError(
          "the reply to " + asked + " is no message: " + HexFormat.of().formatHex(bytes), e);
    }
    int questionEnd = 12 + asked.qname().length + 4;
    return new Reply(
        bytes.length,
        Arrays.copyOfRange(bytes, 12, Math.min(bytes.length, questionEnd)),
        Rcode.string(message.getRcode()),
        message.getHeader().getFlag(Flags.AA),
        message.getHeader().getFlag(Flags.TC),
        rrsets(message, Section.ANSWER),
        rrsets(message, Section.AUTHORITY),
        rrsets(message, Section.ADDITIONAL),
        opt(message.getOPT()),
        message);
  }

  private static Map<String, String> rrsets(Message message, int section) {
    Map<String, List<String>> byKey = new TreeMap<>();
    for (Record each : message.getSection(section)) {
      if (each.getType() != Type.OPT) {
        byKey
            .computeIfAbsent(key(each), k -> new ArrayList<>())
            .add(each.getTTL() + " " + HexFormat.of().formatHex(each.rdataToWireCanonical()));
      }
    }
    Map<String, String> rrsets = new TreeMap<>();
    byKey.forEach(
        (key, records) -> {
          records.sort(null);
          rrsets.put(key, String.join(", ", new LinkedHashSet<>(records)));
        });
    return rrsets;
  }

  static String key(Record record) {
    return HexFormat.of().formatHex(record.getName().toWireCanonical())
        + " "
        + Type.string(record.getType());
  }

  private static String opt(OPTRecord opt) {
    return opt == null
        ? ""
        : opt.getVersion() + " " + opt.getExtendedRcode() + " " + opt.getFlags();
  }

  Object aspect(Aspect aspect) {
    return switch (aspect) {
      case QUESTION -> HexFormat.of().formatHex(question);
      case RCODE -> rcode;
      case AA -> isAuthoritative;
      case ANSWER -> answer;
      case AUTHORITY -> authority;
      case ADDITIONAL -> additional;
      case OPT -> opt;
    };
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(rcode);
    text.append(isAuthoritative ? " aa" : "").append(isTruncated ? " tc" : "");
    for (int section = Section.ANSWER; section <= Section.ADDITIONAL; section++) {
      for (Record each : message.getSection(section)) {
        text.append("\n    ").append(Section.string(section)).append(' ').append(each);
      }
    }
    return text.toString();
  }
}
