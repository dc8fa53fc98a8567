package gslb.node;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.config.Configuration;
import java.util.Objects;

/// What a reload cannot change: it is said, and the rest is applied.
final class RestartOnly {
  private RestartOnly() {}

  static void compare(Configuration running, Configuration next, Diagnostics diagnostics) {
    compare("node", running.node(), next.node(), next, diagnostics);
    compare("listen: dns", running.dns(), next.dns(), next, diagnostics);
    compare("listen: http", running.redirect(), next.redirect(), next, diagnostics);
    compare("listen: admin", running.admin(), next.admin(), next, diagnostics);
    compare("cluster", text(running), text(next), next, diagnostics);
  }

  private static void compare(
      String section, Object running, Object next, Configuration where, Diagnostics diagnostics) {
    if (!Objects.equals(running, next)) {
      diagnostics.warning(
          SourceSpan.file(where.files().getFirst()),
          "'" + section + "' has changed",
          "the running node keeps what it was started with",
          "restart it to apply the change");
    }
  }

  /// Without the secret, which has no equality to be seen.
  private static String text(Configuration configuration) {
    return String.valueOf(configuration.cluster());
  }
}
