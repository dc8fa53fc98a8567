package gslb.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Finds the country that somebody may have meant.
final class MeantCountry {
  /// Shorter texts are no misspelt name.
  private static final int NAME_LENGTH_MIN = 5;

  private MeantCountry() {}

  /// The two letters of ISO 3166-1 for letters in lower case, for its three letters, and for the
  /// English name or nearly that.
  static Optional<String> of(String text) {
    String upper = text.strip().toUpperCase(Locale.ROOT);
    if (upper.equals("UK")) {
      return Optional.of("GB");
    } else if (Scalars.COUNTRIES.contains(upper)) {
      return Optional.of(upper);
    }
    Map<String, String> codes = new HashMap<>(Map.of("KOSOVO", "XK"));
    for (String code : Locale.getISOCountries()) {
      Locale country = Locale.of("", code);
      codes.put(country.getISO3Country(), code);
      codes.put(country.getDisplayCountry(Locale.ENGLISH).toUpperCase(Locale.ROOT), code);
    }
    return Optional.ofNullable(codes.get(upper))
        .or(
            () ->
                upper.length() < NAME_LENGTH_MIN
                    ? Optional.empty()
                    : NearestName.of(upper, codes.keySet()).map(codes::get));
  }
}
