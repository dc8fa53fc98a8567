package gslb.config;

import gslb.dns.CookieSecrets;

/// Where the secrets of server cookies come from.
public sealed interface CookieSource {
  /// The node makes a new one every day: from the cluster's secret, or at random if it is alone.
  record Auto() implements CookieSource {}

  /// No cookies.
  record Off() implements CookieSource {}

  /// The operator's own.
  record Shared(CookieSecrets secrets) implements CookieSource {}
}
