package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.dns.DnsSnapshot;
import gslb.node.Node;
import gslb.redirect.DirectRedirect;
import gslb.redirect.RedirectSnapshot;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.Families;
import gslb.steering.FlipDeadlines;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.Site;
import gslb.steering.SteeringPlan;
import gslb.steering.SteeringTables;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.CountryTable;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.PlaceTable;
import gslb.testkit.FreePorts;
import gslb.testkit.MmdbWriter;
import gslb.zones.ZoneSet;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Type;

/// DNS and the redirect tier choose the same pool for the same client, by list, geo, nearest and
/// sticky: over the whole address space with the real country database, and by the listeners of a
/// running node for clients that ask from sockets of their own.
final class TierAgreementTest {
  private static final List<String> POLICIES = List.of("list", "geo", "nearest", "sticky");
  private static final double[][] SITES = {
    {50.11, 8.68},
    {38.95, -77.45},
    {35.68, 139.69},
    {-23.55, -46.63},
    {1.35, 103.82},
    {-33.9, 151.2}
  };

  private final List<Pool> pools = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();

  private void addPools() {
    for (int i = 0; i < SITES.length; i++) {
      Endpoint endpoint = new Endpoint(i, Address.v4(0xc612_0000 | i << 8), 1);
      endpoints.add(endpoint);
      Site site = new Site("site", "EU", "DE", SITES[i][0], SITES[i][1]);
      pools.add(
          new Pool(
              i,
              "p" + i,
              site,
              MinHealthy.ONE_ENDPOINT,
              "https://p" + i + ".example.net",
              List.of(endpoint)));
    }
  }

  private Policy policy(String name) {
    Policy list =
        new Policy.Failover(pools.stream().<Policy>map(pool -> new Policy.Use(pool)).toList());
    return switch (name) {
      case "list" -> list;
      case "geo" ->
          new Policy.Geo(
              Map.of(),
              Map.of("DE", new Policy.Use(pools.get(0)), "US", new Policy.Use(pools.get(1))),
              Map.of(
                  "EU", new Policy.Failover(List.of(new Policy.Use(pools.get(3)), list)),
                  "AS", new Policy.Use(pools.get(2)),
                  "OC", new Policy.Use(pools.get(5)),
                  "AF", new Policy.Failover(List.of())),
              new Policy.Use(pools.get(4)));
      case "nearest" -> new Policy.Nearest(pools, 3);
      default ->
          new Policy.Sticky(
              pools.stream()
                  .map(p -> new Policy.Weighted.Branch(new Policy.Use(p), 1 + p.id()))
                  .toList());
    };
  }

  @Test
  void bothTiersChooseTheSamePoolForTenThousandClients() throws Exception {
    agreeOverTheWorld(10_000);
  }

  @Tag("proof")
  @Test
  void bothTiersChooseTheSamePoolForAHundredThousandClientPrefixes() throws Exception {
    agreeOverTheWorld(100_000);
  }

