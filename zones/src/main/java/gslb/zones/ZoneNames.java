package gslb.zones;

import gslb.base.DnsName;
import java.util.Optional;

/// Names as they are written in a zone file: relative to an origin, or absolute (RFC 1035 §5.1).
final class ZoneNames {
  private ZoneNames() {}

  /// The name written, or empty if {@link #problem} tells what is wrong with it.
  static Optional<DnsName> resolve(String text, DnsName origin) {
    if (text.equals("@")) {
      return Optional.of(origin);
    }
    Optional<DnsName> name = DnsName.parse(text);
    if (name.isEmpty() || isAbsolute(text)) {
      return name;
    }
    byte[] relative = name.get().toWire();
    int length = relative.length - 1 + origin.wireLength();
    if (length > DnsName.WIRE_LENGTH_MAX) {
      return Optional.empty();
    }
    byte[] wire = new byte[length];
    System.arraycopy(relative, 0, wire, 0, relative.length - 1);
    origin.copyTo(wire, relative.length - 1);
    return Optional.of(DnsName.ofWire(wire, 0));
  }

  /// Whether the final dot is there and not escaped.
  static boolean isAbsolute(String text) {
    int at = text.length() - 1;
    if (at < 0 || text.charAt(at) != '.') {
      return false;
    }
    int backslashes = 0;
    while (at - 1 - backslashes >= 0 && text.charAt(at - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 0;
  }

  /// What is wrong with a name that could not be resolved.
  static String problem(String text) {
    int label = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '.') {
        label++;
        // `\DDD` is one octet, as is `\X`.
        i += c != '\\' ? 0 : i + 1 < text.length() && Character.isDigit(text.charAt(i + 1)) ? 3 : 1;
      } else if (label == 0) {
        return "name " + Token.shown(text) + " has an empty label";
      } else if (label > DnsName.LABEL_LENGTH_MAX) {
        return longLabel(text.substring(start, i), label);
      } else {
        label = 0;
        start = i + 1;
      }
    }
    if (label > DnsName.LABEL_LENGTH_MAX) {
      return longLabel(text.substring(start), label);
    }
    return text.isEmpty()
        ? "the name is empty"
        : "name " + Token.shown(text) + " with its origin is longer than 255 octets";
  }

  private static String longLabel(String label, int length) {
    return "label " + Token.shown(label) + " has " + length + " octets";
  }
}
