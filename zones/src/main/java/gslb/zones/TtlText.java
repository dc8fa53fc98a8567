package gslb.zones;

import gslb.base.DnsName;

/// Durations as zone files write them: seconds, or numbers with the units w, d, h, m, s, such as
/// `1h30m`.
final class TtlText {
  /// Seconds (RFC 2181 §8).
  static final long TTL_MAX = Integer.MAX_VALUE;

  static final long NOT_A_TTL = -1;

  private TtlText() {}

  /// Seconds, {@link #NOT_A_TTL}, or anything above {@link #TTL_MAX} if it is too long.
  static long parse(String text) {
    long total = 0;
    long number = 0;
    boolean hasDigit = false;
    boolean hasUnit = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        number = Math.min(number * 10 + c - '0', TTL_MAX + 1);
        hasDigit = true;
        continue;
      }
      long unit =
          switch (DnsName.lower(c)) {
            case 'w' -> 604_800;
            case 'd' -> 86_400;
            case 'h' -> 3_600;
            case 'm' -> 60;
            case 's' -> 1;
            default -> 0;
          };
      if (unit == 0 || !hasDigit) {
        return NOT_A_TTL;
      }
      total = Math.min(total + number * unit, TTL_MAX + 1);
      number = 0;
      hasDigit = false;
      hasUnit = true;
    }
    if (hasDigit == hasUnit) {
      return NOT_A_TTL;
    }
    return hasUnit ? total : number;
  }
}
