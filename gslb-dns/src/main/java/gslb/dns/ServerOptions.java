package gslb.dns;

import gslb.base.Prefix;
import java.util.List;

/// What an operator sets for the whole server, beside its zones and services. Part of the snapshot:
/// a reload changes it with the rest, all or nothing.
///
/// @param explainTo clients, by the address the query came from, that are told why they get a
///     steered answer (RFC 8914); at most {@link #EXPLAIN_TO_MAX}
public record ServerOptions(
    Identity identity,
    CookieSecrets cookies,
    RateLimit rateLimit,
    AccessList access,
    List<Prefix> explainTo) {
  /// Prefixes of clients that are told reasons.
  public static final int EXPLAIN_TO_MAX = 1_000;

  /// Says nothing of itself, has no cookies, limits and refuses nobody, explains nothing.
  public static final ServerOptions NONE =
      new ServerOptions(Identity.NONE, CookieSecrets.NONE, RateLimit.OFF, AccessList.OPEN);

  public ServerOptions {
    explainTo = List.copyOf(explainTo);
  }

  /// Options that explain nothing.
  public ServerOptions(
      Identity identity, CookieSecrets cookies, RateLimit rateLimit, AccessList access) {
    this(identity, cookies, rateLimit, access, List.of());
  }
}