  private void agreeOverTheWorld(int clients) throws Exception {
    addPools();
    byte[] file =
        Files.readAllBytes(
            Path.of(System.getProperty("gslb.root"), "deploy/geo/geo-whois-asn-country.mmdb"));
    PlaceTable places =
        PlaceTable.compile(
            List.of(GeoDatabase.read("country", file)), Map.of(), CountryTable.standard());
    List<Service> services = new ArrayList<>();
    for (String name : POLICIES) {
      String host = name + ".gslb.example";
      services.add(
          new Service(
              services.size(),
              name,
              List.of(DnsName.of(host)),
              new Service.Ttl(5, 30),
              Families.ANY,
              Service.Answers.ONE,
              new AllDown.Answer(),
              policy(name),
              new Service.Redirect(List.of(host), name)));
    }
    SteeringTables tables =
        SteeringTables.compile(
            new Catalog(List.of(), Map.of(), endpoints, pools, services), places);
    VerdictTable verdicts = VerdictTable.all(pools.size(), Verdict.UP).with(1, Verdict.DOWN);
    SteeringPlan plan = tables.plan(verdicts, 5);
    DnsSnapshot dns =
        DnsSnapshot.compile(
            1,
            plan,
            ZoneSet.of(List.of(AnyWorld.zone(services))),
            new FlipDeadlines(endpoints.size()));
    RedirectSnapshot redirect = RedirectSnapshot.compile(1, plan);
    TreeMap<String, int[]> seen = new TreeMap<>();
    Asker asker = new Asker(() -> dns);
    DirectRedirect tier = new DirectRedirect();
    Random random = new Random(8);
    int longer = 0;
    for (int i = 0; i < clients; i++) {
      Address client =
          random.nextInt(3) > 0
              ? Address.v4(random.nextInt())
              : Address.v6(0x2000L << 48 | random.nextLong() >>> 3, random.nextLong());
      int source = client.isV4() ? 24 : 48;
      long now = random.nextLong(1L << 42);
      asker.at(now);
      for (String name : POLICIES) {
        String host = name + ".gslb.example";
        Asker.Reply reply = asker.ask(host, Asker.A, client, source);
        for (int known = source; reply.scope() > known; longer++) {
          // More must be known of this client than a resolver said.
          known = reply.scope();
          reply = asker.ask(host, Asker.A, client, known);
        }
        String base = tier.base(redirect, host, client, now);
        int pool =
            reply.addresses().isEmpty() ? -1 : AnyWorld.pool(reply.addresses().iterator().next());
        assertThat(base)
            .as("%s, client %s", name, client)
            .isEqualTo(pool < 0 ? null : "https://p" + pool + ".example.net");
        seen.computeIfAbsent(name, _ -> new int[SITES.length + 1])[pool + 1]++;
      }
    }
    assertThat(seen.get("list")).containsExactly(0, clients, 0, 0, 0, 0, 0);
    for (String name : List.of("geo", "nearest", "sticky")) {
      assertThat(Arrays.stream(seen.get(name)).filter(n -> n > 0).count()).isGreaterThan(4);
    }
    System.out.printf(
        "%,d clients, %,d questions asked again for a longer prefix; by pool, first nothing: %s%n",
        clients,
        longer,
        seen.entrySet().stream()
            .map(e -> e.getKey() + " " + Arrays.toString(e.getValue()))
            .toList());
  }

  @TempDir Path folder;

  @Test
  void bothListenersOfANodeSendAClientToTheSamePool() throws Exception {
    agreeOnANode(50);
  }

  @Tag("proof")
  @Test
  void bothListenersOfANodeSendTenThousandClientsToTheSamePool() throws Exception {
    System.out.println(agreeOnANode(10_000));
  }

