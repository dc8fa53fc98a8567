package gslb.admin;

import gslb.base.Address;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import org.jspecify.annotations.Nullable;

/// Decides who may ask: programs of this machine that hold the token. Every page of every web site
/// can make a browser here send requests to a loopback port, and by rebinding its name can even
/// read what comes back; so Host must name loopback, and Origin must be absent or this server's.
final class AdminGate {
  private final AdminToken token;

  AdminGate(AdminToken token) {
    this.token = token;
  }

  /// Why a request is turned away.
  enum Refusal {
    HOST(
        403, "wrong Host", "the Host header must be localhost or a loopback address with the port"),
    ORIGIN(403, "wrong Origin", "requests from web pages of other origins are not answered"),
    NO_TOKEN(
        401,
        "no token",
        "send 'Authorization: Bearer' with the token from admin.token in the state directory"),
    WRONG_TOKEN(401, "wrong token", "the token is not that of this node's state directory");

    private final int status;
    private final String title;
    private final String detail;

    Refusal(int status, String title, String detail) {
      this.status = status;
      this.title = title;
      this.detail = detail;
    }

    int status() {
      return status;
    }

    String title() {
      return title;
    }

    String detail() {
      return detail;
    }
  }

  /// Why the request is turned away, or null if it is let in.
  @Nullable Refusal refusal(HttpServerExchange exchange, boolean needsToken) {
    String host = single(exchange, Headers.HOST);
    int port = exchange.getDestinationAddress().getPort();
    if (host == null || !isThisMachine(host, port)) {
      return Refusal.HOST;
    }
    if (exchange.getRequestHeaders().contains(Headers.ORIGIN)) {
      String origin = single(exchange, Headers.ORIGIN);
      if (origin == null || !origin.equalsIgnoreCase("http://" + host)) {
        return Refusal.ORIGIN;
      }
    }
    if (!needsToken) {
      return null;
    }
    String authorization = single(exchange, Headers.AUTHORIZATION);
    if (authorization == null) {
      return Refusal.NO_TOKEN;
    }
    return token.isIn(authorization) ? null : Refusal.WRONG_TOKEN;
  }

  private static @Nullable String single(HttpServerExchange exchange, HttpString name) {
    HeaderValues values = exchange.getRequestHeaders().get(name);
    return values != null && values.size() == 1 ? values.getFirst() : null;
  }

  private static boolean isThisMachine(String host, int port) {
    String end = ":" + port;
    if (!host.endsWith(end)) {
      return false;
    }
    String name = host.substring(0, host.length() - end.length());
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    return name.equalsIgnoreCase("localhost")
        || Address.parse(name).filter(Address::isLoopback).isPresent();
  }
}
