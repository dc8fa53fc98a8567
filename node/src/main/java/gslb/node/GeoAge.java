package gslb.node;

import gslb.base.Clock;
import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.GeoSummary;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How old the data of geo databases is, and what is said of it.
final class GeoAge {
  /// Of longer ages the hours say nothing.
  private static final int HOURS_BELOW_DAYS = 3;

  private GeoAge() {}

  /// @param maxAge null for never
  static boolean isOld(GeoDatabase database, Clock clock, @Nullable Duration maxAge) {
    return GeoSummary.isOld(GeoSummary.ageOf(database, clock), maxAge);
  }

  /// A warning for each database that is old.
  static void check(
      List<GeoDatabase> databases,
      Clock clock,
      @Nullable Duration maxAge,
      Diagnostics diagnostics) {
    for (GeoDatabase database : databases) {
      if (isOld(database, clock, maxAge)) {
        diagnostics.add(warning(database, clock, maxAge));
      }
    }
  }

  static Diagnostic warning(GeoDatabase database, Clock clock, @Nullable Duration maxAge) {
    return Diagnostic.warning(
        SourceSpan.file(database.name()),
        "the geo database is of " + built(database, clock),
        "'max-age' of 'geo' is " + (maxAge == null ? "never" : days(maxAge)),
        "fetch a newer one, and replace the file by renaming the new one over it");
  }

  /// `2026-06-17, 157 days old`.
  static String built(GeoDatabase database, Clock clock) {
    Instant built = Instant.ofEpochSecond(database.buildEpochSeconds());
    return LocalDate.ofInstant(built, ZoneOffset.UTC)
        + ", "
        + days(GeoSummary.ageOf(database, clock))
        + " old";
  }

  /// Whole days, and the hours above them of less than three: `1 day 12 hours`.
  private static String days(Duration age) {
    int hours = age.toDays() < HOURS_BELOW_DAYS ? age.toHoursPart() : 0;
    return count(age.toDays(), "day") + (hours == 0 ? "" : " " + count(hours, "hour"));
  }

  private static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }
}
