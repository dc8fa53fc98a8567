package gslb.health;

import java.net.ConnectException;
import java.util.Locale;

/// Tells what a failed connect means. The JDK gives one exception type for a refusal, a timeout of
/// the system and a few others; they differ in the system's own message only.
final class ConnectFailures {
  private ConnectFailures() {}

  static boolean isRefusal(ConnectException failure) {
    return says(failure, "refused");
  }

  static boolean isTimeout(ConnectException failure) {
    return says(failure, "timed out");
  }

  private static boolean says(ConnectException failure, String words) {
    String message = failure.getMessage();
    return message != null && message.toLowerCase(Locale.ROOT).contains(words);
  }
}
