package gslb.node;

import gslb.base.Diagnostics;
import gslb.base.SourceSpan;
import gslb.config.AdminSettings;
import gslb.config.Configuration;
import gslb.config.NodeSettings;
import gslb.dns.listen.DnsSettings;
import gslb.redirect.RedirectSettings;
import java.nio.file.Path;
import java.util.Objects;

/// What a node was started with and no reload can change: it is said, and the rest is applied.
///
/// @param cluster in words, without the secret, which has no equality to be seen
record RestartOnly(
    NodeSettings node,
    DnsSettings dns,
    boolean hasTls,
    RedirectSettings redirect,
    AdminSettings admin,
    String cluster) {
  static RestartOnly of(Configuration configuration) {
    NodeSettings node = configuration.node();
    // A plan names the same file by its whole path.
    Path state = Path.of(node.stateDirectory()).toAbsolutePath().normalize();
    return new RestartOnly(
        new NodeSettings(node.name(), state.toString()),
        configuration.dns(),
        configuration.tls() != null,
        configuration.redirect(),
        configuration.admin(),
        String.valueOf(configuration.cluster()));
  }

  /// Warns of each section that is another in a configuration.
  void compare(Configuration configuration, Diagnostics diagnostics) {
    RestartOnly next = of(configuration);
    SourceSpan where = SourceSpan.file(configuration.files().getFirst());
    compare("node", node, next.node, where, diagnostics);
    compare("listen: dns", dns.listen(), next.dns.listen(), where, diagnostics);
    compare("listen: dns-tls", dns.listenTls(), next.dns.listenTls(), where, diagnostics);
    compare("dns: tcp", dns.tcp(), next.dns.tcp(), where, diagnostics);
    compare("client-address", dns.proxies(), next.dns.proxies(), where, diagnostics);
    compare("tls", hasTls, next.hasTls, where, diagnostics);
    compare("listen: http", redirect, next.redirect, where, diagnostics);
    compare("listen: admin", admin, next.admin, where, diagnostics);
    compare("cluster", cluster, next.cluster, where, diagnostics);
  }

  private static void compare(
      String section, Object running, Object next, SourceSpan where, Diagnostics diagnostics) {
    if (!Objects.equals(running, next)) {
      diagnostics.warning(
          where,
          "'" + section + "' has changed",
          "the running node keeps what it was started with",
          "restart it to apply the change");
    }
  }
}
