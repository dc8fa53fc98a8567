package gslb.config;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.SourceSpan;
import gslb.config.Section.Fields;
import gslb.health.Monitor.Check;
import gslb.steering.Endpoint;
import gslb.steering.Families;
import gslb.steering.MinHealthy;
import gslb.steering.Pool;
import gslb.steering.Service;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Every key of the configuration: its type, range, default and meaning. Some sections have their
/// keys in classes of their own, such as {@link GeoSchema}; there is no other list of them.
final class Schema {
  static final int SITES_MAX = 1_000;
  static final int ZONES_MAX = 100_000;
  static final int MONITORS_MAX = 1_000;
  static final int POOLS_MAX = 10_000;

  /// Of one pool.
  static final int ENDPOINTS_MAX = 1_000;

  /// Different host names of all endpoints.
  static final int HOSTS_MAX = 1_000;

  static final int SERVICES_MAX = 100_000;

  /// Steered names, or redirected hosts, of one service.
  static final int NAMES_MAX = 1_000;

  /// Shared policies.
  static final int POLICIES_MAX = 10_000;

  /// Addresses of one kind of listener.
  static final int LISTEN_MAX = 64;

  /// Members of a cluster, and the greatest number of one.
  static final int MEMBERS_MAX = 254;

  /// Items of one `include`.
  static final int INCLUDES_MAX = 64;

  /// Greatest TTL of a steered answer, in seconds.
  static final int TTL_MAX_SECONDS = 86_400;

  static final Key<String> NODE_NAME =
      Key.of("name", Scalars.NAME, "This node's name; in a cluster it is one of the members.")
          .otherwise("gslb");
  static final Key<String> STATE_DIRECTORY =
      Key.of(
              "state-directory",
              Scalars.FILE_NAME,
              "Where the node keeps what must survive a restart: verdicts, overrides, decoded geo"
                  + " databases, the admin token.")
          .otherwise("/var/lib/gslb");
  static final Section NODE =
      new Section("node", "This node.", List.of(NODE_NAME, STATE_DIRECTORY));

  static final Key<String> CONTINENT =
      Key.of("continent", Scalars.CONTINENT, "The continent the site is on.").required();
  static final Key<String> COUNTRY =
      Key.of("country", Scalars.COUNTRY, "The country the site is in (ISO 3166-1 alpha-2).")
          .required();
  static final Key<List<Double>> AT =
      Key.of("at", GeoSchema.POINT, "Latitude and longitude in degrees, as in [50.11, 8.68].")
          .required();
  static final Section SITE =
      new Section("site", "Where a pool or a node stands.", List.of(CONTINENT, COUNTRY, AT));

  private static final ListOf<InetSocketAddress> LISTENERS =
      new ListOf<>(Scalars.SOCKET_ADDRESS, "addresses with port", 0, LISTEN_MAX);
  static final Key<List<Located<InetSocketAddress>>> LISTEN_DNS =
      Key.of("dns", LISTENERS, "Addresses that DNS is served on, over UDP and TCP.")
          .otherwise("[\"0.0.0.0:53\", \"[::]:53\"]");
  static final Key<List<Located<InetSocketAddress>>> LISTEN_HTTP =
      Key.of("http", LISTENERS, "Addresses of the redirect tier; none means there is none.")
          .otherwise("[]");
  static final Key<InetSocketAddress> LISTEN_ADMIN =
      Key.of(
              "admin",
              new Mapped<>(Scalars.SOCKET_ADDRESS, Schema::loopbackOnly),
              "Address of the admin API. In this version it must be a loopback address.")
          .otherwise("\"127.0.0.1:8053\"");
  static final Section LISTEN =
      new Section(
          "listen",
          "What the node listens on.",
          List.of(LISTEN_DNS, DnsSchema.LISTEN_TLS, LISTEN_HTTP, LISTEN_ADMIN));

  static final Key<String> ZONE_FILE =
      Key.of(
              "file",
              Scalars.FILE_NAME,
              "The zone file (RFC 1035 §5), relative to the configuration file.")
          .required();
  static final Section ZONE = new Section("zone", "A zone that is served.", List.of(ZONE_FILE));

