package gslb.trials.script;

import gslb.base.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A reply, and its text in the form that a script expects it in. dnsjava decodes it, but for the
/// OPT record: its options are shown whatever they hold.
///
/// @param message the reply with a record of a private type in place of OPT
@SuppressWarnings("ArrayRecordComponent")
record Reply(byte[] bytes, Message message, Optional<Opt> opt) {
  private static final int HEADER_LENGTH = 12;
  private static final int RECORD_HEAD_LENGTH = 10;
  private static final int Z_BIT = 9;

  /// Reserved for private use (RFC 6895 §3.1).
  private static final int PRIVATE_TYPE = 65_281;

  /// What an OPT record says (RFC 6891 §6.1.3).
  record Opt(int udpSize, int extendedRcode, int version, int flags, List<Option> options) {}

  /// An option: what it is called in a script, and its content.
  record Option(int code, byte[] content) {
    /// The text that a script expects it by.
    String text() {
      String hex = HexFormat.of().formatHex(content);
      return switch (code) {
        case 3 -> "nsid \"" + new String(content, StandardCharsets.UTF_8) + "\"";
        case 8 -> subnet().orElse("option 8 " + hex);
        case 10 -> "cookie " + hex;
        case 11 -> content.length == 2 ? "keepalive " + u16(content, 0) : "option 11 " + hex;
        case 12 -> "padding " + content.length;
        case 15 -> content.length >= 2 ? error() : "option 15 " + hex;
        default -> "option " + code + (hex.isEmpty() ? "" : " " + hex);
      };
    }

    private String error() {
      String text = new String(content, 2, content.length - 2, StandardCharsets.UTF_8);
      return "ede " + u16(content, 0) + (text.isEmpty() ? "" : " \"" + text + "\"");
    }

    private Optional<String> subnet() {
      int family = content.length < 4 ? 0 : u16(content, 0);
      if (family != 1 && family != 2) {
        return Optional.empty();
      }
      byte[] address = new byte[family == 1 ? 4 : 16];
      System.arraycopy(content, 4, address, 0, Math.min(address.length, content.length - 4));
      int source = content[2] & 0xff;
      boolean isExact = content.length - 4 == (source + 7) / 8;
      return isExact
          ? Optional.of("subnet " + Address.of(address) + "/" + source + "/" + (content[3] & 0xff))
          : Optional.empty();
    }
  }

  /// @throws IOException if it is no message, or not exactly one
  static Reply of(byte[] bytes) throws IOException {
    List<Integer> opts = new ArrayList<>();
    int length = length(bytes, opts);
    if (length != bytes.length) {
      throw new IOException("the message ends after " + length + " of " + bytes.length + " octets");
    }
    if (opts.size() > 1) {
      throw new IOException("it has " + opts.size() + " OPT records (RFC 6891 §6.1.1)");
    }
    byte[] decodable = bytes.clone();
    Optional<Opt> opt = Optional.empty();
    if (!opts.isEmpty()) {
      int at = opts.getFirst();
      opt = Optional.of(opt(bytes, at));
      decodable[at] = (byte) (PRIVATE_TYPE >> 8);
      decodable[at + 1] = (byte) PRIVATE_TYPE;
      Arrays.fill(decodable, at + 4, at + 8, (byte) 0);
    }
    return new Reply(bytes, new Message(decodable), opt);
  }

  /// The octets that the counts of the header account for.
  ///
  /// @param opts gets the offsets of the TYPE of each OPT record
  private static int length(byte[] bytes, List<Integer> opts) throws IOException {
    if (bytes.length < HEADER_LENGTH) {
      throw new IOException("it has " + bytes.length + " octets, fewer than a header");
    }
    try {
      int at = HEADER_LENGTH;
      for (int i = 0; i < u16(bytes, 4); i++) {
        at = nameEnd(bytes, at) + 4;
      }
      int records = u16(bytes, 6) + u16(bytes, 8) + u16(bytes, 10);
      for (int i = 0; i < records; i++) {
        int typeAt = nameEnd(bytes, at);
        if (u16(bytes, typeAt) == Type.OPT) {
          requireOpt(bytes, at, i >= u16(bytes, 6) + u16(bytes, 8));
          opts.add(typeAt);
        }
        at = typeAt + RECORD_HEAD_LENGTH + u16(bytes, typeAt + 8);
      }
      return at;
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new IOException("a section is cut off", e);
    }
  }

