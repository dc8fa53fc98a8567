package gslb.node;

import gslb.base.Prefix;
import gslb.testkit.MmdbWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/// A random configuration as an operator would write it: its YAML, its zone file and its geo
/// databases. Pools `c…` answer with a CNAME; services `s…` never lead there, services `c…` may.
final class RandomConfiguration {
  static final int SERVICES = 4;

  private static final List<String> GEO_KEYS =
      List.of(
          "networks/office",
          "networks/lab",
          "asn/64500",
          "asn/64501",
          "city/2950159",
          "EU/DE/BY",
          "EU/DE",
          "EU/FR",
          "NA/US",
          "EU",
          "NA",
          "AS");

  private static final String ZONE =
      """
      $TTL 300
      @ SOA ns1 hostmaster 1 3600 900 1209600 30
      @ NS ns1
      ns1 A 192.0.2.53
      static A 192.0.2.99
      static TXT "text"
      s0 MX 10 static
      alias CNAME s1
      far CNAME www.example.net.
      loop CNAME loop2
      loop2 CNAME loop
      sub NS ns.sub
      ns.sub A 192.0.2.98
      moved DNAME static
      under.empty TXT "text"
      *.wild A 192.0.2.97
      """;

  private final Random random;
  private final List<String> plain = new ArrayList<>();
  private final List<String> aliases = new ArrayList<>();
  private final Map<String, Object> root = new LinkedHashMap<>();
  private int addresses;

  RandomConfiguration(Random random) {
    this.random = random;
    root.put("node", Map.of("name", "n1", "state-directory", "state"));
    root.put("listen", Map.of("dns", List.of("127.0.0.1:5300"), "admin", "127.0.0.1:8053"));
    root.put("sites", sites());
    root.put(
        "geo",
        Map.of(
            "networks",
            Map.of(
                "office", List.of("10.5.0.0/17", "10.6.7.0/24", "127.3.0.0/16"),
                "lab", List.of("2001:db8:5::/48", "127.4.4.0/24", "10.6.0.0/16"))));
    root.put("zones", Map.of("gslb.example", Map.of("file", "gslb.example.zone")));
    root.put("monitors", Map.of("web", Map.of("type", "tcp", "port", 80)));
    root.put("pools", pools());
    root.put("services", services());
    root.put(
        "dns",
        random.nextBoolean()
            ? Map.of("explain-to", List.of("127.0.0.0/8"))
            : Map.of("access", Map.of("127.9.0.0/16", "refuse")));
  }

  /// JSON, which is YAML.
  String yaml() {
    return json(root);
  }

  String zone() {
    return ZONE;
  }

  private static String json(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> '"' + entry.getKey().toString() + "\": " + json(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> list ->
          list.stream().map(RandomConfiguration::json).collect(Collectors.joining(", ", "[", "]"));
      case String string -> '"' + string + '"';
      default -> value.toString();
    };
  }

  private Map<String, Object> sites() {
    Map<String, Object> sites = new LinkedHashMap<>();
    for (int i = 0; i < 4; i++) {
      sites.put(
          "site" + i,
          Map.of(
              "continent",
              "EU",
              "country",
              "DE",
              "at",
              List.of(random.nextInt(-80, 81) + 0.5, random.nextInt(-170, 171) + 0.5)));
    }
    return sites;
  }

