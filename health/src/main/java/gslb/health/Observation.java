package gslb.health;

import org.jspecify.annotations.Nullable;

/// The result of one probe.
///
/// @param failure why it failed, or null if it succeeded
/// @param detail short and printable, such as `status 200`; at most {@link #DETAIL_LENGTH_MAX}
///     characters
/// @param startedNanos when the probe began, on the monotonic clock
/// @param endedNanos when its result was known
public record Observation(
    @Nullable Failure failure, String detail, long startedNanos, long endedNanos) {
  public static final int DETAIL_LENGTH_MAX = 160;

  public Observation {
    detail = printable(detail);
  }

  private static String printable(String text) {
    String cut =
        text.length() > DETAIL_LENGTH_MAX ? text.substring(0, DETAIL_LENGTH_MAX - 1) + "…" : text;
    StringBuilder clean = new StringBuilder(cut.length());
    cut.codePoints()
        .forEach(
            c -> {
              boolean shown = Character.isDefined(c) && !Character.isISOControl(c);
              clean.appendCodePoint(shown ? c : '?');
            });
    return clean.toString();
  }

  /// Why a probe failed.
  public enum Failure {
    CONNECT_REFUSED("connection refused"),
    CONNECT_TIMEOUT("no connection in time"),
    /// No route, a local error, or an error of the network reported by ICMP.
    CONNECT_UNREACHABLE("unreachable"),
    TLS_HANDSHAKE("TLS handshake failed"),
    TLS_TIMEOUT("TLS handshake not in time"),
    TLS_CERTIFICATE("certificate not trusted"),
    TLS_CERTIFICATE_EXPIRED("certificate not valid now"),
    TLS_NAME("certificate of another name"),
    RESPONSE_TIMEOUT("no complete response in time"),
    RESPONSE_CLOSED("connection closed before the response was complete"),
    RESPONSE_MALFORMED("not an HTTP/1.1 response"),
    RESPONSE_HEAD_TOO_LARGE("response head too large"),
    STATUS("unexpected status"),
    BODY("body without the expected text"),
    /// The program's own mistake; it counts as a failure and is logged.
    PROBE("probe broke");

    private final String text;

    Failure(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  public static Observation success(String detail, long startedNanos, long endedNanos) {
    return new Observation(null, detail, startedNanos, endedNanos);
  }

  public static Observation failed(
      Failure failure, String detail, long startedNanos, long endedNanos) {
    return new Observation(failure, detail, startedNanos, endedNanos);
  }

  public boolean isSuccess() {
    return failure == null;
  }

  /// `unexpected status: 503`, or the detail alone of a success.
  public String describe() {
    if (failure == null) {
      return detail;
    }
    // The system's "Connection refused" says nothing more.
    boolean isSaid = detail.isEmpty() || detail.equalsIgnoreCase(failure.text());
    return isSaid ? failure.text() : failure.text() + ": " + detail;
  }
}
