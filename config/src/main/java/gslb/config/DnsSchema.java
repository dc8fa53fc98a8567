package gslb.config;

import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.config.Section.Fields;
import gslb.dns.AccessList;
import gslb.dns.Identity;
import gslb.dns.RateLimit;
import gslb.dns.ServerOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys of the DNS server itself, beside its zones and services. Part of {@link Schema}.
final class DnsSchema {
  /// Prefixes of one list of clients or proxies.
  static final int CLIENTS_MAX = 10_000;

  /// Connections that a configuration may allow.
  static final int TCP_CONNECTIONS_MAX = 100_000;

  /// Responses a second that a rate limit may name.
  static final int RATE_MAX = 1_000_000;

  static final Key<List<Located<InetSocketAddress>>> LISTEN_TLS =
      Key.of(
              "dns-tls",
              new ListOf<>(Scalars.SOCKET_ADDRESS, "addresses with port", 0, Schema.LISTEN_MAX),
              "Addresses that DNS over TLS (RFC 7858) is served on, port 853 by custom. They need"
                  + " 'tls'.")
          .otherwise("[]");

  static final Key<String> CERTIFICATE =
      Key.of(
              "certificate",
              Scalars.FILE_NAME,
              "PEM file with the certificate of this server and the chain above it, relative to the"
                  + " configuration file. A file that is renamed over it is taken without reload.")
          .required();
  static final Key<String> PRIVATE_KEY =
      Key.of(
              "key",
              Scalars.FILE_NAME,
              "PEM file with its private key (PKCS #8, not encrypted), relative to the"
                  + " configuration file.")
          .required();
  static final Section TLS =
      new Section("tls", "What the node shows to TLS clients.", List.of(CERTIFICATE, PRIVATE_KEY));
  static final Key<Fields> TLS_SECTION = Key.of("tls", TLS, "What the node shows to TLS clients.");

  private static final ListOf<Prefix> CLIENTS =
      new ListOf<>(Scalars.PREFIX, "prefixes", 0, CLIENTS_MAX);

  static final Key<List<Located<Prefix>>> TRUSTED_PROXIES =
      Key.of(
              "trusted-proxies",
              CLIENTS,
              "Load balancers and proxies in front of this node that may say who the client is.")
          .otherwise("[]");
  static final Key<String> PROXY_DNS =
      Key.of(
              "dns",
              Scalars.oneOf(List.of("none", "required")),
              "Whether DNS from the trusted proxies begins with a PROXY header: version 1 or 2 on"
                  + " connections, version 2 in each datagram. With 'required' what comes from them"
                  + " without one is dropped. From others no header is looked for.")
          .otherwise("none");
  static final Section PROXY_PROTOCOL =
      new Section(
          "proxy-protocol", "Where trusted proxies send a PROXY header.", List.of(PROXY_DNS));
  static final Key<Fields> PROXIED =
      Key.of("proxy-protocol", PROXY_PROTOCOL, "Where trusted proxies send a PROXY header.");
  static final Section CLIENT_ADDRESS =
      new Section(
          "client-address", "Who a client is said to be.", List.of(TRUSTED_PROXIES, PROXIED));
  static final Key<Fields> CLIENT_ADDRESS_SECTION =
      Key.of("client-address", CLIENT_ADDRESS, "Who a client is said to be.");

  private static final Scalar<String> SAYING =
      Scalars.text(
          "text of 1 to " + Identity.TEXT_LENGTH_MAX + " printable ASCII characters",
          "^[ -~]{1," + Identity.TEXT_LENGTH_MAX + "}$",
          text ->
              !text.isEmpty()
                      && text.length() <= Identity.TEXT_LENGTH_MAX
                      && text.chars().allMatch(c -> c >= ' ' && c <= '~')
                  ? Scalar.Reading.of(text)
                  : Scalar.Reading.none());

  static final Key<String> NSID =
      Key.of(
          "nsid",
          SAYING,
          "What tells this node from the others to who asks for it (NSID, RFC 5001). Default: it is"
              + " not told.");
  static final Key<String> VERSION =
      Key.of(
          "version",
          SAYING,
          "Answer to version.bind and version.server of class CHAOS. Default: they are refused.");
  static final Key<String> SERVER =
      Key.of(
          "id",
          SAYING,
          "Answer to id.server and hostname.bind of class CHAOS (RFC 4892). Default: they are"
              + " refused.");

  static final Key<String> COOKIE_FILE =
      Key.of(
              "secret-file",
              Scalars.FILE_NAME,
              "File of up to 4 secrets, each a line of 32 hexadecimal digits: the first makes"
                  + " cookies, all are accepted. The same on all servers of one address.")
          .required();
  static final Section COOKIE_SECRETS =
      new Section("cookies", "Secrets of server cookies.", List.of(COOKIE_FILE));
  static final Key<CookieTerm> COOKIES =
      Key.of(
              "cookies",
              new OneOf<CookieTerm>(
                  List.of(
                      new Mapped<>(
                          Scalars.oneOf(List.of("auto", "off")),
                          (word, w, p, b) ->
                              word.equals("auto") ? new CookieTerm.Auto() : new CookieTerm.Off()),
                      new Mapped<>(COOKIE_SECRETS, DnsSchema::cookieFile))),
              "DNS cookies (RFC 7873, RFC 9018). 'auto' makes a new secret every day: from the"
                  + " cluster's, so that all nodes agree, or at random on a node alone.")
          .otherwise("auto");

