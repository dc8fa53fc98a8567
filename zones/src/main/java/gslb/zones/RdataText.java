package gslb.zones;

import java.io.ByteArrayOutputStream;

/// The text of a token as octets (RFC 1035 §5.1).
final class RdataText {
  private RdataText() {}

  /// The octets that a token's text stands for: `\DDD` and `\X` resolved.
  static byte[] octets(String text) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        octets.write(c);
      } else if (i + 3 < text.length() && isDigit(text.charAt(i + 1))) {
        octets.write(Integer.parseInt(text, i + 1, i + 4, 10));
        i += 3;
      } else {
        octets.write(text.charAt(++i));
      }
    }
    return octets.toByteArray();
  }

  /// How many octets that is.
  static int octetCount(String text) {
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i += i + 1 < text.length() && isDigit(text.charAt(i + 1)) ? 3 : 1;
      }
      count++;
    }
    return count;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
