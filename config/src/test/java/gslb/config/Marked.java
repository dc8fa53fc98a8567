package gslb.config;

import gslb.base.SourceSpan;

/// Text with a `»` before the place that a diagnostic shall name.
record Marked(String text, SourceSpan where) {
  static final char MARK = '»';

  static Marked of(String file, String marked) {
    int at = marked.indexOf(MARK);
    if (at < 0 || marked.indexOf(MARK, at + 1) >= 0) {
      throw new IllegalArgumentException("one mark is needed: " + marked);
    }
    return new Marked(
        marked.substring(0, at) + marked.substring(at + 1), placeOf(file, marked, at));
  }

  /// Line and column of an index, counted by hand.
  static SourceSpan placeOf(String file, String text, int index) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < index; i += Character.charCount(text.codePointAt(i))) {
      boolean isLineEnd = text.charAt(i) == '\n';
      line += isLineEnd ? 1 : 0;
      column = isLineEnd ? 1 : column + 1;
    }
    return new SourceSpan(file, line, column);
  }
}
