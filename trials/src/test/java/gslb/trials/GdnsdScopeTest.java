package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.dns.DnsSnapshot;
import gslb.steering.Policy;
import gslb.steering.Pool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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

/// gdnsd with the same database, maps and networks: the same data center for every client subnet,
/// and a SCOPE that is never shorter than ours. The database is of the GeoIP2 City schema, which
/// gdnsd demands; one map is by continent, country and subdivision, one by the coordinates of data
/// centers, both with own networks. Cities are left out: gdnsd asks for them after subdivisions.
final class GdnsdScopeTest {
  private static final List<String> MAPS = List.of("byplace", "bycoordinates");

  @TempDir Path folder;

  private final Random random = new Random(5);
  private final PlacesOfClients clients = new PlacesOfClients(random);
  private final byte[] database = clients.cities(3_000, true);
  private final Map<String, List<Prefix>> networks = clients.networks(3, 8);
  private final Map<String, Policy> ofNetwork = new TreeMap<>();
  private final Map<String, Policy> countries = new TreeMap<>();
  private final Map<String, Policy> continents = new TreeMap<>();
  private final Map<String, Policy> subdivisions = new TreeMap<>();
  private final Policy otherwise = clients.list();

  private int asked;
  private int equal;
  private int wider;

  @Test
  void gdnsdsScopesAreNoWiderForThreeHundredClientSubnets() throws Exception {
    compare(300);
  }

  @Tag("proof")
  @Test
  void gdnsdsScopesAreNoWiderForFiftyThousandClientSubnets() throws Exception {
    compare(50_000);
    System.out.printf(
        "%,d questions to gdnsd and gslb: the same data center, SCOPE equal for %,d, wider here for"
            + " %,d, narrower for none%n",
        asked, equal, wider);
  }