  static final Key<String> MONITOR_TYPE =
      Key.of(
              "type",
              Scalars.oneOf(List.of("tcp", "http", "https")),
              "What a probe does: connect, or one HTTP exchange without or over TLS.")
          .required();
  static final Key<Integer> PORT =
      Key.of(
          "port",
          Scalars.whole(1, 65535),
          "Port of the endpoint. Default: 80 for http, 443 for https; tcp needs one.");
  static final Key<String> HOST =
      Key.of(
          "host",
          Scalars.HOST,
          "The Host header and, over TLS, the server name that is asked for and verified. Default:"
              + " the endpoint's address. Only for http and https.");
  static final Key<String> PATH =
      Key.of(
              "path",
              Scalars.URL_PATH,
              "Path and query that are requested. Only for http and https.")
          .otherwise("/");
  static final Key<Scalars.StatusRange> STATUS =
      Key.of("status", Scalars.STATUS, "The HTTP status that counts as a success.")
          .otherwise("200-299");
  static final Key<String> BODY =
      Key.of(
          "body",
          Scalars.BODY,
          "Text that the first " + Check.Http.BODY_LENGTH_MAX + " bytes of the body must hold.");
  static final Section EXPECT =
      new Section("expect", "What a good answer is.", List.of(STATUS, BODY));
  static final Key<Fields> EXPECTED =
      Key.of("expect", EXPECT, "What a good answer is. Only for http and https.");
  static final Key<Duration> INTERVAL =
      Key.of(
              "interval",
              Scalars.duration(Duration.ofMillis(100), Duration.ofHours(1)),
              "Time between the starts of two probes of one endpoint.")
          .otherwise("5s");
  static final Key<Duration> TIMEOUT =
      Key.of(
              "timeout",
              Scalars.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
              "A probe that takes longer has failed. Less than the interval.")
          .otherwise("2s");
  static final Key<Integer> RISE =
      Key.of("rise", Scalars.whole(1, 100), "Consecutive successes until an endpoint is up.")
          .otherwise("2");
  static final Key<Integer> FALL =
      Key.of("fall", Scalars.whole(1, 100), "Failures until an endpoint is down.").otherwise("3");
  static final Key<Boolean> VERIFY =
      Key.of(
              "verify",
              Scalars.TRUTH,
              "Whether the certificate's chain and name are verified. Only for https.")
          .otherwise("true");
  static final Section MONITOR =
      new Section(
          "monitor",
          "What to check and how often.",
          List.of(MONITOR_TYPE, PORT, HOST, PATH, EXPECTED, INTERVAL, TIMEOUT, RISE, FALL, VERIFY));

  static final Key<Address> ENDPOINT_ADDRESS =
      Key.of(
          "address",
          Scalars.ENDPOINT_ADDRESS,
          "The address that clients are sent to. Either this or 'host'.");
  static final Key<DnsName> ENDPOINT_HOST =
      Key.of(
          "host",
          Scalars.ENDPOINT_HOST,
          "A host name in place of the address, resolved again and again; each of its addresses is"
              + " an endpoint with this weight. An address that the pool has already keeps the"
              + " weight it has. Only the resolvers of /etc/resolv.conf are asked, for the name as"
              + " it is: /etc/hosts is not read, and no search domain is added.");
  static final Key<Integer> ENDPOINT_WEIGHT =
      Key.of("weight", Scalars.whole(1, Endpoint.WEIGHT_MAX), "Its share of the pool's clients.")
          .otherwise("1");
  static final Section ENDPOINT =
      new Section(
          "endpoint",
          "One address of a pool, or a host name that stands for its addresses.",
          List.of(ENDPOINT_ADDRESS, ENDPOINT_HOST, ENDPOINT_WEIGHT));
  static final Key<String> POOL_SITE =
      Key.of(
          "site",
          new Reference(Reference.Kind.SITE),
          "Where the pool stands; 'nearest' needs to know it.");
  static final Key<List<Located<String>>> POOL_MONITORS =
      Key.of(
              "monitors",
              new ListOf<>(new Reference(Reference.Kind.MONITOR), "monitors", 0, 16),
              "Checks that must all succeed for an endpoint to be up. Without any, the endpoints"
                  + " are always up.")
          .otherwise("[]");
  static final Key<MinHealthy> MIN_HEALTHY =
      Key.of(
              "min-healthy",
              Scalars.MIN_HEALTHY,
              "How much of the pool must be up, per address family, for the pool to be available:"
                  + " endpoints, or a share of the configured weight such as 50%.")
          .otherwise("1");
  static final Key<Duration> RAMP =
      Key.of(
              "ramp",
              Scalars.RAMP,
              "How long the pool takes to get its clients back after a failure: they come in 64"
                  + " steps, as long as another pool can have the others. 0 or 0s for at once.")
          .otherwise("0");
  static final Key<Integer> CAPACITY =
      Key.of(
          "capacity",
          Scalars.whole(1, Pool.CAPACITY_MAX),
          "How much the pool can serve when all of it is up, in any unit that is the same for all"
              + " pools, such as requests per second.");
  static final Key<String> REDIRECT_TO =
      Key.of(
          "redirect-to",
          Scalars.REDIRECT_TARGET,
          "Where the redirect tier sends clients of this pool: scheme, authority and an optional"
              + " path, such as https://eu.example.com. The request's path and query are added.");
  static final Key<DnsName> POOL_CNAME =
      Key.of(
          "cname",
          Scalars.ALIAS_TARGET,
          "The name that is answered, as a CNAME, when the pool is chosen. A steered name that can"
              + " lead to such a pool has no records in its zone and is no apex. Endpoints of the"
              + " pool then only say whether it is up; without any it always is.");
  static final Key<List<Located<Fields>>> ENDPOINTS =
      Key.of(
          "endpoints",
          new ListOf<>(ENDPOINT, "endpoints", 1, ENDPOINTS_MAX),
          "The pool's addresses. Required, unless there is a 'cname'.");
  static final Section POOL =
      new Section(
          "pool",
          "The endpoints of one site that serve a service.",
          List.of(
              POOL_SITE,
              POOL_MONITORS,
              MIN_HEALTHY,
              RAMP,
              CAPACITY,
              REDIRECT_TO,
              POOL_CNAME,
              ENDPOINTS));

