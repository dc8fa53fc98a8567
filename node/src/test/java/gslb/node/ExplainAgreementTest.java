package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.admin.ExplainRequest;
import gslb.admin.ExplainResult;
import gslb.admin.ExplainResult.Decided;
import gslb.admin.ExplainResult.DnsReply;
import gslb.admin.ExplainResult.FindingKind;
import gslb.admin.ExplainResult.HttpReply;
import gslb.admin.ExplainResult.Link;
import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.config.ConfigLoader;
import gslb.config.Configuration;
import gslb.dns.Responder;
import gslb.dns.listen.DnsServer;
import gslb.dns.listen.DnsSettings;
import gslb.health.HealthStatus;
import gslb.redirect.RedirectServer;
import gslb.redirect.RedirectSettings;
import gslb.steering.CapacityGuard;
import gslb.steering.ClientSketches;
import gslb.steering.Endpoint;
import gslb.steering.EndpointOverride;
import gslb.steering.Explanation;
import gslb.steering.Families;
import gslb.steering.FlipDeadlines;
import gslb.steering.Pool;
import gslb.steering.PoolState;
import gslb.steering.Readmission;
import gslb.steering.Service;
import gslb.steering.Stage;
import gslb.steering.SteeringPlan;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.GeoDatabaseRefused;
import gslb.testkit.FakeClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.HTTPSRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What is explained is what the servers send: random configurations, verdicts, overrides, ramps
/// and clients, asked over loopback. The replies are read by dnsjava and compared with the decision
/// that the explanation shows, not only with its octets.
final class ExplainAgreementTest {
  private static final int GENERATIONS_PER_WORLD = 8;
  private static final int QUESTIONS_PER_GENERATION = 25;
  private static final int SECONDS = 20;

  /// Of every record of the zone, and its SOA.
  private static final int ZONE_TTL = 300;

  private static final List<Verdict> VERDICTS = List.of(Verdict.values());
  private static final List<EndpointOverride> OVERRIDES = List.of(EndpointOverride.values());
  private static final String[] STATIC_NAMES = {
    "static", "alias", "far", "loop", "a.sub", "sub", "x.moved", "empty", "nothing", "x.wild", "@"
  };
  private static final String[] OTHER_TYPES = {"TXT", "MX", "CNAME", "ANY", "NS", "SOA", "DS"};

  private final FakeClock clock = new FakeClock();
  private final Map<String, Integer> reached = new TreeMap<>();
  private int worlds;
  private int refused;
  private volatile @Nullable Generation serving;

  @TempDir private Path folder;

  private Generation serving() {
    Generation now = serving;
    if (now == null) {
      throw new IllegalStateException("nothing is served yet");
    }
    return now;
  }

  @Test
  void theReplyIsWhatIsExplained() throws Exception {
    run(1_000, new Random(20_261_121));
    assertThat(reached).containsKeys("reason UNHEALTHY", "reason BEHIND", "bound PLACE");
  }