  private Map<String, Object> pools() {
    Map<String, Object> pools = new LinkedHashMap<>();
    int count = 2 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      plain.add("p" + i);
      pools.put("p" + i, pool(1 + random.nextInt(4)));
    }
    plain.add("unresolved");
    Map<String, Object> unresolved = pool(0);
    unresolved.put("endpoints", List.of(Map.of("host", "lb.example.net")));
    pools.put("unresolved", unresolved);
    String[] targets = {
      "static.gslb.example", "s1.gslb.example", "lb.example.net", "no.gslb.example"
    };
    for (int i = 0; i < 2; i++) {
      Map<String, Object> pool = pool(random.nextInt(3));
      pool.put("cname", targets[random.nextInt(targets.length)]);
      aliases.add("c" + i);
      pools.put("c" + i, pool);
    }
    return pools;
  }

  private Map<String, Object> pool(int endpoints) {
    Map<String, Object> pool = new LinkedHashMap<>();
    pool.put("site", "site" + random.nextInt(4));
    if (random.nextInt(8) > 0) {
      pool.put("monitors", List.of("web"));
    }
    if (random.nextBoolean()) {
      pool.put("min-healthy", (1 + random.nextInt(100)) + "%");
    }
    if (random.nextInt(3) == 0) {
      pool.put("ramp", (30 + random.nextInt(600)) + "s");
    }
    String path = random.nextBoolean() ? "/x" : "";
    pool.put("redirect-to", "https://p" + addresses + ".example.com" + path);
    // One family alone, or both.
    int families = random.nextInt(3);
    List<Object> members = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      boolean v4 = families == 0 || families == 2 && random.nextBoolean();
      addresses++;
      String address =
          v4 ? "203.0.113." + addresses : "2001:db8:ffff::" + Integer.toHexString(addresses);
      members.add(
          random.nextBoolean()
              ? Map.of("address", address, "weight", 1 + random.nextInt(5))
              : Map.of("address", address));
    }
    if (!members.isEmpty()) {
      pool.put("endpoints", members);
    }
    return pool;
  }

  private Map<String, Object> services() {
    Map<String, Object> services = new LinkedHashMap<>();
    for (int i = 0; i < SERVICES; i++) {
      boolean mayAlias = i == SERVICES - 1;
      Map<String, Object> service = new LinkedHashMap<>();
      service.put("names", List.of("s" + i + ".gslb.example", "*.w" + i + ".gslb.example"));
      int min = 1 + random.nextInt(20);
      service.put("ttl", Map.of("min", min + "s", "max", min + random.nextInt(40) + "s"));
      switch (random.nextInt(4)) {
        case 0 -> service.put("answers", "all");
        case 1 -> service.put("answers", 1 + random.nextInt(3));
        default -> {
          // the policy's
        }
      }
      if (i < 3) {
        service.put("families", List.of("any", "every", "independent").get(random.nextInt(3)));
      }
      switch (random.nextInt(4)) {
        case 0 -> service.put("all-down", "nodata");
        case 1 -> service.put("all-down", Map.of("pool", plain.getFirst()));
        default -> {
          // answer
        }
      }
      if (random.nextBoolean() && !mayAlias) {
        service.put("https-record", true);
      }
      service.put("redirect", Map.of("hosts", List.of("s" + i + ".example.org")));
      service.put("policy", policy(3, mayAlias));
      services.put("s" + i, service);
    }
    return services;
  }

  private String anyPool(boolean mayAlias) {
    return mayAlias && random.nextInt(3) == 0
        ? aliases.get(random.nextInt(aliases.size()))
        : plain.get(random.nextInt(plain.size()));
  }

  private Object policy(int depth, boolean mayAlias) {
    return switch (depth == 0 ? 0 : random.nextInt(9)) {
      case 0 -> anyPool(mayAlias);
      case 1, 2 -> {
        List<Object> children = new ArrayList<>();
        int count = random.nextInt(12) == 0 ? 0 : 2 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
          children.add(policy(depth - 1, mayAlias));
        }
        yield children;
      }
      case 3 -> Map.of("weighted", branches(depth, mayAlias));
      case 4 -> Map.of("sticky", branches(depth, mayAlias));
      case 5 -> {
        Map<String, Object> nearest = new LinkedHashMap<>();
        nearest.put("nearest", somePools());
        if (random.nextBoolean()) {
          nearest.put("limit", 1 + random.nextInt(3));
        }
        if (random.nextBoolean()) {
          nearest.put("within", 1 + random.nextInt(1, 10) / 10.0);
        }
        yield nearest;
      }
      case 6 -> mayAlias ? anyPool(true) : Map.of("all", somePools());
      default -> {
        Map<String, Object> branches = new LinkedHashMap<>();
        for (String key : GEO_KEYS) {
          if (random.nextInt(3) == 0) {
            branches.put(key, policy(depth - 1, mayAlias));
          }
        }
        if (branches.isEmpty() || random.nextInt(4) > 0) {
          branches.put("default", policy(depth - 1, mayAlias));
        }
        yield Map.of("geo", branches);
      }
    };
  }

  private List<Object> branches(int depth, boolean mayAlias) {
    List<Object> branches = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      branches.add(
          Map.of("to", policy(depth - 1, mayAlias), "weight", i == 0 ? 5 : random.nextInt(6)));
    }
    return branches;
  }

  private List<String> somePools() {
    List<String> of = new ArrayList<>(plain);
    Collections.shuffle(of, random);
    return List.copyOf(of.subList(0, 1 + random.nextInt(of.size())));
  }

  /// Locations of the test's clients, as GeoIP2 City has them.
  byte[] cities() {
    Map<Prefix, Map<String, Object>> records = new LinkedHashMap<>();
    for (Prefix prefix : prefixes()) {
      if (random.nextInt(4) > 0) {
        records.put(prefix, location());
      }
    }
    records.put(Prefix.of("192.0.2.0/24"), Map.of("country", Map.of("iso_code", "DE")));
    return MmdbWriter.write(6, 24, records);
  }

  /// Their autonomous systems, as GeoIP2 ASN has them.
  byte[] asns() {
    Map<Prefix, Map<String, Object>> records = new LinkedHashMap<>();
    for (Prefix prefix : prefixes()) {
      if (random.nextInt(3) == 0) {
        records.put(prefix, Map.of("autonomous_system_number", 64_500 + random.nextInt(3)));
      }
    }
    records.put(Prefix.of("192.0.2.0/24"), Map.of("autonomous_system_number", 64_500));
    return MmdbWriter.write(6, 28, records);
  }

  private static List<Prefix> prefixes() {
    List<Prefix> prefixes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      prefixes.add(Prefix.of("10." + i + ".0.0/16"));
      prefixes.add(Prefix.of("127." + i + ".0.0/16"));
      prefixes.add(Prefix.of("2001:db8:" + i + "::/48"));
    }
    return prefixes;
  }

  private Map<String, Object> location() {
    String[][] places = {{"EU", "DE"}, {"EU", "FR"}, {"NA", "US"}, {"AS", "JP"}};
    String[] place = places[random.nextInt(places.length)];
    Map<String, Object> record = new LinkedHashMap<>();
    if (random.nextInt(4) > 0) {
      record.put("continent", Map.of("code", place[0]));
    }
    if (random.nextInt(5) > 0) {
      record.put("country", Map.of("iso_code", place[1]));
      if (place[1].equals("DE") && random.nextBoolean()) {
        record.put("subdivisions", List.of(Map.of("iso_code", "BY")));
        record.put("city", Map.of("geoname_id", random.nextBoolean() ? 2_950_159 : 2_867_714));
      }
    }
    if (random.nextBoolean()) {
      record.put(
          "location",
          Map.of(
              "latitude",
              random.nextInt(-80, 81) + 0.25,
              "longitude",
              random.nextInt(-170, 171) + 0.25));
    }
    return record;
  }
}
