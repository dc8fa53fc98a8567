package gslb.config;

import gslb.base.Address;
import gslb.config.Scalar.Reading;
import java.util.Locale;
import java.util.Optional;

/// Reads the base of redirects to a pool: scheme, authority and an optional path prefix (RFC 9110
/// §4.2.1). The request's own path and query are put behind it.
final class RedirectTarget {
  /// Characters of a redirect's base.
  private static final int LENGTH_MAX = 1024;

  /// What RFC 3986 §3.3 allows in a path besides letters, digits and percent-encoding.
  private static final String PATH_MARKS = "-._~!$&'()*+,;=:@/";

  private RedirectTarget() {}

  /// The target with scheme and host in lower case.
  static Reading<String> read(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int start = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : 0;
    if (start == 0 || text.length() > LENGTH_MAX) {
      boolean hasScheme = text.contains("://") || text.length() > LENGTH_MAX;
      return Reading.none("", hasScheme ? "" : "begin it with 'https://'");
    }
    if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
      return Reading.none("it has a query or a fragment", "the request's own query is passed on");
    }
    int slash = text.indexOf('/', start);
    String authority = lower.substring(start, slash < 0 ? text.length() : slash);
    String path = slash < 0 ? "" : text.substring(slash);
    if (authority.indexOf('@') >= 0) {
      return Reading.none("it has user information", "remove what stands before the '@'");
    }
    if (!isAuthority(authority)) {
      return Reading.none("its host or port is malformed", "");
    }
    if (path.endsWith("/")) {
      return Reading.none("it ends in '/'", "remove the final '/'; the request's path is added");
    }
    return isPath(path)
        ? Reading.of(lower.substring(0, start) + authority + path)
        : Reading.none("its path is malformed", "percent-encode what is not allowed in a path");
  }

  private static boolean isAuthority(String authority) {
    int bracket = authority.lastIndexOf(']');
    int colon = authority.indexOf(':', bracket + 1);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    boolean hasGoodPort =
        colon < 0 || Scalars.digits(authority.substring(colon + 1), 1, 65535).isPresent();
    if (bracket >= 0) {
      return hasGoodPort
          && host.startsWith("[")
          && host.endsWith("]")
          && Address.parse(host.substring(1, host.length() - 1)).filter(a -> !a.isV4()).isPresent();
    }
    return hasGoodPort && Scalars.HOST.reader().read(host).value() != null;
  }

  private static boolean isPath(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean isAlphanumeric = c < 128 && Character.isLetterOrDigit(c);
      if (c == '%') {
        if (i + 2 >= path.length() || !isHex(path.charAt(i + 1)) || !isHex(path.charAt(i + 2))) {
          return false;
        }
      } else if (!isAlphanumeric && PATH_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHex(char c) {
    return c < 128 && Character.digit(c, 16) >= 0;
  }

  /// The host of a target that was read.
  static String host(String target) {
    String authority = authority(target);
    int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
    return colon < 0 ? authority : authority.substring(0, colon);
  }

  /// The port that a target names itself.
  static Optional<Integer> port(String target) {
    String authority = authority(target);
    int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
    return colon < 0
        ? Optional.empty()
        : Optional.of(Integer.valueOf(authority.substring(colon + 1)));
  }

  private static String authority(String target) {
    int start = target.indexOf("://") + 3;
    int slash = target.indexOf('/', start);
    return target.substring(start, slash < 0 ? target.length() : slash);
  }
}