  /// Every kind of reason at least a hundred times.
  @Test
  @Tag("proof")
  void aHundredThousandRepliesAreWhatIsExplained() throws Exception {
    run(100_000, new Random(4));
    reached.forEach((kind, times) -> System.out.println(times + "\t" + kind));
    List<String> expected = new ArrayList<>();
    for (Explanation.Reason reason : Explanation.Reason.values()) {
      if (reason != Explanation.Reason.NO_ENDPOINTS) { // a configuration without any is refused
        expected.add("reason " + reason);
      }
    }
    Stream.of(Explanation.Standing.values()).forEach(s -> expected.add("standing " + s));
    Stream.of(gslb.steering.Stage.values()).forEach(s -> expected.add("stage " + s));
    Stream.of(Explanation.ScopeBound.values()).forEach(s -> expected.add("bound " + s));
    Stream.of(Explanation.GeoLevel.values()).forEach(s -> expected.add("geo " + s));
    Stream.of(FindingKind.values()).forEach(s -> expected.add("finding " + s));
    expected.addAll(
        List.of(
            "turn Draw",
            "turn Hash",
            "turn Ramp admitted",
            "turn Ramp held",
            "nearest kept",
            "nearest beyond the limit",
            "change PoolFails",
            "change PoolRecovers",
            "change RampArrives",
            "change NextSlot",
            "change Neighbour",
            "empty no IPv4",
            "empty no IPv6",
            "empty no IPv4 up",
            "empty no IPv6 up",
            "ttl no flip in sight",
            "ttl least",
            "ttl most",
            "ttl between",
            "ttl of NODATA",
            "pillar",
            "cname",
            "several pools",
            "several addresses",
            "hints",
            "SOURCE 0",
            "SCOPE above SOURCE",
            "no client subnet",
            "REFUSED",
            "http 302",
            "http 404",
            "http 503"));
    assertThat(expected)
        .allSatisfy(
            kind -> assertThat(reached.getOrDefault(kind, 0)).as(kind).isGreaterThanOrEqualTo(100));
  }

  private void reach(String kind) {
    reached.merge(kind, 1, Integer::sum);
  }

  private void run(int cases, Random random) throws Exception {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    Responder responder = new Responder(() -> serving().dns());
    try (DnsServer dns =
            DnsServer.open(
                new DnsSettings(List.of(loopback), 1),
                new DnsServer.Parts(responder::answer, responder::newContext, clock));
        RedirectServer redirect =
            RedirectServer.open(
                new RedirectSettings(List.of(loopback)),
                () -> serving().redirect(),
                new ClientSketches(new SplittableRandom(1)),
                clock);
        Senders senders = new Senders(random)) {
      dns.start();
      Wire wire =
          new Wire(dns.boundAddresses().getFirst(), redirect.addresses().getFirst(), senders);
      int perWorld = GENERATIONS_PER_WORLD * QUESTIONS_PER_GENERATION;
      for (int done = 0; done < cases; done += perWorld) {
        World world = world(random);
        for (int i = 0; i < GENERATIONS_PER_WORLD; i++) {
          world.turn();
          for (int j = 0; j < QUESTIONS_PER_GENERATION; j++) {
            clock.advance(Duration.ofMillis(random.nextInt(700)));
            ask(world, wire, random);
          }
        }
      }
    }
  }

  private record Wire(InetSocketAddress dns, InetSocketAddress http, Senders senders) {}

  /// Sockets of several loopback addresses.
  private static final class Senders implements AutoCloseable {
    private final List<DatagramSocket> sockets = new ArrayList<>();

    Senders(Random random) throws IOException {
      for (int i = 0; i < 12; i++) {
        byte[] address = {
          127, (byte) i, (byte) random.nextInt(8), (byte) (1 + random.nextInt(250))
        };
        DatagramSocket socket =
            new DatagramSocket(new InetSocketAddress(InetAddress.getByAddress(address), 0));
        socket.setSoTimeout(SECONDS * 1_000);
        sockets.add(socket);
      }
    }

    DatagramSocket any(Random random) {
      return sockets.get(random.nextInt(sockets.size()));
    }

    @Override
    public void close() {
      sockets.forEach(DatagramSocket::close);
    }
  }

  private static GeoFiles.Loaded loaded(String name, byte[] database) throws GeoDatabaseRefused {
    return new GeoFiles.Loaded(name, FileStamp.of(name), GeoDatabase.read(name, database));
  }

