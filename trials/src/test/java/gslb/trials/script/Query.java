package gslb.trials.script;

import gslb.base.Address;
import gslb.base.SourceSpan;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// One query of a script, with the words of `dig`. Nothing is sent that is not written: no RD, no
/// AD, no EDNS.
///
/// @param text as it was written
/// @param message the octets; where the last cookie belongs, as many zeros
/// @param questionLength octets of the question, 0 if there is none, -1 for raw octets
/// @param cookieAt where the cookie got last goes into the message, -1 for nowhere
@SuppressWarnings("ArrayRecordComponent")
record Query(
    SourceSpan where,
    String text,
    Address from,
    List<Over> over,
    byte[] message,
    int questionLength,
    int cookieAt) {
  static final Address LOCALHOST = Address.of("127.0.0.1");

  private static final int HEADER_LENGTH = 12;

  /// Octets of a cookie with the server's part as RFC 9018 §4 makes it.
  static final int COOKIE_LENGTH = 24;

  /// What `dig` has to say because it is not its default, and what is ours.
  private static final List<String> DEFAULTS =
      List.of("+noedns", "+noad", "+norec", "+nocookie", "+noednsneg", "+ignore", "+notcp");

  /// What the query says that the reply is held against.
  ///
  /// @param question the octets of the question
  record Asked(int id, int opcode, byte[] question, boolean hasEdns, int payloadSize, int flags) {}

  static Query read(SourceSpan where, String text, List<String> block) {
    Words words = new Words(where, text);
    return words.takes("raw") ? raw(words, text, block) : new Builder(words).read(text, block);
  }

  private static Query raw(Words words, String text, List<String> block) {
    StringBuilder hex = new StringBuilder();
    while (!words.isEmpty() && !words.peek().equals("from") && !words.peek().equals("over")) {
      hex.append(words.next("octets"));
    }
    for (String line : block) {
      int comment = line.indexOf(';');
      hex.append((comment < 0 ? line : line.substring(0, comment)).replace(" ", ""));
    }
    byte[] message = words.hex(hex.toString());
    Travel travel = Travel.read(words);
    words.end();
    return new Query(words.where(), text, travel.from(), travel.over(), message, -1, -1);
  }

  /// Where a query comes from, and over what.
  private record Travel(Address from, List<Over> over) {
    static Travel read(Words words) {
      Address from = LOCALHOST;
      List<Over> over = Over.UNLESS_STATED;
      while (true) {
        if (words.takes("from")) {
          String address = words.next("an address");
          from =
              Address.parse(address)
                  .orElseThrow(() -> words.error("'" + address + "' is no address", ""));
        } else if (words.takes("over")) {
          over = List.of(over(words));
        } else {
          return new Travel(from, over);
        }
      }
    }

    private static Over over(Words words) {
      String name = words.next("a transport");
      for (Over each : Over.values()) {
        if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
          return each;
        }
      }
      throw words.error("'" + name + "' is no transport", "udp, tcp or tls");
    }
  }

  /// The octets to send.
  ///
  /// @param cookie the last cookie that a reply had, {@link #COOKIE_LENGTH} octets
  byte[] toSend(Optional<byte[]> cookie) {
    if (cookieAt < 0) {
      return message;
    }
    byte[] got =
        cookie.orElseThrow(
            () -> new ScriptError(where, "'+cookie=again', and no reply had a cookie", ""));
    byte[] complete = message.clone();
    System.arraycopy(got, 0, complete, cookieAt, COOKIE_LENGTH);
    return complete;
  }

  /// What a reply is held against. Of raw octets as much as they hold.
  Asked asked() {
    int id = u16(0);
    int opcode = message.length > 2 ? message[2] >> 3 & 0xf : 0;
    byte[] question = new byte[Math.max(0, questionLength)];
    System.arraycopy(
        message, Math.min(message.length, HEADER_LENGTH), question, 0, question.length);
    Optional<Integer> opt = questionLength < 0 ? Optional.empty() : opt();
    return new Asked(
        id,
        opcode,
        question,
        opt.isPresent(),
        opt.map(at -> Math.max(512, u16(at + 3))).orElse(512),
        opt.map(at -> u16(at + 7)).orElse(0));
  }

  /// Where the OPT record begins, which is the first record behind the question.
  private Optional<Integer> opt() {
    int at = HEADER_LENGTH + questionLength;
    return u16(10) > 0 && u16(at + 1) == Type.OPT ? Optional.of(at) : Optional.empty();
  }

  private int u16(int at) {
    return at + 1 < message.length ? (message[at] & 0xff) << 8 | message[at + 1] & 0xff : 0;
  }

  /// Reads the words and writes the octets.
  private static final class Builder {
    private final Words words;
    private final ByteArrayOutputStream options = new ByteArrayOutputStream();
    private final ByteArrayOutputStream appended = new ByteArrayOutputStream();
    private final List<int[]> counts = new ArrayList<>();
    private int id;
    private int flags;
    private boolean hasQuestion = true;
    private boolean hasEdns;
    private int payloadSize = 1232;
    private int version;
    private int ednsFlags;
    private int cookieInOptions = -1;

    Builder(Words words) {
      this.words = words;
      this.id = words.where().line() & 0xffff;
    }

    Query read(String text, List<String> block) {
      if (!block.isEmpty()) {
        throw words.error("the query has indented lines", "only 'query raw' has them");
      }
      ByteArrayOutputStream question = new ByteArrayOutputStream();
      if (!words.peek().startsWith("+")) {
        readQuestion(question);
      }
      while (words.peek().startsWith("+")) {
        readOption(words.next("an option"));
      }
      Travel travel = Travel.read(words);
      words.end();
      if (hasQuestion && question.size() == 0) {
        throw words.error("there is no question", "a name and a type, or '+header-only'");
      }
      byte[] asked = hasQuestion ? question.toByteArray() : new byte[0];
      byte[] message = message(asked);
      int cookieAt = cookieInOptions < 0 ? -1 : HEADER_LENGTH + asked.length + 11 + cookieInOptions;
      return new Query(
          words.where(), text, travel.from(), travel.over(), message, asked.length, cookieAt);
    }

    private void readQuestion(ByteArrayOutputStream question) {
      String name = words.next("a name");
      try {
        question.writeBytes(Name.fromString(name, Name.root).toWire());
      } catch (TextParseException e) {
        throw words.error("'" + name + "' is no name", e.getMessage());
      }
      String type = words.next("a type");
      int value = Type.value(type);
      if (value < 0) {
        throw words.error("'" + type + "' is no type", "as in 'A' or 'TYPE1000'");
      }
      u16(question, value);
      int qclass = words.isEmpty() ? -1 : DClass.value(words.peek());
      if (qclass >= 0) {
        words.next("a class");
      }
      u16(question, qclass < 0 ? DClass.IN : qclass);
    }

    private void readOption(String option) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      if (!readHeader(name, value) && !readEdns(name, value) && !DEFAULTS.contains(option)) {
        throw words.error("'" + option + "' is no option of a query", "docs/scripts.md lists them");
      }
    }

    private boolean readHeader(String name, String value) {
      switch (name) {
        case "+aa" -> flags |= 0x0400;
        case "+tc" -> flags |= 0x0200;
        case "+rec", "+rd" -> flags |= 0x0100;
        case "+ra" -> flags |= 0x0080;
        case "+zflag" -> flags |= 0x0040;
        case "+ad" -> flags |= 0x0020;
        case "+cd" -> flags |= 0x0010;
        case "+qr" -> flags |= 0x8000;
        case "+rcode" -> flags |= words.number(value, "RCODE", 15);
        case "+opcode" -> flags |= words.number(value, "opcode", 15) << 11;
        case "+id" -> id = words.number(value, "ID", 0xffff);
        case "+header-only" -> hasQuestion = false;
        case "+qdcount" -> counts.add(new int[] {4, words.number(value, "count", 0xffff)});
        case "+ancount" -> counts.add(new int[] {6, words.number(value, "count", 0xffff)});
        case "+nscount" -> counts.add(new int[] {8, words.number(value, "count", 0xffff)});
        case "+arcount" -> counts.add(new int[] {10, words.number(value, "count", 0xffff)});
        case "+append" -> appended.writeBytes(words.hex(value));
        default -> {
          return false;
        }
      }
      return true;
    }

    private boolean readEdns(String name, String value) {
      switch (name) {
        case "+edns" -> version = value.isEmpty() ? 0 : words.number(value, "version", 255);
        case "+bufsize" -> payloadSize = words.number(value, "size", 0xffff);
        case "+dnssec" -> ednsFlags |= 0x8000;
        case "+ednsflags" -> ednsFlags |= words.number(value, "flags", 0xffff);
        case "+ednsopt" -> rawOption(value);
        case "+subnet" -> subnet(value);
        case "+nsid" -> option(3, new byte[0]);
        case "+expire" -> option(9, new byte[0]);
        case "+keepalive" -> option(11, new byte[0]);
        case "+padding" -> option(12, new byte[words.number(value, "length", 4096)]);
        case "+cookie" -> cookie(value);
        default -> {
          return false;
        }
      }
      hasEdns = true;
      return true;
    }

    private void rawOption(String value) {
      int colon = value.indexOf(':');
      String code = colon < 0 ? value : value.substring(0, colon);
      option(
          words.number(code, "option code", 0xffff),
          colon < 0 ? new byte[0] : words.hex(value.substring(colon + 1)));
    }

    private void subnet(String value) {
      if (value.equals("0")) {
        option(8, HexFormat.of().parseHex("00000000"));
        return;
      }
      int slash = value.indexOf('/');
      Optional<Address> address = Address.parse(slash < 0 ? "" : value.substring(0, slash));
      if (address.isEmpty()) {
        throw words.error("'" + value + "' is no subnet", "as in 198.51.100.0/24, or 0");
      }
      boolean isV4 = address.get().isV4();
      int length = words.number(value.substring(slash + 1), "prefix length", isV4 ? 32 : 128);
      ByteArrayOutputStream subnet = new ByteArrayOutputStream();
      u16(subnet, isV4 ? 1 : 2);
      subnet.write(length);
      subnet.write(0);
      subnet.write(address.get().toBytes(), 0, (length + 7) / 8);
      option(8, subnet.toByteArray());
    }

    private void cookie(String value) {
      if (value.equals("again")) {
        cookieInOptions = options.size() + 4;
        option(10, new byte[COOKIE_LENGTH]);
      } else {
        option(10, words.hex(value.isEmpty() ? "0102030405060708" : value));
      }
    }

    private void option(int code, byte[] content) {
      u16(options, code);
      u16(options, content.length);
      options.writeBytes(content);
    }

    private byte[] message(byte[] question) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      u16(out, id);
      u16(out, flags);
      u16(out, hasQuestion ? 1 : 0);
      u16(out, 0);
      u16(out, 0);
      u16(out, hasEdns ? 1 : 0);
      out.writeBytes(question);
      if (hasEdns) {
        out.write(0);
        u16(out, Type.OPT);
        u16(out, payloadSize);
        out.write(0);
        out.write(version);
        u16(out, ednsFlags);
        u16(out, options.size());
        out.writeBytes(options.toByteArray());
      }
      out.writeBytes(appended.toByteArray());
      byte[] message = out.toByteArray();
      for (int[] count : counts) {
        message[count[0]] = (byte) (count[1] >> 8);
        message[count[0] + 1] = (byte) count[1];
      }
      return message;
    }

    private static void u16(ByteArrayOutputStream out, int value) {
      out.write(value >> 8);
      out.write(value);
    }
  }
}
