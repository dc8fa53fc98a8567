package gslb.redirect;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a request wants to go, checked for both HTTP/1.1 and HTTP/2: the host, and the path and
/// query as the client wrote them. Owned by one I/O thread, which reuses it for every request.
///
/// The engine checks HTTP/1.1 and hardly anything of HTTP/2: it passes a `:path` of
/// `@evil.example/` and an `:authority` with user information. So nothing is taken from its word.
final class RequestTarget {
  /// Characters of a host with its port.
  static final int HOST_LENGTH_MAX = 261;

  private String hostText = "";
  private int hostStart;
  private int hostEnd;
  private String uri = "";
  private int pathStart;
  private String query = "";
  private boolean queryHasLostMark;

  /// Reads and checks the target of a request; null if all is well.
  @Nullable Rejection read(HttpServerExchange exchange) {
    HeaderValues hosts = exchange.getRequestHeaders().get(Headers.HOST);
    String host = null;
    if (hosts != null) {
      if (hosts.size() != 1) {
        return Rejection.MISSING_HOST; // RFC 9112 §3.2
      }
      host = hosts.getFirst();
    }
    Rejection rejection = readTarget(exchange, host);
    return rejection != null ? rejection : readHost();
  }

  private @Nullable Rejection readTarget(HttpServerExchange exchange, @Nullable String host) {
    uri = exchange.getRequestURI();
    query = exchange.getQueryString();
    queryHasLostMark = false;
    if (!isWebScheme(exchange.getRequestScheme()) || uri.isEmpty()) {
      return Rejection.BAD_TARGET;
    }
    if (uri.charAt(0) == '/') {
      if (host == null) {
        return Rejection.MISSING_HOST;
      }
      pathStart = 0;
      setHost(host, 0, host.length());
    } else {
      Rejection rejection = readAbsoluteForm(exchange, host);
      if (rejection != null) {
        return rejection;
      }
    }
    if (!isTargetText(uri, pathStart) || !isTargetText(query, 0)) {
      return Rejection.BAD_TARGET;
    }
    if (!query.isEmpty()) {
      if (uri.indexOf('?', pathStart) >= 0) {
        // HTTP/2 after a path parameter: the engine leaves the query in the URI as well.
        query = "";
      } else {
        queryHasLostMark = hasLostMark(exchange.getQueryParameters(), query);
      }
    }
    return null;
  }

  /// RFC 9112 §3.2.2: a server must take absolute-form. Its authority must be what Host says, so
  /// that no two readers of this request disagree about its host.
  private @Nullable Rejection readAbsoluteForm(HttpServerExchange exchange, @Nullable String host) {
    if (!exchange.isHostIncludedInRequestURI()) {
      return Rejection.BAD_TARGET;
    }
    int colon = uri.indexOf(':');
    if (colon < 0 || !uri.startsWith("://", colon) || !isWebScheme(uri, colon)) {
      return Rejection.BAD_TARGET;
    }
    int start = colon + 3;
    int end = start;
    while (end < uri.length() && uri.charAt(end) != '/') {
      end++;
    }
    if (host != null
        && (host.length() != end - start
            || !host.regionMatches(true, 0, uri, start, end - start))) {
      return Rejection.BAD_TARGET;
    }
    pathStart = end;
    setHost(uri, start, end);
    return null;
  }

  private void setHost(String text, int start, int end) {
    hostText = text;
    hostStart = start;
    hostEnd = end;
  }

  private static boolean isWebScheme(@Nullable String scheme) {
    return scheme != null && isWebScheme(scheme, scheme.length());
  }

  private static boolean isWebScheme(String text, int length) {
    return length == 4 && text.regionMatches(true, 0, "http", 0, 4)
        || length == 5 && text.regionMatches(true, 0, "https", 0, 5);
  }

  /// Whether every character is one that may stand in a Location as it is: visible ASCII without
  /// backslash, which browsers read as a slash, and number sign, which would begin a fragment.
  static boolean isTargetText(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
        return false;
      }
    }
    return true;
  }

  /// Checks `uri-host [ ":" port ]` (RFC 9110 §7.2) and leaves the host without port and final dot.
  private @Nullable Rejection readHost() {
    int length = hostEnd - hostStart;
    if (length == 0 || length > HOST_LENGTH_MAX) {
      return Rejection.BAD_HOST;
    }
    int end = hostText.charAt(hostStart) == '[' ? endOfLiteral() : endOfName();
    if (end == hostStart || !isPort(end)) {
      return Rejection.BAD_HOST;
    }
    hostEnd = hostText.charAt(end - 1) == '.' && end - hostStart > 1 ? end - 1 : end;
    return null;
  }

  private int endOfName() {
    int end = hostStart;
    while (end < hostEnd && isNameCharacter(hostText.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isNameCharacter(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '.'
        || c == '_';
  }

  /// The end of `[...]`, or its start if it is none. Whether it is an address does not matter:
  /// none is ever a service's host.
  private int endOfLiteral() {
    int at = hostStart + 1;
    while (at < hostEnd && isLiteralCharacter(hostText.charAt(at))) {
      at++;
    }
    return at - hostStart > 2 && at < hostEnd && hostText.charAt(at) == ']' ? at + 1 : hostStart;
  }

  private static boolean isLiteralCharacter(char c) {
    return c >= '0' && c <= ':' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || c == '.';
  }

  private boolean isPort(int at) {
    if (at == hostEnd) {
      return true;
    }
    int digits = hostEnd - at - 1;
    if (hostText.charAt(at) != ':' || digits < 1 || digits > 5) {
      return false;
    }
    int port = 0;
    for (int i = at + 1; i < hostEnd; i++) {
      char c = hostText.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
      port = port * 10 + c - '0';
    }
    return port >= 1 && port <= 65_535;
  }

  /// Whether the query began with a question mark. The engine takes one off, but the name of the
  /// first parameter, which it does not decode here, still has it.
  private static boolean hasLostMark(Map<String, Deque<String>> parameters, String query) {
    for (String name : parameters.keySet()) {
      if (name.startsWith("?")) {
        String first = "?" + query.substring(0, endOfParameterName(query, 0));
        Deque<String> values = parameters.get(first);
        return values != null && values.size() > count(query, first);
      }
    }
    return false;
  }

  private static int endOfParameterName(String query, int from) {
    int end = from;
    while (end < query.length() && query.charAt(end) != '=' && query.charAt(end) != '&') {
      end++;
    }
    return end;
  }

  private static int count(String query, String name) {
    int count = 0;
    int at = 0;
    while (at >= 0) {
      int end = endOfParameterName(query, at);
      if (end - at == name.length() && query.startsWith(name, at)) {
        count++;
      }
      int next = query.indexOf('&', end);
      at = next < 0 ? -1 : next + 1;
    }
    return count;
  }

  int service(RedirectSnapshot snapshot) {
    return snapshot.service(hostText, hostStart, hostEnd);
  }

  /// Characters of {@link #behind}'s result.
  int lengthBehind(String base) {
    int path = Math.max(1, uri.length() - pathStart);
    int mark = query.isEmpty() ? 0 : queryHasLostMark ? 2 : 1;
    return base.length() + path + mark + query.length();
  }

  /// The base URL with this path and query behind it, byte for byte. An empty path, as in
  /// `http://www.gslb.example`, is a slash (RFC 9110 §4.2.3).
  String behind(String base) {
    String path = pathStart == 0 ? uri : pathStart == uri.length() ? "/" : uri.substring(pathStart);
    if (query.isEmpty()) {
      return base.concat(path);
    }
    return base + path + (queryHasLostMark ? "??" : "?") + query;
  }
}
