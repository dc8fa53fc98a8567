package gslb.zones;

/// The presentation form of LOC (RFC 1876 §3): latitude, longitude, altitude, and optionally size,
/// horizontal and vertical precision.
final class LocationForm {
  private static final long EQUATOR = 1L << 31;
  private static final long ALTITUDE_BASE_CENTIMETRES = 100_000_00L;
  private static final long LARGEST_CENTIMETRES = 90_000_000_00L;

  private LocationForm() {}

  static void read(RdataCursor cursor) throws RdataCursor.Refusal {
    long latitude = readAngle(cursor, "latitude", 90, "N", "S");
    long longitude = readAngle(cursor, "longitude", 180, "E", "W");
    long altitude =
        readMetres(cursor, "altitude", -ALTITUDE_BASE_CENTIMETRES, 42_849_672_95L)
            + ALTITUDE_BASE_CENTIMETRES;
    cursor.write(0, 1);
    cursor.write(cursor.hasNext() ? readSize(cursor, "size") : 0x12, 1);
    cursor.write(cursor.hasNext() ? readSize(cursor, "horizontal precision") : 0x16, 1);
    cursor.write(cursor.hasNext() ? readSize(cursor, "vertical precision") : 0x13, 1);
    cursor.write(latitude, 4);
    cursor.write(longitude, 4);
    cursor.write(altitude, 4);
  }

  /// Degrees, and optionally minutes and seconds, in thousandths of a second around the equator or
  /// the prime meridian.
  private static long readAngle(
      RdataCursor cursor, String field, int degreesMax, String positive, String negative)
      throws RdataCursor.Refusal {
    Token first = cursor.peek(field);
    long thousandths = cursor.numberOf(field, degreesMax) * 3_600_000;
    if (!cursor.isNext(positive) && !cursor.isNext(negative)) {
      thousandths += cursor.numberOf("minutes of " + field, 59) * 60_000;
      if (!cursor.isNext(positive) && !cursor.isNext(negative)) {
        Token seconds = cursor.next("seconds of " + field);
        long value = decimal(seconds.text(), 3);
        cursor.expect(
            value >= 0 && value < 60_000,
            seconds,
            "is no number of seconds",
            "from 0 to 59.999 (RFC 1876 §3)",
            "");
        thousandths += value;
      }
    }
    Token half = cursor.next("half of " + field);
    cursor.expect(
        half.is(positive) || half.is(negative),
        half,
        "is neither " + positive + " nor " + negative,
        field + " is degrees, minutes, seconds and a half of the world (RFC 1876 §3)",
        "");
    cursor.expect(
        thousandths <= degreesMax * 3_600_000L,
        first,
        "begins a " + field + " above " + degreesMax + " degrees",
        "the limit is " + degreesMax + " (RFC 1876 §3)",
        "");
    return half.is(positive) ? EQUATOR + thousandths : EQUATOR - thousandths;
  }

  /// Centimetres.
  private static long readMetres(RdataCursor cursor, String field, long min, long max)
      throws RdataCursor.Refusal {
    Token token = cursor.next(field);
    String text = token.text();
    if (text.endsWith("m") || text.endsWith("M")) {
      text = text.substring(0, text.length() - 1);
    }
    boolean isNegative = text.startsWith("-");
    long value = decimal(isNegative ? text.substring(1) : text, 2);
    long signed = isNegative ? -value : value;
    cursor.expect(
        value >= 0 && signed >= min && signed <= max,
        token,
        "is no " + field,
        "metres from " + min / 100 + " to " + max / 100 + ", two decimals (RFC 1876 §3)",
        "");
    return signed;
  }

  /// A size as one digit and a power of ten, in centimetres (RFC 1876 §2).
  private static int readSize(RdataCursor cursor, String field) throws RdataCursor.Refusal {
    long digit = readMetres(cursor, field, 0, LARGEST_CENTIMETRES);
    int power = 0;
    while (digit > 9) {
      digit /= 10;
      power++;
    }
    return (int) digit << 4 | power;
  }

  /// A number with at most so many decimals, times ten to their power, or -1.
  private static long decimal(String text, int decimals) {
    int dot = text.indexOf('.');
    String whole = dot < 0 ? text : text.substring(0, dot);
    String fraction = dot < 0 ? "" : text.substring(dot + 1);
    boolean isNumber = !whole.isEmpty() && whole.length() <= 8 && fraction.length() <= decimals;
    isNumber &= dot < 0 || !fraction.isEmpty();
    isNumber &= (whole + fraction).chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber
        ? Long.parseLong(whole + fraction + "0".repeat(decimals - fraction.length()))
        : -1;
  }
}