  /// @return what was seen, in words
  private String agreeOnANode(int clients) throws Exception {
    Random random = new Random(3);
    List<Integer> ports = FreePorts.several(3);
    writePlaces(random);
    Files.writeString(
        folder.resolve("gslb.example.zone"),
        "$TTL 300\n@ SOA ns1 hostmaster 1 3600 600 604800 60\n@ NS ns1\nns1 A 127.0.0.1\n");
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        """
        node: {state-directory: state}
        listen: {dns: ["127.0.0.1:%d"], http: ["127.0.0.1:%d"], admin: "127.0.0.1:%d"}
        geo: {databases: [places.mmdb]}
        zones: {gslb.example: {file: gslb.example.zone}}
        sites:
        """
            .formatted(ports.get(0), ports.get(1), ports.get(2)));
    StringBuilder named = new StringBuilder("pools:\n");
    for (int i = 0; i < SITES.length; i++) {
      yaml.append(
          "  s%d: {continent: EU, country: DE, at: [%s, %s]}\n"
              .formatted(i, SITES[i][0], SITES[i][1]));
      named.append(
          "  p%d: {site: s%d, redirect-to: 'https://p%d.example.net', endpoints: [{address:"
              .formatted(i, i, i));
      named.append(" 198.18.%d.1}]}\n".formatted(i));
    }
    yaml.append(named).append("services:\n");
    List<String> policies =
        List.of(
            "[p3, p1, p2]",
            "{geo: {EU: p0, country/US: [p1, p2], AS: p2, OC: [], default: p4}}",
            "{nearest: [p5, p4, p3, p2, p1, p0]}",
            "{sticky: {p0: 1, p1: 2, p2: 3, p3: 4}}");
    for (int i = 0; i < POLICIES.size(); i++) {
      String host = POLICIES.get(i) + ".gslb.example";
      yaml.append(
          "  %s: {names: [%s], policy: %s, redirect: {hosts: [%s]}}\n"
              .formatted(POLICIES.get(i), host, policies.get(i), host));
    }
    Path file = Files.writeString(folder.resolve("gslb.yaml"), yaml);
    InetSocketAddress dns = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), ports.get(0));
    InetSocketAddress http =
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), ports.get(1));
    Map<String, Integer> seen = new TreeMap<>();
    try (Node _ = Node.start(file.toString(), Node.Edges.real())) {
      for (int i = 0; i < clients; i++) {
        // Neither the host's own 127.0.0.1 nor a broadcast address.
        Address client = Address.v4(0x7f01_0001 + random.nextInt(0xf0_0000));
        for (String name : POLICIES) {
          String host = name + ".gslb.example";
          String pool = resolve(client, dns, host);
          assertThat(get(client, http, host)).as("%s, client %s", name, client).isEqualTo(pool);
          seen.merge(name + " " + pool, 1, Integer::sum);
        }
      }
    }
    assertThat(seen.keySet()).hasSizeGreaterThan(12);
    return "%,d clients of a running node, over UDP and HTTP: %s".formatted(clients, seen);
  }

  private void writePlaces(Random random) throws IOException {
    String[][] countries = {
      {"EU", "DE"},
      {"EU", "FR"},
      {"NA", "US"},
      {"NA", "CA"},
      {"AS", "JP"},
      {"OC", "AU"},
      {"SA", "BR"}
    };
    Map<Prefix, Map<String, Object>> records = new LinkedHashMap<>();
    for (int i = 0; i < 300; i++) {
      String[] country = countries[random.nextInt(countries.length)];
      Map<String, Object> record = new LinkedHashMap<>();
      record.put("continent_code", country[0]);
      record.put("country_code", country[1]);
      record.put("latitude", random.nextDouble(-80, 80));
      record.put("longitude", random.nextDouble(-180, 180));
      int length = 10 + random.nextInt(15);
      records.put(Prefix.around(Address.v4(0x7f00_0000 | random.nextInt(1 << 24)), length), record);
    }
    Files.write(folder.resolve("places.mmdb"), MmdbWriter.write(6, 28, records));
  }

  /// The pool whose address is answered, or `none`.
  private static String resolve(Address client, InetSocketAddress server, String host)
      throws IOException {
    Message query = DnsClient.query(host + ".", Type.A, null);
    byte[] bytes = query.toWire();
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(client.toInetAddress(), 0))) {
      socket.connect(server);
      socket.setSoTimeout(5_000);
      socket.send(new DatagramPacket(bytes, bytes.length));
      DatagramPacket reply = new DatagramPacket(new byte[1_500], 1_500);
      socket.receive(reply);
      Set<String> addresses =
          DnsClient.addresses(new Message(Arrays.copyOf(reply.getData(), reply.getLength())));
      return addresses.isEmpty()
          ? "none"
          : "p" + AnyWorld.pool(Address.of(addresses.iterator().next()));
    }
  }

  /// The pool that Location names, or `none`.
  private static String get(Address client, InetSocketAddress server, String host)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(client.toInetAddress(), 0));
      socket.connect(server);
      socket.setSoTimeout(5_000);
      String request = "GET /a HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String reply =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (reply.startsWith("HTTP/1.1 503 ")) {
        return "none";
      }
      String location = "\r\nLocation: https://";
      int from = reply.indexOf(location) + location.length();
      assertThat(reply).startsWith("HTTP/1.1 302 ").contains(location);
      return reply.substring(from, reply.indexOf('.', from));
    }
  }
}