  /// A configuration that the loader accepts.
  private World world(Random random) throws Exception {
    while (true) {
      RandomConfiguration written = new RandomConfiguration(random);
      Files.writeString(folder.resolve("gslb.yaml"), written.yaml());
      Files.writeString(folder.resolve("gslb.example.zone"), written.zone());
      Diagnostics diagnostics = new Diagnostics();
      GeoFiles geo =
          new GeoFiles(
              List.of(loaded("asn.mmdb", written.asns()), loaded("city.mmdb", written.cities())));
      Configuration configuration =
          ConfigLoader.load(new DiskFiles(), folder.resolve("gslb.yaml").toString(), diagnostics)
              .orElse(null);
      ServedWorld served =
          configuration == null
              ? null
              : ServedWorld.compile(configuration, geo, null, clock, diagnostics).orElse(null);
      if (configuration != null && served != null) {
        worlds++;
        long now = clock.currentTimeMillis();
        return new World(
            served.with(CookieSchedule.of(configuration, new byte[32]).options(configuration, now)),
            random);
      }
      refused++;
      assertThat(refused).as(diagnostics.sorted().toString()).isLessThan(10 + worlds);
    }
  }

  /// A world whose verdicts, overrides, ramps and deadlines change at random.
  private final class World {
    final ServedWorld served;
    final Map<Integer, Long> deadlines = new HashMap<>();
    private final Random random;
    private long number;
    private @Nullable Generation latest;

    World(ServedWorld served, Random random) {
      this.served = served;
      this.random = random;
    }

    List<Endpoint> endpoints() {
      return served.configuration().catalog().endpoints();
    }

    void turn() {
      int count = endpoints().size();
      int mood = random.nextInt(4);
      VerdictTable table = VerdictTable.all(count, mood == 3 ? Verdict.DOWN : Verdict.UP);
      for (int i = 0; i < count; i++) {
        if (random.nextInt(4) <= mood) {
          table = table.with(i, VERDICTS.get(random.nextInt(3)));
        }
        if (random.nextInt(5) < mood) {
          table = table.with(i, OVERRIDES.get(random.nextInt(4)));
        }
        long at = clock.nanoTime() + random.nextLong(-2_000_000_000L, 70_000_000_000L);
        long deadline = random.nextInt(3) == 0 ? FlipDeadlines.NEVER : at;
        served.deadlines().set(i, deadline);
        deadlines.put(i, deadline);
      }
      // What is available now recovered a while ago.
      long elapsed = random.nextLong(300_000_000_000L);
      Readmission readmission =
          Readmission.NONE
              .next(served.configuration().catalog(), VerdictTable.all(count, Verdict.DOWN), 0)
              .next(served.configuration().catalog(), table, 0)
              .next(served.configuration().catalog(), table, elapsed);
      number++;
      Course course = new Course(CapacityGuard.NONE, readmission);
      latest = served.build(number, table, course, latest);
      serving = latest;
    }

    ExplainResult explain(Map<String, String> parameters) throws Exception {
      HealthStatus health =
          new HealthStatus("n1", 0, HealthStatus.Uplink.NOT_CHECKED, List.of(), List.of());
      return new ServedExplainer(
              "n1", serving(), health, List.of(), clock.currentTimeMillis(), clock.nanoTime())
          .explain(ExplainRequest.of(parameters));
    }
  }

