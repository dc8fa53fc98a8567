package gslb.zones;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Splits a zone file into entries and tokens (RFC 1035 §5.1). An entry with a defect is reported
/// and left out. Confined to one thread.
final class ZoneLexer {
  /// Characters of one token: an RDATA of 65,535 octets, each written as `\DDD`.
  static final int TOKEN_LENGTH_MAX = 4 * 65_535;

  /// Tokens of one entry.
  static final int ENTRY_TOKENS_MAX = 65_535;

  /// Parentheses inside parentheses.
  static final int PARENTHESES_MAX = 16;

  /// Unclosed parentheses after which the rest of a file is left unread; each costs a pass over it.
  static final int UNCLOSED_MAX = 20;

  private static final String ESCAPES =
      "an escape is \\DDD with DDD up to 255, or \\X (RFC 1035 §5.1)";

  private final String file;
  private final String text;
  private final Diagnostics diagnostics;
  private int at;
  private int line = 1;
  private int lineStart;
  private int unclosed;

  // Of the entry being read.
  private List<Token> tokens = new ArrayList<>();
  private boolean isBroken;
  private int depth;
  private int openedAt;
  private int openedLine;
  private int openedLineStart;

  ZoneLexer(String file, String text, Diagnostics diagnostics) {
    this.file = file;
    this.text = text;
    this.diagnostics = diagnostics;
    if (text.startsWith("\ufeff")) {
      // The byte order mark that some editors put before UTF-8.
      at = 1;
      lineStart = 1;
    }
  }

  String text() {
    return text;
  }

  /// Where the next entry begins: at the beginning of a line, or at the end of the text.
  int at() {
    return at;
  }

  int line() {
    return line;
  }

  int lineStart() {
    return lineStart;
  }

  /// Goes on behind a line that somebody else has read.
  ///
  /// @param end of its line feed, or of the text
  void passLine(int end) {
    at = end;
    if (at < text.length()) {
      newLine();
    }
  }

  /// The next entry, or null at the end of the file.
  @Nullable ZoneEntry next() {
    while (at < text.length()) {
      tokens = new ArrayList<>(8);
      isBroken = false;
      depth = 0;
      boolean isIndented = isBlank(text.charAt(at));
      readEntry();
      if (depth > 0) {
        recover();
      } else if (!isBroken && !tokens.isEmpty()) {
        return new ZoneEntry(tokens, isIndented);
      }
    }
    return null;
  }

  private void readEntry() {
    while (at < text.length()) {
      char c = text.charAt(at);
      switch (c) {
        case '\n' -> {
          newLine();
          if (depth == 0) {
            return;
          }
        }
        case ' ', '\t', '\r' -> at++;
        case ';' -> skipToLineEnd();
        case '(' -> open();
        case ')' -> close();
        case '"' -> add(readQuoted());
        default -> add(readWord());
      }
    }
  }

  private void newLine() {
    at++;
    line++;
    lineStart = at;
  }

