package gslb.config;

import gslb.base.Diagnostics;
import gslb.base.Prefix;
import gslb.config.DnsSchema.CookieTerm;
import gslb.config.Section.Fields;
import gslb.dns.AccessList;
import gslb.dns.CookieSecrets;
import gslb.dns.Identity;
import gslb.dns.RateLimit;
import gslb.dns.listen.DnsSettings;
import gslb.dns.listen.TcpLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what concerns the DNS server itself: `dns`, `client-address`, `tls` and its listeners.
record DnsReader(FileSource source, Diagnostics diagnostics) {
  /// Longest file of cookie secrets, in bytes.
  static final int COOKIE_FILE_LENGTH_MAX = 4_096;

  /// UDP sockets of an address, unless the node knows better.
  private static final int CLEAR_PORT = 53;

  private static final int THREADS_PER_ADDRESS = 1;

  DnsSettings settings(Fields root) {
    Fields listen = ConfigLoader.section(root, Schema.LISTEN_SECTION);
    Fields tcp =
        ConfigLoader.section(
            ConfigLoader.section(root, DnsSchema.DNS_SECTION), DnsSchema.TCP_SECTION);
    Integer connections = tcp.find(DnsSchema.TCP_CONNECTIONS);
    Integer perClient = tcp.find(DnsSchema.TCP_PER_CLIENT);
    TcpLimits limits =
        new TcpLimits(
            connections == null ? TcpLimits.CONNECTIONS_MAX : connections,
            perClient == null ? TcpLimits.CONNECTIONS_PER_CLIENT_MAX : perClient,
            tcp.get(DnsSchema.TCP_IDLE),
            tcp.get(DnsSchema.TCP_QUERY),
            tcp.get(DnsSchema.TCP_REPLY),
            tcp.get(DnsSchema.TCP_LIFE));
    return new DnsSettings(
        addresses(listen.get(Schema.LISTEN_DNS)),
        addresses(listen.get(DnsSchema.LISTEN_TLS)),
        THREADS_PER_ADDRESS,
        limits,
        proxies(root));
  }

  private static List<InetSocketAddress> addresses(List<Located<InetSocketAddress>> located) {
    return located.stream().map(Located::value).toList();
  }

  private List<Prefix> proxies(Fields root) {
    Fields client = ConfigLoader.section(root, DnsSchema.CLIENT_ADDRESS_SECTION);
    Fields protocol = ConfigLoader.section(client, DnsSchema.PROXIED);
    List<Prefix> trusted = values(client.get(DnsSchema.TRUSTED_PROXIES));
    boolean isRequired = protocol.get(DnsSchema.PROXY_DNS).equals("required");
    if (isRequired && trusted.isEmpty()) {
      diagnostics.error(
          protocol.where(DnsSchema.PROXY_DNS),
          "'proxy-protocol' is required of nobody",
          "only proxies in 'trusted-proxies' may say who the client is",
          "name them in client-address: {trusted-proxies: […]}");
    }
    if (!isRequired && !trusted.isEmpty()) {
      diagnostics.warning(
          client.where(DnsSchema.TRUSTED_PROXIES),
          "'trusted-proxies' has no effect",
          "nothing says where they send a header",
          "write proxy-protocol: {dns: required}");
    }
    return isRequired ? trusted : List.of();
  }

  private static List<Prefix> values(List<Located<Prefix>> located) {
    return located.stream().map(Located::value).toList();
  }

  @Nullable TlsSettings tls(Fields root) {
    Fields tls = root.find(DnsSchema.TLS_SECTION);
    Fields listen = ConfigLoader.section(root, Schema.LISTEN_SECTION);
    List<Located<InetSocketAddress>> addresses = listen.get(DnsSchema.LISTEN_TLS);
    for (Located<InetSocketAddress> address : addresses) {
      if (address.value().getPort() == CLEAR_PORT) {
        diagnostics.error(
            address.where(),
            "'dns-tls' has port " + CLEAR_PORT,
            "DNS over TLS is not on the port for DNS in the clear (RFC 7858 §3.1)",
            "take port 853, or one that the clients are told");
      }
    }
    if (tls == null) {
      if (!addresses.isEmpty()) {
        diagnostics.error(
            addresses.getFirst().where(),
            "'dns-tls' has addresses, and there is no 'tls'",
            "TLS needs a certificate and its key",
            "write tls: {certificate: FILE, key: FILE}");
      }
      return null;
    }
    Located<String> certificate = tls.located(DnsSchema.CERTIFICATE);
    Located<String> key = tls.located(DnsSchema.PRIVATE_KEY);
    if (certificate == null || key == null) {
      return null;
    }
    String keyFile = source.resolve(key.where().file(), key.value());
    if (source.unreadable(keyFile).isEmpty() && source.isReadableByAll(keyFile)) {
      diagnostics.warning(
          key.where(),
          "private key " + Shown.quoted(keyFile) + " can be read by every user",
          "whoever has it can pass for this server",
          "run 'chmod 600' on it");
    }
    return new TlsSettings(
        source.resolve(certificate.where().file(), certificate.value()),
        keyFile,
        tls.place().named());
  }

