package gslb.trials;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.dns.DnsSnapshot;
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
import gslb.steering.SteeringTables;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.CountryTable;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.PlaceTable;
import gslb.testkit.MmdbWriter;
import gslb.zones.ZoneSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Random databases and own networks, and twelve pools around the world for policies that look at
/// them. Pool p answers 198.18.p.0.
final class PlacesOfClients {
  static final int POOLS = 12;

  private static final String[][] COUNTRIES = {
    {"EU", "DE"},
    {"EU", "FR"},
    {"EU", "GB"},
    {"NA", "US"},
    {"NA", "CA"},
    {"AS", "JP"},
    {"AS", "SG"},
    {"SA", "BR"},
    {"OC", "AU"},
    {"AF", "ZA"}
  };
  static final List<String> SUBDIVISIONS = List.of("A1", "B2", "C3");
  static final int CITIES = 5;
  private static final int[] ASNS = {64_500, 64_501, 64_502};

  private final Random random;
  private final List<Endpoint> endpoints = new ArrayList<>();
  final List<Pool> pools = new ArrayList<>();

  PlacesOfClients(Random random) {
    this.random = random;
    for (int i = 0; i < POOLS; i++) {
      Endpoint endpoint = new Endpoint(i, Address.v4(0xc612_0000 | i << 8), 1);
      endpoints.add(endpoint);
      Site site =
          new Site("site", "EU", "DE", random.nextDouble(-60, 70), random.nextDouble(-180, 180));
      pools.add(new Pool(i, "p" + i, site, MinHealthy.ONE_ENDPOINT, null, List.of(endpoint)));
    }
  }

  /// Of IPv4, or of what is assigned of IPv6.
  Prefix prefix() {
    return random.nextBoolean()
        ? Prefix.around(Address.v4(random.nextInt()), 8 + random.nextInt(21))
        : Prefix.around(
            Address.v6(0x2a00L << 48 | random.nextLong() >>> 8, 0), 14 + random.nextInt(51));
  }

  /// As GeoIP2 City has it.
  ///
  /// @param isLocated whether every record has coordinates, of a place smaller than the country
  byte[] cities(int count, boolean isLocated) {
    List<Map<String, Object>> records = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      String[] country = COUNTRIES[random.nextInt(COUNTRIES.length)];
      Map<String, Object> record = new LinkedHashMap<>();
      record.put("continent", Map.of("code", country[0]));
      record.put("country", Map.of("iso_code", country[1]));
      List<Map<String, String>> subdivisions = new ArrayList<>();
      for (int j = random.nextInt(3); j > 0; j--) {
        subdivisions.add(Map.of("iso_code", SUBDIVISIONS.get(random.nextInt(3))));
      }
      if (!subdivisions.isEmpty()) {
        record.put("subdivisions", subdivisions);
      }
      if (random.nextBoolean()) {
        int city = 1 + random.nextInt(CITIES);
        record.put("city", Map.of("geoname_id", city, "names", Map.of("en", "City" + city)));
      }
      if (isLocated || random.nextInt(4) > 0) {
        record.put(
            "location",
            Map.of(
                "latitude", random.nextDouble(-80, 80), "longitude", random.nextDouble(-180, 180)));
      }
      if (isLocated) {
        record.put("postal", Map.of("code", "1000"));
      }
      records.add(record);
    }
    Map<Prefix, Map<String, Object>> byPrefix = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      byPrefix.put(prefix(), records.get(random.nextInt(records.size())));
    }
    return MmdbWriter.write(6, 28, "GeoIP2-City", byPrefix);
  }

  byte[] asns(int count) {
    Map<Prefix, Map<String, Object>> byPrefix = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      byPrefix.put(prefix(), Map.of("autonomous_system_number", ASNS[random.nextInt(ASNS.length)]));
    }
    return MmdbWriter.write(6, 24, byPrefix);
  }

  /// `net0` and so on.
  Map<String, List<Prefix>> networks(int count, int prefixes) {
    Map<String, List<Prefix>> networks = new LinkedHashMap<>();
    List<Prefix> taken = new ArrayList<>();
    for (int i = 0; i < count * prefixes; i++) {
      Prefix prefix = prefix();
      if (!taken.contains(prefix)) {
        taken.add(prefix);
        networks.computeIfAbsent("net" + i % count, _ -> new ArrayList<>()).add(prefix);
      }
    }
    return networks;
  }

  /// Some pools, one after the other.
  Policy list() {
    List<Policy> some = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      some.add(new Policy.Use(pools.get(random.nextInt(POOLS))));
    }
    return new Policy.Failover(some);
  }

  /// A service for each policy, everything up; service i is `s<i>.gslb.example`.
  DnsSnapshot serve(List<Policy> policies, List<byte[]> files, Map<String, List<Prefix>> networks)
      throws Exception {
    List<GeoDatabase> databases = new ArrayList<>();
    for (byte[] file : files) {
      databases.add(GeoDatabase.read("database " + databases.size(), file));
    }
    List<Service> services = new ArrayList<>();
    for (Policy policy : policies) {
      int id = services.size();
      services.add(
          new Service(
              id,
              "s" + id,
              List.of(DnsName.of(AnyWorld.host(id))),
              new Service.Ttl(30, 30),
              Families.ANY,
              Service.Answers.ONE,
              new AllDown.Answer(),
              policy,
              null));
    }
    Catalog catalog = new Catalog(List.of(), networks, endpoints, pools, services);
    PlaceTable places =
        PlaceTable.compile(databases, networks, CountryTable.standard(), catalog.detail());
    return DnsSnapshot.compile(
        1,
        SteeringTables.compile(catalog, places).plan(VerdictTable.all(POOLS, Verdict.UP), 0),
        ZoneSet.of(List.of(AnyWorld.zone(services))),
        new FlipDeadlines(POOLS));
  }
}