  static final Key<Integer> TTL_MIN =
      Key.of("min", Scalars.seconds(1, TTL_MAX_SECONDS), "The least TTL of an answer.").required();
  static final Key<Integer> TTL_MAX =
      Key.of("max", Scalars.seconds(1, TTL_MAX_SECONDS), "The greatest TTL of an answer.")
          .required();
  static final Section TTL_BOUNDS =
      new Section("ttl", "Bounds of an answer's TTL.", List.of(TTL_MIN, TTL_MAX));
  static final Key<Service.Ttl> TTL =
      Key.of(
              "ttl",
              new OneOf<>(
                  List.of(
                      new Mapped<>(
                          Scalars.seconds(1, TTL_MAX_SECONDS),
                          (seconds, w, p, b) -> new Service.Ttl(seconds, seconds)),
                      new Mapped<>(TTL_BOUNDS, Schema::ttl))),
              "TTL of a steered answer. Between the bounds it is the time until the earliest change"
                  + " that could make the answer wrong.")
          .otherwise("{min: 5s, max: 30s}");
  static final Key<List<Located<DnsName>>> NAMES =
      Key.of(
              "names",
              new ListOf<>(Scalars.DNS_NAME, "names", 0, NAMES_MAX),
              "Owner names of the steered A and AAAA records, each inside one of the zones. Apexes"
                  + " and wildcards may be among them.")
          .otherwise("[]");
  static final Key<Service.Answers> ANSWERS =
      Key.of(
          "answers",
          Scalars.ANSWERS,
          "How many of the chosen pool's live endpoints an answer holds: so many, drawn by weight,"
              + " or all. 1 if it is not written, and all where the policy 'all' decides.");
  static final Key<Families> FAMILIES =
      Key.of(
              "families",
              new Mapped<>(
                  Scalars.oneOf(List.of("any", "every", "independent")),
                  (word, w, p, b) -> Families.valueOf(word.toUpperCase(Locale.ROOT))),
              "Which families of a pool must be available for the pool to be: 'any' of those it"
                  + " has, 'every' one, or 'independent': A and AAAA are decided each by itself.")
          .otherwise("any");
  static final Key<String> SORRY =
      Key.of("pool", new Reference(Reference.Kind.POOL), "The pool that is answered.").required();
  static final Section SORRY_POOL =
      new Section("all-down", "A pool that is answered whatever its health.", List.of(SORRY));
  static final Key<AllDownTerm> ALL_DOWN =
      Key.of(
              "all-down",
              new OneOf<>(
                  List.of(
                      new Mapped<>(
                          Scalars.oneOf(List.of("answer", "nodata")),
                          (word, w, p, b) ->
                              word.equals("answer")
                                  ? new AllDownTerm.Answer()
                                  : new AllDownTerm.NoData()),
                      new Mapped<>(SORRY_POOL, Schema::sorry))),
              "What is answered when no pool has anything up: 'answer' as if all were well,"
                  + " 'nodata', or a pool.")
          .otherwise("answer");
  static final Key<PolicyTerm> POLICY =
      Key.<PolicyTerm>of("policy", PolicyType.POLICY, "Turns a client into a pool.").required();
  static final Key<Integer> DEMAND =
      Key.of(
          "demand",
          Scalars.whole(1, Service.DEMAND_MAX),
          "What the service's clients ask for at peak, in the unit of the pools' 'capacity'; 'gslb"
              + " simulate' reckons with it.");
  static final Key<List<Located<String>>> HOSTS =
      Key.of(
              "hosts",
              new ListOf<>(Scalars.HOST, "host names", 1, NAMES_MAX),
              "Hosts whose requests are redirected.")
          .required();
  static final Key<String> AS =
      Key.of(
          "as",
          new Reference(Reference.Kind.SERVICE),
          "The service whose policy chooses the target. Default: this service.");
  static final Section REDIRECT =
      new Section("redirect", "The service's side in the redirect tier.", List.of(HOSTS, AS));
  static final Key<Fields> REDIRECTED =
      Key.of("redirect", REDIRECT, "The service's side in the redirect tier.");
  static final Section SERVICE =
      new Section(
          "service",
          "A steered name.",
          List.of(
              NAMES,
              TTL,
              ANSWERS,
              FAMILIES,
              ALL_DOWN,
              POLICY,
              DEMAND,
              HttpsSchema.HTTPS_RECORD,
              REDIRECTED));

