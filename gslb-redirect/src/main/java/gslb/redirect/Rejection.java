package gslb.redirect;

import java.nio.charset.StandardCharsets;

/// A request that gets no redirect, with the status and the line of text that say why.
enum Rejection {
  /// Not origin-form, not absolute-form of this host, or bytes that no request target has.
  BAD_TARGET(7, 400, "bad_target", "the request target must begin with a slash"),
  MISSING_HOST(8, 400, "missing_host", "the request must name exactly one host"),
  BAD_HOST(9, 400, "bad_host", "the host is not a host name with an optional port"),
  /// RFC 9110 §15.5.20 has 421 for this; over clear text, where any name may lead here by mistake,
  /// a 404 is what clients and people understand.
  UNKNOWN_HOST(10, 404, "unknown_host", "nothing is redirected for this host"),
  METHOD(11, 405, "method", "this method is not redirected"),
  TOO_LONG(12, 414, "too_long", "the redirect would be longer than this server sends"),
  /// The policy gives this client no pool, or one without a base URL.
  NO_TARGET(13, 503, "no_target", "no pool can take this request now");

  private final int counter;
  private final int status;
  private final String reason;
  private final byte[] content;

  Rejection(int counter, int status, String reason, String text) {
    this.counter = counter;
    this.status = status;
    this.reason = reason;
    this.content = (text + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /// Its index in {@link RedirectCounters}.
  int counter() {
    return counter;
  }

  int status() {
    return status;
  }

  /// The label in the metrics.
  String reason() {
    return reason;
  }

  /// That line.
  String text() {
    return new String(content, 0, content.length - 1, StandardCharsets.US_ASCII);
  }

  /// The line with its line feed; do not modify.
  byte[] content() {
    return content;
  }
}
