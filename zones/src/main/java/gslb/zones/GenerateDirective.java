package gslb.zones;

import gslb.base.Diagnostics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A `$GENERATE RANGE OWNER [TTL] [CLASS] TYPE RDATA` directive: one record for each number of its
/// range, for all types. It is no standard; its meaning is that of BIND.
///
/// In owner and RDATA `$` stands for the number, `$$` and `\$` for a dollar, and
/// `${OFFSET,WIDTH,BASE}` for the number plus an offset in at least that many characters, written
/// by a base of `d`, `o`, `x`, `X`, or as nibbles `n`, `N`, the last one first with dots between.
///
/// @param last of the range, inclusive
/// @param fields what follows the range; escapes are kept
record GenerateDirective(long first, long last, long step, List<Token> fields) {
  /// Records that one directive makes: the addresses of an IPv4 /16.
  static final int GENERATED_MAX = 65_536;

  /// Characters that a number is written in.
  static final int WIDTH_MAX = 255;

  private static final long NUMBER_MAX = Integer.MAX_VALUE;
  private static final String FORM =
      "the form is $GENERATE START-STOP[/STEP] OWNER [TTL] [CLASS] TYPE RDATA";
  private static final String MODIFIER =
      "the form is ${OFFSET[,WIDTH[,BASE]]} with a base of d, o, x, X, n or N";

  /// Either a directive or what is wrong with it.
  sealed interface Parsed {
    record Accepted(GenerateDirective directive) implements Parsed {}

    record Refused(Defect defect) implements Parsed {}
  }

  GenerateDirective {
    fields = List.copyOf(fields);
  }

  static Parsed parse(List<Token> tokens) {
    if (tokens.size() < 5) {
      return refuse(tokens.getLast(), "$GENERATE has too few fields", FORM, "add what is missing");
    }
    Token range = tokens.get(1);
    long[] numbers = range(range.text());
    if (numbers.length == 0) {
      return refuse(range, range.shown() + " is no range", FORM, "write it as 1-10 or 0-100/2");
    }
    long count = (numbers[1] - numbers[0]) / numbers[2] + 1;
    if (count > GENERATED_MAX) {
      return refuse(
          range,
          "range " + range.shown() + " makes " + count + " records",
          "the limit of one $GENERATE is " + GENERATED_MAX,
          "split the range");
    }
    List<Token> fields = unquote(tokens.subList(2, tokens.size()));
    // The least and the greatest number are the ones that an offset can make too small or too big.
    for (long number : new long[] {numbers[0], numbers[1]}) {
      for (Token field : fields) {
        if (substitute(field.text(), number) == null) {
          return refuse(
              field,
              "bad number in " + field.shown(),
              MODIFIER + ", and the number is from 0 to " + NUMBER_MAX,
              "correct it, or write a dollar that is meant as \\$");
        }
      }
    }
    return new Parsed.Accepted(new GenerateDirective(numbers[0], numbers[1], numbers[2], fields));
  }

  private static Parsed refuse(Token at, String problem, String rule, String remedy) {
    return new Parsed.Refused(new Defect(at, problem, rule, remedy));
  }

  /// First, last and step, or nothing.
  private static long[] range(String text) {
    int dash = text.indexOf('-');
    int slash = text.indexOf('/');
    if (dash < 0 || slash >= 0 && slash < dash) {
      return new long[0];
    }
    long first = number(text, 0, dash);
    long last = number(text, dash + 1, slash < 0 ? text.length() : slash);
    long step = slash < 0 ? 1 : number(text, slash + 1, text.length());
    return first < 0 || last < first || step < 1 ? new long[0] : new long[] {first, last, step};
  }

