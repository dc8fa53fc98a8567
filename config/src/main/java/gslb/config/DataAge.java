package gslb.config;

import java.time.Duration;
import java.util.Optional;

/// How old the data of a geo database may become.
final class DataAge {
  /// Greatest age that can be written, in days.
  static final int DAYS_MAX = 3650;

  /// Whole days or hours; empty for never.
  static final Scalar<Optional<Duration>> SCALAR =
      Scalars.text(
          "a duration from 1d to " + DAYS_MAX + "d, such as '45d', or never",
          "^([0-9]{1,6}[dh]|never)$",
          DataAge::read);

  private static Scalar.Reading<Optional<Duration>> read(String text) {
    if (text.equals("never")) {
      return Scalar.Reading.of(Optional.empty());
    }
    boolean inDays = text.endsWith("d");
    if (!inDays && !text.endsWith("h")) {
      return Scalars.digits(text, 0, Integer.MAX_VALUE).isPresent()
          ? Scalar.Reading.none("", "add the unit, as in '" + text + "d'")
          : Scalar.Reading.none("", "units are d and h");
    }
    int hours = inDays ? 24 : 1;
    return Scalars.digits(text.substring(0, text.length() - 1), 1, DAYS_MAX * 24L)
        .map(count -> Duration.ofHours(count * hours))
        .filter(age -> age.toDays() >= 1 && age.compareTo(Duration.ofDays(DAYS_MAX)) <= 0)
        .map(age -> Scalar.Reading.of(Optional.of(age)))
        .orElseGet(Scalar.Reading::none);
  }

  private DataAge() {}
}
