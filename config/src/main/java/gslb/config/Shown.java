package gslb.config;

import java.util.List;

/// How an operator's own text appears in a message.
final class Shown {
  /// A quoted value is cut after this many characters.
  private static final int LENGTH_MAX = 80;

  private Shown() {}

  /// In single quotes, cut, and without anything that a terminal would obey.
  static String quoted(String text) {
    StringBuilder shown = new StringBuilder("'");
    int at = 0;
    while (at < text.length() && at < LENGTH_MAX) {
      int c = text.codePointAt(at);
      boolean isPrintable = !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
      boolean isPaired = c < 0xd800 || c > 0xdfff;
      if (isPrintable && isPaired && c != 0x2028 && c != 0x2029) {
        shown.appendCodePoint(c);
      } else {
        shown.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
      }
      at += Character.charCount(c);
    }
    return shown.append(at < text.length() ? "…'" : "'").toString();
  }

  /// `a`, `a or b`, `a, b or c`.
  static String either(List<String> words) {
    int last = words.size() - 1;
    return last <= 0
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }
}
