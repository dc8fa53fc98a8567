package gslb.redirect;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http2.Http2UpgradeHandler;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Protocols;

/// Lets a connection change to HTTP/2 when a client asks for it with `Upgrade: h2c` on a request
/// without a body. On one with a body the header is ignored, as RFC 9110 §7.8 allows: the engine
/// would read the body before it answers.
final class UpgradeGate implements HttpHandler {
  private static final HttpString HTTP2_SETTINGS = new HttpString("HTTP2-Settings");

  private final HttpHandler next;
  private final HttpHandler upgrade;

  UpgradeGate(HttpHandler next) {
    this.next = next;
    this.upgrade = new Http2UpgradeHandler(next);
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    if (exchange.getRequestHeaders().contains(Headers.UPGRADE) && mayUpgrade(exchange)) {
      upgrade.handleRequest(exchange);
    } else {
      next.handleRequest(exchange);
    }
  }

  private static boolean mayUpgrade(HttpServerExchange exchange) {
    HeaderValues settings = exchange.getRequestHeaders().get(HTTP2_SETTINGS);
    return exchange.getProtocol().equals(Protocols.HTTP_1_1)
        && exchange.isRequestComplete()
        && settings != null
        && settings.size() == 1
        && isSettings(settings.getFirst());
  }

  /// Base64url without padding of a SETTINGS payload, which is a number of six-byte entries: eight
  /// characters each (RFC 7540 §3.2.1).
  private static boolean isSettings(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isDigit =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '-'
              || c == '_';
      if (!isDigit) {
        return false;
      }
    }
    return text.length() % 8 == 0;
  }
}