  private void ask(World world, Wire wire, Random random) throws Exception {
    DatagramSocket socket = wire.senders().any(random);
    Map<String, String> parameters = new TreeMap<>();
    Address from = Address.of(socket.getLocalAddress());
    if (random.nextInt(16) == 0) {
      parameters.put("client", from.toString());
      parameters.put("via", "http");
      parameters.put(
          "name", "s" + random.nextInt(RandomConfiguration.SERVICES + 1) + ".example.org");
      parameters.put("path", random.nextBoolean() ? "/" : "/a/b?c=%20d");
      http(world.explain(parameters), wire, from);
      return;
    }
    parameters.put("name", name(random));
    parameters.put("type", type(random));
    parameters.put("resolver", from.toString());
    if (random.nextInt(5) > 0) {
      parameters.put("subnet", subnet(random).toString());
    }
    ExplainResult result = world.explain(parameters);
    Message query = query(parameters, random);
    byte[] octets = query.toWire();
    socket.send(new DatagramPacket(octets, octets.length, wire.dns()));
    byte[] buffer = new byte[2_048];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    socket.receive(packet);
    byte[] reply = Arrays.copyOf(buffer, packet.getLength());
    try {
      compare(world, result, reply, parameters);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          parameters
              + "\n"
              + result.reply()
              + "\n"
              + new Message(reply)
              + "\n"
              + Files.readString(folder.resolve("gslb.yaml")),
          e);
    }
  }

  private static String name(Random random) {
    if (random.nextInt(6) == 0) {
      String name = STATIC_NAMES[random.nextInt(STATIC_NAMES.length)];
      return random.nextInt(10) == 0
          ? "www.example.net"
          : name.equals("@") ? "gslb.example" : name + ".gslb.example";
    }
    int service = random.nextInt(RandomConfiguration.SERVICES);
    return (random.nextInt(4) == 0 ? "x.w" : "s") + service + ".gslb.example";
  }

  private static String type(Random random) {
    int kind = random.nextInt(20);
    return kind < 9
        ? "A"
        : kind < 15
            ? "AAAA"
            : kind < 18 ? "HTTPS" : OTHER_TYPES[random.nextInt(OTHER_TYPES.length)];
  }

  private static Prefix subnet(Random random) {
    Address v4 = Address.v4(10 << 24 | random.nextInt(14) << 16 | random.nextInt(1 << 16));
    Address address =
        switch (random.nextInt(5)) {
          case 0, 1, 2 -> v4;
          case 3 -> Address.v6(0x2002L << 48 | v4.low() << 16 | random.nextInt(1 << 16), 1);
          default ->
              Address.v6(0x20010db8L << 32 | (long) random.nextInt(14) << 16, random.nextLong());
        };
    int[] lengths =
        address.isV4() ? new int[] {24, 24, 32, 16, 20, 0} : new int[] {56, 48, 128, 120, 40, 0};
    return Prefix.around(address, lengths[random.nextInt(lengths.length)]);
  }

  private static Message query(Map<String, String> parameters, Random random) throws IOException {
    Message query =
        Message.newQuery(
            Record.newRecord(
                Name.fromString(parameters.get("name") + "."),
                Type.value(parameters.get("type")),
                DClass.IN));
    query.getHeader().unsetFlag(org.xbill.DNS.Flags.RD);
    query.getHeader().setID(random.nextInt(65_536));
    List<EDNSOption> options = new ArrayList<>();
    String subnet = parameters.get("subnet");
    if (subnet != null) {
      Prefix prefix = Prefix.parse(subnet).orElseThrow();
      options.add(new ClientSubnetOption(prefix.length(), 0, prefix.address().toInetAddress()));
    }
    query.addRecord(new OPTRecord(1_232, 0, 0, 0, options), Section.ADDITIONAL);
    return query;
  }

  private void compare(
      World world, ExplainResult result, byte[] octets, Map<String, String> parameters)
      throws IOException {
    DnsReply explained = (DnsReply) result.reply();
    byte[] rest = HexFormat.of().parseHex(explained.wire());
    assertThat(rest.length).isGreaterThan(12);
    System.arraycopy(octets, 0, rest, 0, 2);
    assertThat(octets).as("octets but for the ID").isEqualTo(rest);

    Message reply = new Message(octets);
    List<Record> answer =
        reply.getSection(Section.ANSWER).stream()
            .filter(record -> !(record instanceof DNAMERecord))
            .toList();
    if (reply.getRcode() == Rcode.REFUSED) {
      reach("REFUSED");
    }
    assertThat(explained.rcode()).isEqualTo(Rcode.string(reply.getRcode()));
    int at = 0;
    for (Link link : result.links()) {
      reach("finding " + link.finding().kind());
      link.decisions().forEach(this::count);
      if (link.decisions().isEmpty()) {
        boolean isAlias = at < answer.size() && answer.get(at) instanceof CNAMERecord;
        at += isAlias ? 1 : 0;
        continue;
      }
      Decided first = link.decisions().getFirst();
      DnsName cname = first.explanation().decision().cname();
      if (cname != null) {
        reach("cname");
        CNAMERecord alias = (CNAMERecord) answer.get(at);
        assertThat(alias.getTarget().toString()).isEqualTo(cname.toString());
        assertTtl(world, first, alias, vouching(first.explanation()));
        at++;
      } else {
        Record soa = reply.getSection(Section.AUTHORITY).stream().findFirst().orElse(null);
        assertAnswer(world, link, answer.subList(at, answer.size()), soa, result.request().type());
        at = answer.size();
      }
    }
    assertScope(result, reply, parameters.get("subnet"));
  }

  private static List<Endpoint> vouching(Explanation explanation) {
    return Stream.concat(
            explanation.decision().v4().all().stream(), explanation.decision().v6().all().stream())
        .toList();
  }

  /// The endpoints without which one of the chosen pools is not available any more, each tried.
  private List<Endpoint> pillars(World world, Explanation explanation, boolean asksV4) {
    Explanation.Decision decision = explanation.decision();
    List<Endpoint> pillars = new ArrayList<>();
    if (decision.stage() != Stage.AVAILABLE) {
      return pillars;
    }
    SteeringPlan plan = Objects.requireNonNull(world.latest).plan();
    Families families = explanation.service().families();
    for (Pool pool : decision.pools()) {
      for (Endpoint endpoint : pool.endpoints()) {
        VerdictTable verdicts = plan.verdicts();
        boolean canFall =
            verdicts.verdict(endpoint.id()) == Verdict.UP
                && verdicts.override(endpoint.id()) == EndpointOverride.NONE;
        PoolState fallen =
            plan.withVerdicts(verdicts.with(endpoint.id(), Verdict.DOWN)).state(pool.id());
        if (canFall
            && isAvailable(plan.state(pool.id()), families, asksV4)
            && !isAvailable(fallen, families, asksV4)) {
          pillars.add(endpoint);
        }
      }
    }
    if (!pillars.isEmpty()) {
      reach("pillar");
    }
    return pillars;
  }

  private static boolean isAvailable(PoolState state, Families families, boolean asksV4) {
    boolean v4 = state.health(Family.V4).isMet();
    boolean v6 = state.health(Family.V6).isMet();
    return switch (families) {
      case ANY -> v4 || v6;
      case EVERY ->
          (v4 || v6)
              && (v4 || state.health(Family.V4).configured() == 0)
              && (v6 || state.health(Family.V6).configured() == 0);
      case INDEPENDENT -> asksV4 ? v4 : v6;
    };
  }

  private void assertAnswer(
      World world, Link link, List<Record> records, @Nullable Record soa, String type)
      throws IOException {
    Explanation first = link.decisions().getFirst().explanation();
    Explanation last = link.decisions().getLast().explanation();
    List<Endpoint> v4 = first.decision().v4().answered();
    List<Endpoint> v6 = last.decision().v6().answered();
    List<Endpoint> held =
        switch (type) {
          case "A" -> v4;
          case "AAAA" -> v6;
          case "HTTPS" ->
              first.service().httpsRecord() == null
                  ? List.of()
                  : Stream.concat(v4.stream(), v6.stream()).toList();
          default -> List.of();
        };
    if (held.isEmpty()) {
      // RFC 8482 §4.2
      assertThat(records.stream().map(Record::getType).toList())
          .isEqualTo(type.equals("ANY") ? List.of(Type.HINFO) : List.of());
      if (!type.equals("ANY")) {
        assertNegativeTtl(world, link, (SOARecord) Objects.requireNonNull(soa), type);
      }
      return;
    }
    if (held.size() > 1) {
      reach("several addresses");
    }
    if (type.equals("HTTPS")) {
      reach("hints");
      assertThat(records).hasSize(1);
    }
    List<String> addresses = new ArrayList<>();
    for (Record record : records) {
      switch (record) {
        case ARecord a -> addresses.add(Address.of(a.getAddress()).toString());
        case AAAARecord aaaa -> addresses.add(Address.of(aaaa.getAddress()).toString());
        case HTTPSRecord https -> addresses.addAll(hints(https));
        default -> throw new AssertionError(record);
      }
      List<Endpoint> vouching = new ArrayList<>(held);
      if (!type.equals("AAAA")) {
        vouching.addAll(pillars(world, first, true));
      }
      if (!type.equals("A")) {
        vouching.addAll(pillars(world, last, false));
      }
      assertTtl(world, link.decisions().getFirst(), record, vouching);
    }
    assertThat(addresses)
        .containsExactlyElementsOf(held.stream().map(e -> e.address().toString()).toList());
  }

  /// The least of the SOA's TTL, MINIMUM (RFC 2308 §5) and the time that the choice holds.
  private void assertNegativeTtl(World world, Link link, SOARecord soa, String type) {
    Decided decided = link.decisions().getFirst();
    Explanation first = decided.explanation();
    Explanation last = link.decisions().getLast().explanation();
    ExplainResult.Ttl ttl = decided.ttl();
    boolean hasPools = !first.decision().pools().isEmpty() || !last.decision().pools().isEmpty();
    assertThat(ttl != null).isEqualTo(hasPools);
    long most = first.service().ttl().maxSeconds();
    if (ttl != null) {
      reach("ttl of NODATA");
      assertThat(ttl.isNodata()).isTrue();
      List<Endpoint> vouching = new ArrayList<>(pillars(world, first, !type.equals("AAAA")));
      if (type.equals("HTTPS") && first.service().httpsRecord() != null) {
        vouching.addAll(pillars(world, last, false));
      }
      most = assertTtl(world, decided, vouching);
    }
    assertThat(soa.getTTL()).isEqualTo(Math.min(most, Math.min(ZONE_TTL, soa.getMinimum())));
  }

  private static List<String> hints(HTTPSRecord https) throws IOException {
    List<String> addresses = new ArrayList<>();
    if (https.getSvcParamValue(4) instanceof SVCBBase.ParameterIpv4Hint v4) {
      for (InetAddress address : v4.getAddresses()) {
        addresses.add(Address.of(address).toString());
      }
    }
    if (https.getSvcParamValue(6) instanceof SVCBBase.ParameterIpv6Hint v6) {
      for (InetAddress address : v6.getAddresses()) {
        addresses.add(Address.of(address).toString());
      }
    }
    return addresses;
  }

  /// Whole seconds until the earliest deadline, within the service's bounds.
  private void assertTtl(World world, Decided decided, Record record, List<Endpoint> held) {
    assertThat(Objects.requireNonNull(decided.ttl()).isNodata()).isFalse();
    assertThat(record.getTTL()).isEqualTo(assertTtl(world, decided, held));
  }

  private long assertTtl(World world, Decided decided, List<Endpoint> held) {
    ExplainResult.Ttl ttl = Objects.requireNonNull(decided.ttl());
    Service.Ttl bounds = decided.explanation().service().ttl();
    long deadline =
        held.stream().mapToLong(e -> world.deadlines.get(e.id())).min().orElse(FlipDeadlines.NEVER);
    long seconds = bounds.maxSeconds();
    if (deadline == FlipDeadlines.NEVER) {
      reach("ttl no flip in sight");
      assertThat(ttl.first()).isNull();
    } else {
      long remaining = (deadline - clock.nanoTime()) / 1_000_000_000L;
      seconds = Math.max(bounds.minSeconds(), Math.min(remaining, bounds.maxSeconds()));
      reach(
          remaining < bounds.minSeconds()
              ? "ttl least"
              : remaining > bounds.maxSeconds() ? "ttl most" : "ttl between");
      Endpoint first = Objects.requireNonNull(ttl.first());
      assertThat(world.deadlines.get(first.id())).isEqualTo(deadline);
    }
    assertThat((long) ttl.seconds()).isEqualTo(seconds);
    return seconds;
  }

  private void assertScope(ExplainResult result, Message reply, @Nullable String subnet) {
    int scope = -1;
    for (EDNSOption option : reply.getOPT().getOptions()) {
      if (option instanceof ClientSubnetOption echoed) {
        scope = echoed.getScopePrefixLength();
      }
    }
    if (subnet == null) {
      reach("no client subnet");
      assertThat(scope).isEqualTo(-1);
      return;
    }
    int source = Prefix.parse(subnet).orElseThrow().length();
    int widest =
        result.links().stream()
            .flatMap(link -> link.decisions().stream())
            .mapToInt(decided -> decided.explanation().client().scope().length())
            .max()
            .orElse(0);
    reach(source == 0 ? "SOURCE 0" : widest > source ? "SCOPE above SOURCE" : "SCOPE");
    assertThat(scope).isEqualTo(source == 0 ? 0 : widest);
  }

  private void http(ExplainResult result, Wire wire, Address from) throws IOException {
    HttpReply explained = (HttpReply) result.reply();
    String head;
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(SECONDS * 1_000);
      socket.bind(new InetSocketAddress(from.toInetAddress(), 0));
      socket.connect(wire.http());
      String request =
          "GET "
              + result.request().path()
              + " HTTP/1.1\r\nHost: "
              + result.request().name()
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      head = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
    reach("http " + explained.status());
    assertThat(head).startsWith("HTTP/1.1 " + explained.status() + " ");
    String location =
        head.lines()
            .filter(line -> line.startsWith("Location: "))
            .map(line -> line.substring("Location: ".length()))
            .findFirst()
            .orElse("");
    assertThat(location).isEqualTo(explained.location());
    Link link = result.links().getFirst();
    reach("finding " + link.finding().kind());
    for (Decided decided : link.decisions()) {
      count(decided);
      Pool pool = decided.explanation().decision().redirect();
      String target = pool == null ? null : pool.redirectTo();
      assertThat(location).isEqualTo(target == null ? "" : target + result.request().path());
    }
  }

  private void count(Decided decided) {
    Explanation explanation = decided.explanation();
    for (Explanation.Considered one : explanation.considered()) {
      reach("reason " + one.reason());
      reach("standing " + one.standing());
    }
    for (Explanation.Step step : explanation.steps()) {
      switch (step) {
        case Explanation.GeoBranch branch -> reach("geo " + branch.level());
        case Explanation.Ranking ranking ->
            ranking
                .pools()
                .forEach(
                    pool -> reach(pool.isKept() ? "nearest kept" : "nearest beyond the limit"));
      }
    }
    for (Explanation.Turn turn : explanation.decision().turns()) {
      String held =
          turn instanceof Explanation.Ramp ramp ? ramp.isAdmitted() ? " admitted" : " held" : "";
      reach("turn " + turn.getClass().getSimpleName() + held);
    }
    reach("bound " + explanation.client().bound());
    reach("stage " + explanation.decision().stage());
    if (explanation.decision().pools().size() > 1) {
      reach("several pools");
    }
    boolean isApart = explanation.service().families() == Families.INDEPENDENT;
    for (Family family : Family.values()) {
      String empty = explanation.whyEmpty(family);
      if (!empty.isEmpty() && !isApart) {
        reach("empty " + empty);
      }
    }
    decided.changes().forEach(c -> reach("change " + c.cause().getClass().getSimpleName()));
    assertThat(new TreeSet<>(explanation.decision().pools().stream().map(Pool::name).toList()))
        .hasSameSizeAs(explanation.decision().pools());
  }
}