  DnsOptions options(Fields root) {
    Fields dns = ConfigLoader.section(root, DnsSchema.DNS_SECTION);
    return new DnsOptions(
        new Identity(
            orEmpty(dns.find(DnsSchema.NSID)),
            orEmpty(dns.find(DnsSchema.VERSION)),
            orEmpty(dns.find(DnsSchema.SERVER))),
        cookies(dns),
        rateLimit(dns),
        access(dns),
        values(dns.get(DnsSchema.EXPLAIN_TO)));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private CookieSource cookies(Fields dns) {
    return switch (dns.get(DnsSchema.COOKIES)) {
      case CookieTerm.Auto() -> new CookieSource.Auto();
      case CookieTerm.Off() -> new CookieSource.Off();
      case CookieTerm.File file -> readSecrets(file);
    };
  }

  private CookieSource readSecrets(CookieTerm.File file) {
    String path = source.resolve(file.where().file(), file.name());
    String hint = "make one with 'openssl rand -hex " + CookieSecrets.SECRET_LENGTH + "'";
    try {
      byte[] bytes = source.read(path, COOKIE_FILE_LENGTH_MAX + 1);
      List<byte[]> secrets = new ArrayList<>();
      int number = 0;
      for (String line : new String(bytes, StandardCharsets.ISO_8859_1).lines().toList()) {
        number++;
        String digits = line.strip();
        if (digits.isEmpty() || digits.startsWith("#")) {
          continue;
        }
        if (!digits.matches("[0-9A-Fa-f]{" + 2 * CookieSecrets.SECRET_LENGTH + "}")) {
          diagnostics.error(
              new gslb.base.SourceSpan(path, number, 1),
              "this line is no cookie secret",
              "a secret is " + 2 * CookieSecrets.SECRET_LENGTH + " hexadecimal digits",
              hint);
          return new CookieSource.Off();
        }
        secrets.add(HexFormat.of().parseHex(digits));
      }
      if (secrets.isEmpty() || secrets.size() > CookieSecrets.SECRETS_MAX) {
        diagnostics.error(
            file.where(),
            "file " + Shown.quoted(path) + " has " + secrets.size() + " cookie secrets",
            "it must have 1 to " + CookieSecrets.SECRETS_MAX,
            secrets.isEmpty() ? hint : "remove the oldest");
        return new CookieSource.Off();
      }
      warnIfReadableByAll(path, file);
      return new CookieSource.Shared(CookieSecrets.of(secrets));
    } catch (IOException _) {
      diagnostics.error(
          file.where(),
          "file " + Shown.quoted(path) + " cannot be read",
          "it must hold the cookie secrets",
          hint);
      return new CookieSource.Off();
    }
  }

  private void warnIfReadableByAll(String path, CookieTerm.File file) {
    if (source.isReadableByAll(path)) {
      diagnostics.warning(
          file.where(),
          "file " + Shown.quoted(path) + " of cookie secrets can be read by every user",
          "whoever knows one can pass the rate limit under a forged address",
          "run 'chmod 600' on it");
    }
  }

  private RateLimit rateLimit(Fields dns) {
    Fields limit = dns.find(DnsSchema.RATE_LIMITED);
    if (limit == null) {
      return RateLimit.OFF;
    }
    int perSecond = limit.get(DnsSchema.PER_SECOND);
    int burst = limit.get(DnsSchema.BURST);
    int tableSize = limit.get(DnsSchema.TABLE_SIZE);
    if (burst < perSecond) {
      diagnostics.error(
          limit.where(DnsSchema.BURST),
          "'burst' is " + burst + ", below 'per-second', which is " + perSecond,
          "a burst is at least what comes in a second",
          "raise it to " + (int) Math.min(DnsSchema.RATE_MAX, 5L * perSecond / 2));
    }
    if (Integer.bitCount(tableSize) != 1) {
      diagnostics.error(
          limit.where(DnsSchema.TABLE_SIZE),
          "'table-size' is " + tableSize,
          "it must be a power of two",
          "write " + Integer.highestOneBit(tableSize));
    }
    return new RateLimit(
        perSecond,
        burst,
        limit.get(DnsSchema.SLIP),
        limit.get(DnsSchema.DRY_RUN),
        values(limit.get(DnsSchema.EXEMPT)),
        Integer.highestOneBit(tableSize));
  }

  private AccessList access(Fields dns) {
    List<AccessList.Rule> rules = new ArrayList<>();
    for (Named.Entry<String> entry : dns.get(DnsSchema.ACCESS)) {
      String word = entry.value();
      if (word != null) {
        AccessList.Action action =
            switch (word) {
              case "refuse" -> AccessList.Action.REFUSE;
              case "drop" -> AccessList.Action.DROP;
              default -> AccessList.Action.ANSWER;
            };
        rules.add(new AccessList.Rule(Prefix.of(entry.name().value()), action));
      }
    }
    return new AccessList(rules);
  }
}
