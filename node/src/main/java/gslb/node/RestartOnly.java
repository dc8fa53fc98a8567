package gslb.node;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.config.Configuration;
import gslb.dns.listen.DnsSettings;
import java.util.Objects;

/// What a reload cannot change: it is said, and the rest is applied.
final class RestartOnly {
  private RestartOnly() {}

  static void compare(Configuration running, Configuration next, Diagnostics diagnostics) {
    compare("node", running.node(), next.node(), next, diagnostics);
    compareDns(running.dns(), next.dns(), next, diagnostics);
    compare("tls", running.tls() == null, next.tls() == null, next, diagnostics);
    compare("listen: http", running.redirect(), next.redirect(), next, diagnostics);
    compare("listen: admin", running.admin(), next.admin(), next, diagnostics);
    compare("cluster", text(running), text(next), next, diagnostics);
  }

  private static void compareDns(
      DnsSettings running, DnsSettings next, Configuration where, Diagnostics diagnostics) {
    compare("listen: dns", running.listen(), next.listen(), where, diagnostics);
    compare("listen: dns-tls", running.listenTls(), next.listenTls(), where, diagnostics);
    compare("dns: tcp", running.tcp(), next.tcp(), where, diagnostics);
    compare("client-address", running.proxies(), next.proxies(), where, diagnostics);
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