  private void skipToLineEnd() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end;
  }

  private void open() {
    if (depth == 0) {
      openedAt = at;
      openedLine = line;
      openedLineStart = lineStart;
    }
    if (depth == PARENTHESES_MAX) {
      report(at, "more than " + PARENTHESES_MAX + " parentheses are open", "", "close some");
    } else {
      depth++;
    }
    at++;
  }

  private void close() {
    if (depth == 0) {
      report(at, "')' without '('", "parentheses group lines (RFC 1035 §5.1)", "remove it");
    } else {
      depth--;
    }
    at++;
  }

  private void add(@Nullable Token token) {
    if (token == null) {
      isBroken = true;
    } else if (tokens.size() < ENTRY_TOKENS_MAX) {
      tokens.add(token);
    } else if (!isBroken) {
      report(at - 1, "more than " + ENTRY_TOKENS_MAX + " tokens in one record", "", "split it");
    }
  }

  /// At an entry whose parenthesis is not closed anywhere: reads on at the first later line that
  /// begins like a record with an owner or a directive, so that defects behind it are found too.
  private void recover() {
    diagnostics.error(
        new SourceSpan(file, openedLine, openedAt - openedLineStart + 1),
        "'(' is never closed",
        "parentheses group lines (RFC 1035 §5.1)",
        "add ')' where the record ends");
    if (++unclosed == UNCLOSED_MAX) {
      at = text.length();
      return;
    }
    at = openedAt;
    line = openedLine;
    while (at < text.length()) {
      skipToLineEnd();
      if (at < text.length()) {
        newLine();
      }
      if (at < text.length() && " \t\r\n;()\"".indexOf(text.charAt(at)) < 0) {
        return;
      }
    }
  }

  private @Nullable Token readQuoted() {
    int start = at++;
    int column = start - lineStart + 1;
    Octets octets = new Octets(at);
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        break;
      }
      if (c == '"') {
        Token token = octets.token(true, column);
        at++;
        return token;
      }
      octets.read(c);
    }
    report(
        start,
        "the string is not closed on its line",
        "a string stands between two '\"' (RFC 1035 §5.1)",
        "close it, or split it into one string per line inside parentheses");
    return null;
  }

  private @Nullable Token readWord() {
    int column = at - lineStart + 1;
    Octets octets = new Octets(at);
    while (at < text.length() && " \t\r\n;()\"".indexOf(text.charAt(at)) < 0) {
      octets.read(text.charAt(at));
    }
    return octets.token(false, column);
  }

  private void report(int place, String problem, String rule, String remedy) {
    isBroken = true;
    diagnostics.error(new SourceSpan(file, line, place - lineStart + 1), problem, rule, remedy);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// The text of one token while it is read. A token in plain ASCII is a substring of the file;
  /// only others are copied.
  private final class Octets {
    private final int start;
    private @Nullable StringBuilder copy;
    private boolean isAscii = true;
    private boolean isOk = true;

    Octets(int start) {
      this.start = start;
    }

    void read(char c) {
      if (c == '\\') {
        readEscape();
      } else if (c >= ' ' && c <= '~') {
        append(at, at + 1);
        at++;
      } else {
        appendEncoded(at);
      }
    }

    private void readEscape() {
      int next = at + 1;
      if (next == text.length() || text.charAt(next) == '\n' || text.charAt(next) == '\r') {
        fail("'\\' at the end of a line", ESCAPES, "write what it shall escape");
        at++;
      } else if (isDigit(text.charAt(next))) {
        int end = next;
        while (end < text.length() && end < next + 3 && isDigit(text.charAt(end))) {
          end++;
        }
        if (end == next + 3 && Integer.parseInt(text, next, end, 10) < 256) {
          append(at, end);
        } else {
          fail("bad escape '" + text.substring(at, end) + "'", ESCAPES, "write three digits");
        }
        at = end;
      } else if (text.charAt(next) >= ' ' && text.charAt(next) <= '~') {
        append(at, next + 1);
        at = next + 1;
      } else {
        startCopy(at);
        at = next;
        appendEncoded(next);
      }
    }

    private void append(int from, int end) {
      if (copy != null) {
        copy.append(text, from, end);
      }
    }

    private void startCopy(int end) {
      if (copy == null) {
        copy = new StringBuilder().append(text, start, end);
      }
    }

    /// Octets that presentation format does not hold as they are become `\DDD`.
    private void appendEncoded(int from) {
      startCopy(from);
      int codePoint = text.codePointAt(from);
      if (codePoint == 0xfffd || Character.getType(codePoint) == Character.SURROGATE) {
        fail("the file is not UTF-8 here", "zone files are read as UTF-8", "write octets as \\DDD");
      }
      isAscii &= codePoint < 0x80;
      byte[] utf8 = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
      for (byte octet : utf8) {
        int value = octet & 0xff;
        if (copy != null) {
          copy.append('\\').append((char) ('0' + value / 100));
          copy.append((char) ('0' + value / 10 % 10)).append((char) ('0' + value % 10));
        }
      }
      at += Character.charCount(codePoint);
    }

    private void fail(String problem, String rule, String remedy) {
      isOk = false;
      report(at, problem, rule, remedy);
    }

    @Nullable Token token(boolean isQuoted, int column) {
      String value = copy == null ? text.substring(start, at) : copy.toString();
      if (value.length() > TOKEN_LENGTH_MAX) {
        report(
            lineStart + column - 1,
            "a token of " + value.length() + " characters",
            "the limit is " + TOKEN_LENGTH_MAX,
            "split it");
        return null;
      }
      return isOk ? new Token(value, isQuoted, isAscii, line, column) : null;
    }
  }
}
