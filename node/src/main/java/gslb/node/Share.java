package gslb.node;

import picocli.CommandLine.TypeConversionException;

/// A share as an operator writes it, such as `10%` or `2.5%`.
///
/// @param written as it was
/// @param fraction 0..1
record Share(String written, double fraction) {
  /// Characters of the number.
  static final int LENGTH_MAX = 12;

  /// Reads less than Java would: no exponents, signs or hexadecimal digits.
  ///
  /// @throws TypeConversionException if it is no share from 0% to 100%
  static Share parse(String text) {
    String number = text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : "";
    boolean isDecimal =
        number.length() <= LENGTH_MAX
            && number.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))
            && number.chars().filter(c -> c == '.').count() <= 1
            && number.chars().anyMatch(c -> c != '.');
    double percent = isDecimal ? Double.parseDouble(number) : -1;
    if (percent < 0 || percent > 100) {
      throw new TypeConversionException(
          "'" + text + "' is no share; write it as in 10%, from 0% to 100%");
    }
    return new Share(text, percent / 100);
  }
}
