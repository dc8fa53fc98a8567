package gslb.zones;

import gslb.base.SourceSpan;

/// One word or quoted string of a zone file.
///
/// @param text as written, without the quotes; escapes are kept, octets outside of printable ASCII
///     have become `\DDD`
/// @param isAscii whether the text was written in ASCII alone
record Token(String text, boolean isQuoted, boolean isAscii, int line, int column) {
  /// Characters of a token that a message shows.
  private static final int SHOWN_MAX = 60;

  SourceSpan where(String file) {
    return new SourceSpan(file, line, column);
  }

  /// Whether it is that word, whatever its case.
  boolean is(String word) {
    return !isQuoted && text.equalsIgnoreCase(word);
  }

  /// In quotes and not too long, for messages.
  String shown() {
    return shown(text);
  }

  static String shown(String text) {
    return text.length() <= SHOWN_MAX
        ? "'" + text + "'"
        : "'" + text.substring(0, SHOWN_MAX) + "…'";
  }
}