  static final Key<Integer> MEMBER_NUMBER =
      Key.of("number", Scalars.whole(1, MEMBERS_MAX), "The member's number, never reused.")
          .required();
  static final Key<Address> MEMBER_ADDRESS =
      Key.of(
              "address",
              new Mapped<>(Scalars.ADDRESS, Schema::clusterLoopbackOnly),
              "Address of the member's cluster transport. In this version it must be a loopback"
                  + " address.")
          .required();
  static final Key<Integer> MEMBER_PORT =
      Key.of("port", Scalars.whole(1, 65535), "Port of the member's cluster transport.")
          .otherwise("5701");
  static final Key<String> MEMBER_SITE =
      Key.of("site", new Reference(Reference.Kind.SITE), "Where the node stands.").required();
  static final Section MEMBER =
      new Section(
          "member",
          "One configured node.",
          List.of(MEMBER_NUMBER, MEMBER_ADDRESS, MEMBER_PORT, MEMBER_SITE));
  static final Key<String> CLUSTER_NAME =
      Key.of("name", Scalars.NAME, "Nodes of another cluster's name are not heard.").required();
  static final Key<List<Named.Entry<Fields>>> MEMBERS =
      Key.of(
              "members",
              new Named<>("member", Scalars.NAME, null, MEMBER, MEMBERS_MAX),
              "The same on every node: who is counted for the quorum.")
          .required();
  static final Key<String> SECRET_FILE =
      Key.of(
              "secret-file",
              Scalars.FILE_NAME,
              "File of at least 32 bytes that all members share, relative to the configuration"
                  + " file.")
          .required();
  static final Key<List<Located<Address>>> VANTAGE_CHECK =
      Key.of(
              "vantage-check",
              new ListOf<>(Scalars.ADDRESS, "addresses", 0, 16),
              "Neutral targets. If none answers, this node's uplink is the problem and it does not"
                  + " vote.")
          .otherwise("[]");
  static final Section CLUSTER =
      new Section(
          "cluster",
          "The nodes that decide together.",
          List.of(CLUSTER_NAME, MEMBERS, SECRET_FILE, VANTAGE_CHECK));