  /// A number up to {@link #NUMBER_MAX}, or -1.
  private static long number(String text, int from, int end) {
    if (from >= end || end - from > 10) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + c - '0';
    }
    return value <= NUMBER_MAX ? value : -1;
  }

  /// RDATA that is one string in quotes is the text of the fields, as with BIND, where that is the
  /// only way to write several.
  private static List<Token> unquote(List<Token> fields) {
    int type = 1;
    while (type < fields.size() - 2
        && !fields.get(type).isQuoted()
        && (TtlText.parse(fields.get(type).text()) != TtlText.NOT_A_TTL
            || RecordReader.isClass(fields.get(type).text()))) {
      type++;
    }
    Token last = fields.getLast();
    if (type != fields.size() - 2 || !last.isQuoted()) {
      return fields;
    }
    String text = last.text().replace("\\\"", "\"");
    ZoneEntry entry = new ZoneLexer("", text, new Diagnostics()).next();
    if (entry == null) {
      return fields;
    }
    List<Token> unquoted = new ArrayList<>(fields.subList(0, fields.size() - 1));
    for (Token token : entry.tokens()) {
      unquoted.add(
          new Token(token.text(), token.isQuoted(), last.isAscii(), last.line(), last.column()));
    }
    return unquoted;
  }

  /// The record of one number.
  ZoneEntry entry(long number) {
    List<Token> tokens = new ArrayList<>(fields.size());
    for (Token field : fields) {
      String text = substitute(field.text(), number);
      if (text == null) {
        throw new AssertionError("both ends of the range were tried");
      }
      tokens.add(new Token(text, field.isQuoted(), field.isAscii(), field.line(), field.column()));
    }
    return new ZoneEntry(tokens, false);
  }

  /// The text for one number, or null if a modifier is wrong or the number is out of range.
  private static @Nullable String substitute(String text, long number) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    StringBuilder written = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        written.append(c).append(text.charAt(++i));
      } else if (c != '$') {
        written.append(c);
      } else if (i + 1 < text.length() && text.charAt(i + 1) == '$') {
        written.append("\\$");
        i++;
      } else if (i + 1 < text.length() && text.charAt(i + 1) == '{') {
        int end = text.indexOf('}', i);
        if (end < 0 || !append(written, number, text.substring(i + 2, end).split(",", -1))) {
          return null;
        }
        i = end;
      } else {
        written.append(number);
      }
    }
    return written.toString();
  }

  /// @param modifier offset, width, base; the last two may be missing
  private static boolean append(StringBuilder written, long number, String[] modifier) {
    boolean isNegative = modifier[0].startsWith("-");
    boolean isSigned = isNegative || modifier[0].startsWith("+");
    long offset = number(modifier[0], isSigned ? 1 : 0, modifier[0].length());
    long width = modifier.length < 2 ? 0 : number(modifier[1], 0, modifier[1].length());
    String base = modifier.length < 3 ? "d" : modifier[2];
    long value = isNegative ? number - offset : number + offset;
    if (offset < 0 || width < 0 || width > WIDTH_MAX || modifier.length > 3) {
      return false;
    }
    if (value < 0 || value > NUMBER_MAX) {
      return false;
    }
    switch (base) {
      case "d" -> appendPadded(written, Long.toString(value), width);
      case "o" -> appendPadded(written, Long.toOctalString(value), width);
      case "x" -> appendPadded(written, Long.toHexString(value), width);
      case "X" -> appendPadded(written, Long.toHexString(value).toUpperCase(Locale.ROOT), width);
      case "n" -> appendNibbles(written, value, width, "0123456789abcdef");
      case "N" -> appendNibbles(written, value, width, "0123456789ABCDEF");
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void appendPadded(StringBuilder written, String digits, long width) {
    written.repeat('0', (int) Math.max(0, width - digits.length())).append(digits);
  }

  /// @param width characters, dots counted
  private static void appendNibbles(StringBuilder written, long value, long width, String digits) {
    long left = width;
    long rest = value;
    do {
      written.append(digits.charAt((int) rest & 0xf));
      rest >>>= 4;
      left--;
      if (left > 0 || rest != 0) {
        written.append('.');
        left--;
      }
    } while (left > 0 || rest != 0);
  }
}
