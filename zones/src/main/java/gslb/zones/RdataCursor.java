package gslb.zones;

import gslb.base.Address;
import gslb.base.DnsName;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/// Reads the fields of one record in their order and writes their octets. Confined to one thread.
final class RdataCursor {
  private final int type;
  private final Token typeToken;
  private final List<Token> rdata;
  private final DnsName origin;
  private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
  private int at;

  /// @param typeToken stands for what is missing
  RdataCursor(int type, Token typeToken, List<Token> rdata, DnsName origin) {
    this.type = type;
    this.typeToken = typeToken;
    this.rdata = rdata;
    this.origin = origin;
  }

  /// A field that is not what it must be.
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Defect defect;

    Refusal(Defect defect) {
      super(defect.problem(), null, false, false);
      this.defect = defect;
    }

    Defect defect() {
      return defect;
    }
  }

  /// Fields of the record.
  int count() {
    return rdata.size();
  }

  boolean hasNext() {
    return at < rdata.size();
  }

  boolean isNext(String word) {
    return at < rdata.size() && rdata.get(at).is(word);
  }

  Token peek(String field) throws Refusal {
    if (at == rdata.size()) {
      throw new Refusal(
          new Defect(
              rdata.isEmpty() ? typeToken : rdata.getLast(),
              RecordTypes.name(type) + " has no " + field,
              "the type's own document gives its fields",
              "add it"));
    }
    return rdata.get(at);
  }

  Token next(String field) throws Refusal {
    Token token = peek(field);
    at++;
    return token;
  }

  /// Octets written.
  int length() {
    return octets.size();
  }

  /// The octets; nothing may be left.
  byte[] end() throws Refusal {
    if (at < rdata.size()) {
      Token extra = rdata.get(at);
      throw new Refusal(
          new Defect(
              extra,
              "unexpected " + extra.shown() + " behind the fields of " + RecordTypes.name(type),
              "the type's own document gives its fields",
              "remove it, or put one record on a line"));
    }
    if (octets.size() > RdataParser.RDATA_LENGTH_MAX) {
      throw new Refusal(
          new Defect(
              typeToken,
              "RDATA of " + octets.size() + " octets",
              "the limit is " + RdataParser.RDATA_LENGTH_MAX + " (RFC 1035 §3.2.1)",
              "split the record"));
    }
    return octets.toByteArray();
  }

  void expect(boolean isMet, Token token, String problem, String rule, String remedy)
      throws Refusal {
    if (!isMet) {
      throw new Refusal(new Defect(token, token.shown() + " " + problem, rule, remedy));
    }
  }

  /// Writes the last octets of a number.
  void write(long value, int length) {
    for (int i = length - 1; i >= 0; i--) {
      octets.write((int) (value >>> 8 * i));
    }
  }

  void write(byte[] more) {
    octets.writeBytes(more);
  }

  void number(String field, long max, int length) throws Refusal {
    write(numberOf(field, max), length);
  }

  /// Reads a number without writing it.
  long numberOf(String field, long max) throws Refusal {
    Token token = next(field);
    String text = token.text();
    boolean isNumber = !text.isEmpty() && text.length() <= 10;
    for (int i = 0; i < text.length(); i++) {
      isNumber &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    expect(
        isNumber && Long.parseLong(text) <= max,
        token,
        "is no " + field,
        "a number from 0 to " + max,
        "");
    return Long.parseLong(text);
  }

  void name(String field) throws Refusal {
    Token token = next(field);
    var defect = RdataFields.checkName(token, origin);
    if (defect.isPresent()) {
      throw new Refusal(defect.get());
    }
    octets.writeBytes(ZoneNames.resolve(token.text(), origin).orElseThrow().toWire());
  }

  void address(String field, boolean isV4) throws Refusal {
    Token token = next(field);
    var address = Address.parse(token.text()).filter(a -> a.isV4() == isV4);
    expect(
        address.isPresent(),
        token,
        "is no " + field,
        isV4 ? "it is an IPv4 address" : "it is an IPv6 address",
        isV4 ? "write it as 192.0.2.1" : "write it as 2001:db8::1");
    octets.writeBytes(address.orElseThrow().toBytes());
  }

  /// A character-string (RFC 1035 §3.3).
  void string(String field) throws Refusal {
    Token token = next(field);
    byte[] text = RdataText.octets(token.text());
    expect(
        text.length <= RdataFields.STRING_LENGTH_MAX,
        token,
        "has " + text.length + " octets",
        "a string holds at most " + RdataFields.STRING_LENGTH_MAX + " (RFC 1035 §3.3)",
        "split it into several strings in quotes");
    octets.write(text.length);
    octets.writeBytes(text);
  }

  /// One character-string or more.
  void strings(String field) throws Refusal {
    do {
      string(field);
    } while (at < rdata.size());
  }

  /// Hexadecimal digits in one token or more.
  void hexToEnd(String field) throws Refusal {
    Token first = peek(field);
    octets.writeBytes(hex(first, field, textToEnd(field)));
  }

  /// Base 64 in one token or more.
  void base64ToEnd(String field) throws Refusal {
    Token first = peek(field);
    octets.writeBytes(base64(first, field, textToEnd(field)));
  }

  private String textToEnd(String field) throws Refusal {
    StringBuilder text = new StringBuilder();
    while (at < rdata.size()) {
      text.append(next(field).text());
    }
    return text.toString();
  }

  byte[] hex(Token first, String field, String text) throws Refusal {
    boolean isHex = text.length() % 2 == 0;
    for (int i = 0; i < text.length(); i++) {
      isHex &= text.charAt(i) < 0x80 && Character.digit(text.charAt(i), 16) >= 0;
    }
    expect(
        isHex,
        first,
        "is not hexadecimal",
        field + " is written in pairs of hexadecimal digits",
        "");
    return HexFormat.of().parseHex(text);
  }

  byte[] base64(Token first, String field, String text) throws Refusal {
    byte[] decoded = new byte[0];
    try {
      decoded = text.length() % 4 == 0 ? Base64.getDecoder().decode(text) : decoded;
    } catch (IllegalArgumentException e) {
      // Reported below: nothing was decoded.
    }
    expect(
        decoded.length > 0,
        first,
        "is not base 64",
        field + " is written in base 64, padded (RFC 4648 §4)",
        "");
    return decoded;
  }

  /// Base 32 with the extended hex alphabet, not padded (RFC 4648 §7).
  byte[] base32(Token token) throws Refusal {
    String text = token.text();
    int length = text.length() * 5 / 8;
    byte[] decoded = new byte[length];
    long bits = 0;
    int count = 0;
    int end = 0;
    boolean isWellFormed = length > 0 && length <= 0xff && (length * 8 + 4) / 5 == text.length();
    for (int i = 0; i < text.length() && isWellFormed; i++) {
      int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 32) : -1;
      isWellFormed = digit >= 0;
      bits = (bits << 5 | digit) & 0xfff;
      count += 5;
      if (count >= 8) {
        count -= 8;
        decoded[end++] = (byte) (bits >> count);
      }
    }
    expect(
        isWellFormed && (bits & (1 << count) - 1) == 0,
        token,
        "is no base 32",
        "a hash is written in base 32 with the extended hex alphabet (RFC 4648 §7)",
        "");
    return decoded;
  }

  /// A record type by mnemonic or `TYPEnnn`.
  int typeOf(String field) throws Refusal {
    Token token = next(field);
    int value = token.isQuoted() ? RecordTypes.UNKNOWN : RecordTypes.parse(token.text());
    expect(
        value != RecordTypes.UNKNOWN,
        token,
        "is no record type",
        "a type is written as its mnemonic or TYPEnnn (RFC 3597 §5)",
        RecordTypes.nearest(token.text()).map(name -> "did you mean " + name).orElse(""));
    return value;
  }

  void type(String field) throws Refusal {
    write(typeOf(field), 2);
  }

  /// Types as a bit map (RFC 4034 §4.1.2), none or more.
  void typesToEnd() throws Refusal {
    TreeSet<Integer> types = new TreeSet<>();
    while (at < rdata.size()) {
      types.add(typeOf("type"));
    }
    while (!types.isEmpty()) {
      int window = types.first() >> 8;
      byte[] bits = new byte[32];
      int length = 0;
      while (!types.isEmpty() && types.first() >> 8 == window) {
        int low = types.removeFirst() & 0xff;
        bits[low >> 3] |= (byte) (0x80 >> (low & 7));
        length = (low >> 3) + 1;
      }
      octets.write(window);
      octets.write(length);
      octets.write(bits, 0, length);
    }
  }
}