  static final Key<Integer> PER_SECOND =
      Key.of(
              "per-second",
              Scalars.whole(1, RATE_MAX),
              "Sustained responses a second of one address. A prefix gets a multiple: an IPv4 /24"
                  + " 32 times, a /20 256, a /18 768; an IPv6 /64 2 times, a /56 3, a /48 4, a /32"
                  + " 64.")
          .otherwise("50");
  static final Key<Integer> BURST =
      Key.of("burst", Scalars.whole(1, RATE_MAX), "Responses at once of one address.")
          .otherwise("125");
  static final Key<Integer> SLIP =
      Key.of(
              "slip",
              Scalars.whole(0, 100),
              "Every n-th limited response is sent truncated, so that a real client asks over TCP;"
                  + " the others are dropped. 1 truncates all, 0 drops all.")
          .otherwise("1");
  static final Key<Boolean> DRY_RUN =
      Key.of("dry-run", Scalars.TRUTH, "Count what would be limited, and limit nothing.")
          .otherwise("false");
  static final Key<List<Located<Prefix>>> EXEMPT =
      Key.of(
              "exempt",
              CLIENTS,
              "Clients that are not limited. Those with a valid cookie never are.")
          .otherwise("[]");
  static final Key<Integer> TABLE_SIZE =
      Key.of(
              "table-size",
              Scalars.whole(1_024, RateLimit.TABLE_SIZE_MAX),
              "Counters kept, a power of two.")
          .otherwise("524288");
  static final Section RATE_LIMIT =
      new Section(
          "rate-limit",
          "How many UDP responses clients get.",
          List.of(PER_SECOND, BURST, SLIP, DRY_RUN, EXEMPT, TABLE_SIZE));
  static final Key<Fields> RATE_LIMITED =
      Key.of(
          "rate-limit",
          RATE_LIMIT,
          "How many UDP responses clients get before they must come back over TCP. Default: no"
              + " limit; try one with 'dry-run' first.");

  static final Key<List<Named.Entry<String>>> ACCESS =
      Key.of(
              "access",
              new Named<>(
                  "prefix",
                  new Mapped<>(Scalars.PREFIX, (prefix, w, p, b) -> prefix.toString()),
                  null,
                  Scalars.oneOf(List.of("answer", "refuse", "drop")),
                  AccessList.RULES_MAX),
              "What clients get by their own address, never by their client subnet: 'answer',"
                  + " 'refuse' (REFUSED) or 'drop' (silence). The longest prefix decides; who is in"
                  + " none is answered.")
          .otherwise("{}");

  static final Key<List<Located<Prefix>>> EXPLAIN_TO =
      Key.of(
              "explain-to",
              new ListOf<>(Scalars.PREFIX, "prefixes", 0, ServerOptions.EXPLAIN_TO_MAX),
              "Clients, by their own address, whose steered answers say why they are what they are:"
                  + " an Extended DNS Error (RFC 8914) of code 0 with a text such as 'service www;"
                  + " pool us; eu is down: unhealthy'. They must use EDNS. Names of services and"
                  + " pools and their health are in it: name your own networks.")
          .otherwise("[]");

  static final Key<Integer> TCP_CONNECTIONS =
      Key.of(
          "connections",
          Scalars.whole(1, TCP_CONNECTIONS_MAX),
          "Open connections. When all are taken, a new one takes the place of the one that has gone"
              + " longest without a query. Default: "
              + gslb.dns.listen.TcpLimits.CONNECTIONS_MAX
              + ".");
  static final Key<Integer> TCP_PER_CLIENT =
      Key.of(
          "per-client",
          Scalars.whole(1, TCP_CONNECTIONS_MAX),
          "Open connections of one IPv4 address or IPv6 /64. Default: "
              + gslb.dns.listen.TcpLimits.CONNECTIONS_PER_CLIENT_MAX
              + ".");
  static final Key<Duration> TCP_IDLE =
      Key.of(
              "idle",
              Scalars.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
              "From the end of one query to the beginning of the next.")
          .otherwise("10s");
  static final Key<Duration> TCP_QUERY =
      Key.of(
              "query",
              Scalars.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
              "From the beginning of a query to its end.")
          .otherwise("10s");
  static final Key<Duration> TCP_REPLY =
      Key.of(
              "reply",
              Scalars.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
              "For the client to take a reply.")
          .otherwise("10s");
  static final Key<Duration> TCP_LIFE =
      Key.of(
              "life",
              Scalars.duration(Duration.ofSeconds(10), Duration.ofHours(24)),
              "Longest life of a connection, however busy.")
          .otherwise("1h");
  static final Section TCP =
      new Section(
          "tcp",
          "Limits of TCP and TLS connections, all addresses together.",
          List.of(TCP_CONNECTIONS, TCP_PER_CLIENT, TCP_IDLE, TCP_QUERY, TCP_REPLY, TCP_LIFE));
  static final Key<Fields> TCP_SECTION =
      Key.of("tcp", TCP, "Limits of TCP and TLS connections, all addresses together.");

  static final Section DNS =
      new Section(
          "dns",
          "The DNS server, beside its zones and services.",
          List.of(NSID, VERSION, SERVER, COOKIES, RATE_LIMITED, ACCESS, EXPLAIN_TO, TCP_SECTION));
  static final Key<Fields> DNS_SECTION =
      Key.of("dns", DNS, "The DNS server, beside its zones and services.");

  private DnsSchema() {}

  /// Where cookie secrets come from, before files are read.
  sealed interface CookieTerm {
    record Auto() implements CookieTerm {}

    record Off() implements CookieTerm {}

    record File(String name, SourceSpan where) implements CookieTerm {}
  }

  private static @Nullable CookieTerm cookieFile(
      Fields fields, SourceSpan where, Place place, Binding binding) {
    Located<String> file = fields.located(COOKIE_FILE);
    return file == null ? null : new CookieTerm.File(file.value(), file.where());
  }
}
