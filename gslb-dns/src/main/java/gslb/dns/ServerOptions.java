package gslb.dns;

/// What an operator sets for the whole server, beside its zones and services. Part of the snapshot:
/// a reload changes it with the rest, all or nothing.
public record ServerOptions(
    Identity identity, CookieSecrets cookies, RateLimit rateLimit, AccessList access) {
  /// Says nothing of itself, has no cookies, limits and refuses nobody.
  public static final ServerOptions NONE =
      new ServerOptions(Identity.NONE, CookieSecrets.NONE, RateLimit.OFF, AccessList.OPEN);
}