  private static void requireOpt(byte[] bytes, int ownerAt, boolean isAdditional)
      throws IOException {
    if (!isAdditional || bytes[ownerAt] != 0) {
      throw new IOException(
          "an OPT record is not at the root, or not in additional (RFC 6891 §6.1.1, §6.1.2)");
    }
  }

  private static Opt opt(byte[] bytes, int typeAt) throws IOException {
    List<Option> options = new ArrayList<>();
    int at = typeAt + RECORD_HEAD_LENGTH;
    int end = at + u16(bytes, typeAt + 8);
    while (at < end) {
      int contentAt = at + 4;
      int length = contentAt <= end ? u16(bytes, at + 2) : end;
      if (contentAt + length > end) {
        throw new IOException("an option is cut off (RFC 6891 §6.1.2)");
      }
      options.add(
          new Option(u16(bytes, at), Arrays.copyOfRange(bytes, contentAt, contentAt + length)));
      at = contentAt + length;
    }
    return new Opt(
        u16(bytes, typeAt + 2),
        bytes[typeAt + 4] & 0xff,
        bytes[typeAt + 5] & 0xff,
        u16(bytes, typeAt + 6),
        options);
  }

  private static int nameEnd(byte[] bytes, int from) {
    int at = from;
    while (bytes[at] != 0) {
      int label = bytes[at] & 0xff;
      if (label >= 0xc0) {
        return at + 2;
      }
      at += label + 1;
    }
    return at + 1;
  }

  static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  int id() {
    return u16(bytes, 0);
  }

  int opcode() {
    return bytes[2] >> 3 & 0xf;
  }

  boolean isResponse() {
    return bytes[2] < 0;
  }

  String rcode() {
    return Rcode.string(opt.map(Opt::extendedRcode).orElse(0) << 4 | bytes[3] & 0xf);
  }

  /// The flags that are set, but QR, in the order of the header.
  List<String> flags() {
    List<String> flags = new ArrayList<>();
    for (int flag = Flags.AA; flag <= Flags.CD; flag++) {
      if ((u16(bytes, 2) & 1 << 15 - flag) != 0) {
        flags.add(flag == Z_BIT ? "z" : Flags.string(flag));
      }
    }
    return flags;
  }

  /// The octets of the question section.
  byte[] question() {
    int end = HEADER_LENGTH;
    for (int i = 0; i < u16(bytes, 4); i++) {
      end = nameEnd(bytes, end) + 4;
    }
    return Arrays.copyOfRange(bytes, HEADER_LENGTH, end);
  }

  String questionText() {
    List<Record> questions = message.getSection(Section.QUESTION);
    return questions.isEmpty()
        ? "none"
        : String.join(", ", questions.stream().map(Reply::questionText).toList());
  }

  private static String questionText(Record question) {
    String text = question.getName() + " " + Type.string(question.getType());
    return question.getDClass() == DClass.IN
        ? text
        : text + " " + DClass.string(question.getDClass());
  }

  /// The records of a section, but OPT.
  List<Record> records(int section) {
    return message.getSection(section).stream().filter(r -> r.getType() != PRIVATE_TYPE).toList();
  }

  static String text(Record record) {
    String rdata =
        record instanceof AAAARecord aaaa
            ? Address.of(aaaa.getAddress()).toString()
            : record.rdataToString();
    String dclass = record.getDClass() == DClass.IN ? "" : DClass.string(record.getDClass()) + " ";
    return "%s %d %s%s %s"
        .formatted(record.getName(), record.getTTL(), dclass, Type.string(record.getType()), rdata);
  }

  List<Option> options() {
    return opt.map(Opt::options).orElse(List.of());
  }

  /// The cookie, if it has a server's part.
  Optional<byte[]> cookie() {
    return options().stream()
        .filter(o -> o.code() == 10 && o.content().length == Query.COOKIE_LENGTH)
        .map(Option::content)
        .findFirst();
  }
}
