package gslb.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds what somebody may have meant.
public final class NearestName {
  /// Names longer than this are compared for equality only.
  private static final int LENGTH_MAX = 64;

  private NearestName() {}

  /// The known name that is reached with the fewest slips of the pen: one for a name of up to 4
  /// characters, else two. Case does not count as a slip.
  public static Optional<String> of(String written, Collection<String> known) {
    int best = written.length() <= 4 ? 2 : 3;
    String nearest = null;
    for (String name : known) {
      if (Math.abs(name.length() - written.length()) >= best) {
        continue;
      }
      int distance = distance(written, name);
      if (distance < best) {
        best = distance;
        nearest = name;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /// `did you mean 'name'?`, or empty.
  public static String hint(String written, Collection<String> known) {
    return of(written, known).map(name -> "did you mean '" + name + "'?").orElse("");
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  static int distance(String a, String b) {
    if (Math.max(a.length(), b.length()) > LENGTH_MAX) {
      return a.equalsIgnoreCase(b) ? 0 : LENGTH_MAX;
    }
    String from = a.toLowerCase(Locale.ROOT);
    String to = b.toLowerCase(Locale.ROOT);
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= to.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      for (int j = 1; j <= to.length(); j++) {
        boolean isEqual = from.charAt(i - 1) == to.charAt(j - 1);
        int replaced = cost[i - 1][j - 1] + (isEqual ? 0 : 1);
        cost[i][j] = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[from.length()][to.length()];
  }
}