  static final Key<List<Located<String>>> INCLUDE =
      Key.of(
              "include",
              new ListOf<>(Scalars.FILE_NAME, "file names", 0, INCLUDES_MAX),
              "Further files, relative to this one; '*' and '?' may stand in the last part. Their"
                  + " sections are merged with this file's; nothing may be defined twice.")
          .otherwise("[]");
  static final Key<Fields> NODE_SECTION = Key.of("node", NODE, "This node.");
  static final Key<List<Named.Entry<Fields>>> SITES =
      section("sites", "site", Reference.Kind.SITE, SITE, SITES_MAX, "Sites by name.");
  static final Key<Fields> LISTEN_SECTION = Key.of("listen", LISTEN, "What the node listens on.");
  static final Key<List<Named.Entry<Fields>>> ZONES =
      Key.of(
              "zones",
              new Named<>("zone", Scalars.APEX, null, ZONE, ZONES_MAX),
              "Zones by the name of their apex.")
          .otherwise("{}");
  static final Key<List<Named.Entry<Fields>>> MONITORS =
      section(
          "monitors",
          "monitor",
          Reference.Kind.MONITOR,
          MONITOR,
          MONITORS_MAX,
          "Monitors by name.");
  static final Key<List<Named.Entry<Fields>>> POOLS =
      section("pools", "pool", Reference.Kind.POOL, POOL, POOLS_MAX, "Pools by name.");
  static final Key<List<Named.Entry<PolicyTerm>>> POLICIES =
      section(
          "policies",
          "policy",
          Reference.Kind.POLICY,
          PolicyType.POLICY,
          POLICIES_MAX,
          "Policies that services share, by name; used as {policy: NAME}.");
  static final Key<List<Named.Entry<Fields>>> SERVICES =
      section(
          "services",
          "service",
          Reference.Kind.SERVICE,
          SERVICE,
          SERVICES_MAX,
          "Services by name.");
  static final Key<Fields> CLUSTER_SECTION =
      Key.of("cluster", CLUSTER, "The nodes that decide together. Without it the node is alone.");

  static final Section ROOT =
      new Section(
          "configuration",
          "Configuration of a gslb node.",
          List.of(
              INCLUDE,
              NODE_SECTION,
              SITES,
              LISTEN_SECTION,
              DnsSchema.TLS_SECTION,
              DnsSchema.CLIENT_ADDRESS_SECTION,
              DnsSchema.DNS_SECTION,
              GeoSchema.GEO_SECTION,
              ZONES,
              MONITORS,
              POOLS,
              GuardSchema.GUARD_SECTION,
              POLICIES,
              SERVICES,
              CLUSTER_SECTION));

  /// What may be answered when everything is down, before names are looked up.
  sealed interface AllDownTerm {
    record Answer() implements AllDownTerm {}

    record NoData() implements AllDownTerm {}

    record Sorry(String pool) implements AllDownTerm {}
  }

  private Schema() {}

  private static <T> Key<List<Named.Entry<T>>> section(
      String name, String noun, Reference.Kind defines, Type<T> value, int countMax, String doc) {
    return Key.of(name, new Named<>(noun, Scalars.NAME, defines, value, countMax), doc)
        .otherwise("{}");
  }

  private static @Nullable InetSocketAddress loopbackOnly(
      InetSocketAddress address, SourceSpan where, Place place, Binding binding) {
    if (address.getAddress().isLoopbackAddress()) {
      return address;
    }
    binding.error(
        where,
        place.words() + " is off loopback",
        "the admin API has no TLS in this version, so it must be on a loopback address",
        "write '127.0.0.1:" + address.getPort() + "' and reach it through a tunnel");
    return null;
  }

  private static @Nullable Address clusterLoopbackOnly(
      Address address, SourceSpan where, Place place, Binding binding) {
    if (address.isLoopback()) {
      return address;
    }
    binding.error(
        where,
        place.words() + " is off loopback",
        "members cannot authenticate each other's connections in this version, so all of them must"
            + " be on loopback addresses of one host",
        "run the nodes without 'cluster', or all on one host");
    return null;
  }

  private static Service.@Nullable Ttl ttl(
      Fields bounds, SourceSpan where, Place place, Binding binding) {
    Integer min = bounds.find(TTL_MIN);
    Integer max = bounds.find(TTL_MAX);
    if (min != null && max != null && min > max) {
      binding.error(
          bounds.where(TTL_MIN),
          "'min' of " + place.words() + " is " + min + "s, above 'max', which is " + max + "s",
          "min may not exceed max",
          "swap them");
      return null;
    }
    return min == null || max == null ? null : new Service.Ttl(min, max);
  }

  private static @Nullable AllDownTerm sorry(
      Fields fields, SourceSpan where, Place place, Binding binding) {
    String pool = fields.find(SORRY);
    return pool == null ? null : new AllDownTerm.Sorry(pool);
  }
}