  private void compare(int questions) throws Exception {
    networks.keySet().forEach(name -> ofNetwork.put(name, clients.list()));
    for (String country : List.of("DE", "US", "JP")) {
      countries.put(country, clients.list());
      subdivisions.put(country + "-A1", clients.list());
    }
    for (String continent : List.of("EU", "AS", "NA")) {
      continents.put(continent, clients.list());
    }
    continents.put("SA", new Policy.Failover(List.of()));
    Policy byPlace =
        new Policy.Geo(
            ofNetwork, Map.of(), Map.of(), subdivisions, countries, continents, otherwise);
    Policy byCoordinates =
        new Policy.Geo(ofNetwork, Map.of(), Map.of(), new Policy.Nearest(clients.pools, 3));
    DnsSnapshot snapshot =
        clients.serve(List.of(byPlace, byCoordinates), List.of(database), networks);
    Asker asker = new Asker(() -> snapshot);
    try (Gdnsd gdnsd = new Gdnsd(folder)) {
      write(gdnsd);
      DnsClient client = gdnsd.start("byplace.example.org.");
      try {
        for (int i = 0; i < questions; i++) {
          compare(client, asker, i % MAPS.size());
        }
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + "\n" + gdnsd.log(), e);
      }
    }
    assertThat(equal).isGreaterThan(questions / 2);
  }

  private void compare(DnsClient client, Asker asker, int map) throws IOException {
    Prefix subnet = subnet();
    Message theirs = client.ask(MAPS.get(map) + ".example.org.", Type.A, subnet.toString());
    Asker.Reply ours = asker.ask(AnyWorld.host(map), Asker.A, subnet.address(), subnet.length());
    Set<String> ourAddresses = new java.util.TreeSet<>();
    ours.addresses().forEach(a -> ourAddresses.add(a.toString()));
    assertThat(ourAddresses)
        .as("%s, %s", MAPS.get(map), subnet)
        .isEqualTo(DnsClient.addresses(theirs));
    assertThat(ours.scope())
        .as("%s, %s: SCOPE", MAPS.get(map), subnet)
        .isLessThanOrEqualTo(DnsClient.scope(theirs));
    asked++;
    equal += ours.scope() == DnsClient.scope(theirs) ? 1 : 0;
    wider += ours.scope() < DnsClient.scope(theirs) ? 1 : 0;
  }

  /// Where the database or the networks have something, or anywhere.
  private Prefix subnet() {
    Prefix near = clients.prefix();
    Address address = near.address();
    return address.isV4()
        ? Prefix.around(
            Address.v4((int) address.low() | random.nextInt(256)), 8 + random.nextInt(25))
        : Prefix.around(address, 16 + random.nextInt(49));
  }

  // gdnsd's configuration.

  private void write(Gdnsd gdnsd) throws IOException, InterruptedException {
    gdnsd.write("geoip/city.mmdb", database);
    gdnsd.write(
        "zones/example.org",
        """
        @ SOA ns1 hostmaster 1 7200 1800 259200 900
        @ NS ns1
        ns1 A 192.0.2.1
        byplace 60 DYNA geoip!byplace
        bycoordinates 60 DYNA geoip!bycoordinates
        """);
    StringBuilder nets = new StringBuilder("nets => {\n");
    networks.forEach(
        (name, prefixes) ->
            prefixes.forEach(
                prefix ->
                    nets.append("  ")
                        .append(prefix)
                        .append(" => ")
                        .append(list(policyOf(name)))
                        .append("\n")));
    nets.append("}\n");
    StringBuilder centers = new StringBuilder();
    StringBuilder coordinates = new StringBuilder();
    StringBuilder addresses = new StringBuilder();
    for (Pool pool : clients.pools) {
      centers.append(centers.isEmpty() ? "" : ", ").append(pool.name());
      coordinates.append(
          "%s => [ %s, %s ]\n"
              .formatted(pool.name(), pool.site().latitude(), pool.site().longitude()));
      addresses.append("%s => %s\n".formatted(pool.name(), pool.endpoints().getFirst().address()));
    }
    gdnsd.configure(
        """
        plugins => { geoip => {
          maps => {
            byplace => {
              geoip2_db => city.mmdb
              datacenters => [%s]
              %s
              %s
            }
            bycoordinates => {
              geoip2_db => city.mmdb
              datacenters => [%s]
              auto_dc_coords => { %s }
              auto_dc_limit => 3
              %s
            }
          }
          resources => {
            byplace => { map => byplace, service_types => up, dcmap => { %s } }
            bycoordinates => { map => bycoordinates, service_types => up, dcmap => { %s } }
          }
        } }
        """
            .formatted(centers, map(), nets, centers, coordinates, nets, addresses, addresses));
  }

  private Policy policyOf(String network) {
    return ofNetwork.getOrDefault(network, otherwise);
  }

  /// The hierarchy of continents, countries and subdivisions, each with its default.
  private String map() {
    Map<String, String> continentOf = Map.of("DE", "EU", "US", "NA", "JP", "AS");
    Map<String, StringBuilder> inside = new HashMap<>();
    countries.forEach(
        (country, policy) ->
            inside
                .computeIfAbsent(continentOf.getOrDefault(country, ""), _ -> new StringBuilder())
                .append(
                    "%s => { A1 => %s, default => %s }\n"
                        .formatted(
                            country,
                            list(subdivisions.getOrDefault(country + "-A1", policy)),
                            list(policy))));
    Map<String, String> lines = new LinkedHashMap<>();
    continents.forEach(
        (continent, policy) ->
            lines.put(
                continent,
                "{ %sdefault => %s }"
                    .formatted(inside.getOrDefault(continent, new StringBuilder()), list(policy))));
    StringBuilder map = new StringBuilder("map => {\n");
    lines.forEach(
        (continent, line) -> map.append(continent).append(" => ").append(line).append("\n"));
    return map.append("default => ").append(list(otherwise)).append(" }\n").toString();
  }

  /// Each data center once: gdnsd refuses one that is named twice.
  private static String list(Policy policy) {
    List<String> names = new ArrayList<>();
    for (Policy child : ((Policy.Failover) policy).children()) {
      String name = ((Policy.Use) child).pool().name();
      if (!names.contains(name)) {
        names.add(name);
      }
    }
    return "[" + String.join(", ", names) + "]";
  }
}
