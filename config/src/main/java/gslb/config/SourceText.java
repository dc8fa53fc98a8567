package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The bytes of a file as text, once they are known to be good.
final class SourceText {
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private SourceText() {}

  /// The text of UTF-8 bytes, without a leading byte order mark; empty if a diagnostic of severity
  /// ERROR was added.
  static Optional<String> decode(String file, byte[] bytes, Diagnostics diagnostics) {
    if (isUtf16(bytes)) {
      diagnostics.error(
          new SourceSpan(file, 1, 1),
          "the file is written in UTF-16",
          "files are read as UTF-8",
          "save it as UTF-8");
      return Optional.empty();
    }
    if (isAscii(bytes)) {
      return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      int octet = bytes[in.position()] & 0xff;
      diagnostics.error(
          placeOf(file, withoutMark(text), withoutMark(text).length()),
          "byte 0x" + Integer.toHexString(octet) + " does not belong to UTF-8 text",
          "files are read as UTF-8",
          "save the file as UTF-8");
      return Optional.empty();
    }
    if (text.length() != withoutMark(text).length()) {
      diagnostics.warning(
          new SourceSpan(file, 1, 1),
          "the file begins with a byte order mark",
          "UTF-8 has no byte order",
          "save it without");
    }
    return Optional.of(withoutMark(text));
  }

  /// Nearly all files are; they need no buffer of characters.
  private static boolean isAscii(byte[] bytes) {
    int all = 0;
    for (byte octet : bytes) {
      all |= octet;
    }
    return all >= 0;
  }

  private static boolean isUtf16(byte[] bytes) {
    return bytes.length >= 2
        && ((bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff)
            || (bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe));
  }

  private static String withoutMark(String text) {
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  /// The text if every character may stand in a YAML file (YAML 1.2.2 §5.1); empty if a diagnostic
  /// of severity ERROR was added.
  static Optional<String> printable(String file, String text, Diagnostics diagnostics) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLineEnd = c == '\n' || (c == '\r' && text.startsWith("\n", i + 1));
      boolean isControl = c < ' ' || (c >= 0x7f && c <= 0x9f);
      boolean isNoncharacter = c == BYTE_ORDER_MARK || c >= 0xfffe;
      if ((isControl && !isLineEnd && c != '\t') || isNoncharacter) {
        String code = Integer.toHexString(0x10000 | c).substring(1);
        diagnostics.error(
            placeOf(file, text, i),
            "control character U+" + code,
            "only printable characters, tabs and line ends may stand in the file",
            "remove it; in double quotes it can be written as \"\\u" + code + "\"");
        return Optional.empty();
      }
    }
    return Optional.of(text);
  }

  /// Line and column of a character; columns count code points.
  static SourceSpan placeOf(String file, String text, int index) {
    int line = 1;
    int lineStart = 0;
    for (int i = text.indexOf('\n'); i >= 0 && i < index; i = text.indexOf('\n', i + 1)) {
      line++;
      lineStart = i + 1;
    }
    return new SourceSpan(file, line, text.codePointCount(lineStart, index) + 1);
  }
}
