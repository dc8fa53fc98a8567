package gslb.trials;

import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Reader;
import gslb.base.Address;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Site;
import gslb.steering.places.CountryTable;
import gslb.steering.places.Place;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What a policy comes to at every address, from the databases themselves: their networks as
/// MaxMind's reader lists them, laid over each other by priority, own networks on top, and the
/// policy read off the page at each piece. Nothing of the program's tables takes part but the
/// centres and continents of countries.
final class ScopeOracle {
  /// What is known of a range by one source; the last address belongs to it.
  private record Range(BigInteger first, BigInteger last, Object known) {}

  private static final Prefix MAPPED = Prefix.of("::ffff:0:0/96");
  private static final Prefix NAT64 = Prefix.of("64:ff9b::/96");
  private static final Prefix SIX_TO_FOUR = Prefix.of("2002::/16");
  private static final Prefix TEREDO = Prefix.of("2001::/32");
  private static final List<Prefix> BLOCKS = List.of(MAPPED, NAT64, SIX_TO_FOUR, TEREDO);
  private static final double RADIUS_METRES = 6_371_008.8;

  private final CountryTable countries = CountryTable.standard();
  private final Map<Family, List<List<Range>>> sources = new HashMap<>();
  private final Map<Family, List<Range>> networks = new HashMap<>();

  /// @param files databases, the first heard first
  /// @param networks own ones, by name
  ScopeOracle(List<byte[]> files, Map<String, List<Prefix>> networks)
      throws IOException, InvalidNetworkException {
    for (Family family : Family.values()) {
      sources.put(family, new ArrayList<>());
      this.networks.put(family, new ArrayList<>());
    }
    for (byte[] file : files) {
      read(file);
    }
    networks.forEach((name, prefixes) -> prefixes.forEach(prefix -> addNetwork(name, prefix)));
    // The longest last, so that it is found last.
    this.networks
        .values()
        .forEach(list -> list.sort(Comparator.comparing(r -> r.first().subtract(r.last()))));
  }

  private void addNetwork(String name, Prefix prefix) {
    networks
        .getOrDefault(prefix.address().family(), List.of())
        .add(new Range(number(prefix.address()), number(prefix.last()), name));
  }

  private void read(byte[] file) throws IOException, InvalidNetworkException {
    Map<Family, List<Range>> of = new HashMap<>();
    for (Family family : Family.values()) {
      of.put(family, new ArrayList<>());
      sources.getOrDefault(family, List.of()).add(of.getOrDefault(family, List.of()));
    }
    Map<Map<?, ?>, Place> known = new HashMap<>();
    try (Reader reader = new Reader(new ByteArrayInputStream(file))) {
      var all = reader.networks(Map.class);
      while (all.hasNext()) {
        var record = all.next();
        Address first = Address.of(record.network().networkAddress());
        Address last = new Prefix(first, record.network().prefixLength()).last();
        of.getOrDefault(first.family(), List.of())
            .add(
                new Range(
                    number(first),
                    number(last),
                    known.computeIfAbsent(record.data(), ScopeOracle::place)));
      }
    }
    of.values().forEach(list -> list.sort(Comparator.comparing(Range::first)));
  }

  /// As the tables of the steering room's README say.
  private static Place place(Map<?, ?> record) {
    String country = text(record, "country", "iso_code");
    if (country.isEmpty()) {
      country = text(record, "registered_country", "iso_code");
    }
    if (country.isEmpty()) {
      country = text(record, "country_code");
    }
    String continent = text(record, "continent", "code");
    List<String> subdivisions = new ArrayList<>();
    if (record.get("subdivisions") instanceof List<?> list) {
      for (Object one : list) {
        subdivisions.add(country + "-" + text((Map<?, ?>) one, "iso_code"));
      }
    }
    double latitude = Double.NaN;
    double longitude = Double.NaN;
    // The point of a record that names nothing smaller than the country is not the client's.
    boolean isNamed = !subdivisions.isEmpty() || record.get("city") != null;
    if (isNamed && record.get("location") instanceof Map<?, ?> location) {
      latitude = ((Number) location.get("latitude")).doubleValue();
      longitude = ((Number) location.get("longitude")).doubleValue();
    }
    return new Place(
        continent.isEmpty() ? text(record, "continent_code") : continent,
        country,
        subdivisions,
        record.get("city") instanceof Map<?, ?> city ? number(city, "geoname_id") : 0,
        latitude,
        longitude,
        number(record, "autonomous_system_number"),
        "");
  }

  private static String text(Map<?, ?> record, String... path) {
    Object at = record;
    for (String key : path) {
      at = at instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return at == null ? "" : at.toString();
  }

  private static long number(Map<?, ?> record, String key) {
    return record.get(key) instanceof Number number ? number.longValue() : 0;
  }

  /// What is known of the address from all sources.
  private Place merged(Place[] records, String network) {
    Place location = Place.UNKNOWN;
    long asn = 0;
    int surest = 0;
    for (Place record : records) {
      Place complete = completed(record);
      boolean isLocated = !Double.isNaN(record.latitude()) || !complete.country().isEmpty();
      int sure = isLocated ? 2 : complete.continent().isEmpty() && complete.city() == 0 ? 0 : 1;
      if (sure > surest) {
        location = complete;
        surest = sure;
      }
      asn = asn == 0 ? record.asn() : asn;
    }
    return new Place(
        location.continent(),
        location.country(),
        location.subdivisions(),
        location.city(),
        location.latitude(),
        location.longitude(),
        asn,
        network);
  }

  private Place completed(Place record) {
    var country = countries.country(record.country());
    if (country.isEmpty()) {
      return record;
    }
    boolean has = !Double.isNaN(record.latitude());
    return new Place(
        record.continent().isEmpty() ? country.get().continent() : record.continent(),
        country.get().code(),
        record.subdivisions(),
        record.city(),
        has ? record.latitude() : country.get().latitude(),
        has ? record.longitude() : country.get().longitude(),
        record.asn(),
        "");
  }

  /// The pieces of the address space of a family in which a policy comes to one thing.
  ///
  /// @param firsts ascending, the first of which is 0
  /// @param outcomes of each
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Pieces(BigInteger[] firsts, String[] outcomes) {
    /// Index of the piece around an address.
    int find(BigInteger address) {
      int found = Arrays.binarySearch(firsts, address);
      return found >= 0 ? found : -found - 2;
    }
  }

  /// Evaluates a policy everywhere.
  Pieces pieces(Policy policy, Family family) {
    List<List<Range>> layers = sources.getOrDefault(family, List.of());
    List<Range> own = networks.getOrDefault(family, List.of());
    Set<BigInteger> cuts = new TreeSet<>(Set.of(BigInteger.ZERO));
    for (List<Range> layer : layers) {
      for (Range range : layer) {
        cut(range, family, cuts);
      }
    }
    own.forEach(range -> cut(range, family, cuts));
    List<BigInteger> firsts = new ArrayList<>();
    List<String> outcomes = new ArrayList<>();
    int[] at = new int[layers.size()];
    Place[] records = new Place[layers.size()];
    Map<Place, String> outcomeOf = new HashMap<>();
    for (BigInteger first : cuts) {
      for (int i = 0; i < at.length; i++) {
        List<Range> layer = layers.get(i);
        while (at[i] < layer.size() && layer.get(at[i]).last().compareTo(first) < 0) {
          at[i]++;
        }
        boolean isIn = at[i] < layer.size() && layer.get(at[i]).first().compareTo(first) <= 0;
        records[i] = isIn ? (Place) layer.get(at[i]).known() : Place.UNKNOWN;
      }
      String network = "";
      for (Range range : own) {
        if (range.first().compareTo(first) <= 0 && range.last().compareTo(first) >= 0) {
          network = (String) range.known();
        }
      }
      String outcome =
          outcomeOf.computeIfAbsent(merged(records, network), place -> outcome(policy, place));
      if (outcomes.isEmpty() || !outcomes.getLast().equals(outcome)) {
        firsts.add(first);
        outcomes.add(outcome);
      }
    }
    return new Pieces(firsts.toArray(BigInteger[]::new), outcomes.toArray(String[]::new));
  }

  private static void cut(Range range, Family family, Set<BigInteger> cuts) {
    cuts.add(range.first());
    BigInteger next = range.last().add(BigInteger.ONE);
    if (next.bitLength() <= family.bits()) {
      cuts.add(next);
    }
  }

  /// What is left of a policy at a place, whatever the verdicts will be: pools in the order in
  /// which they are tried, `-` for nothing.
  private static String outcome(Policy policy, Place place) {
    return String.join(" ", order(policy, place));
  }

  private static Set<String> order(Policy policy, Place place) {
    Set<String> order = new LinkedHashSet<>();
    switch (policy) {
      case Policy.Use(Pool pool) -> order.add(pool.name());
      case Policy.Failover(List<Policy> children) -> {
        for (Policy child : children) {
          order.addAll(order.contains("-") ? Set.of() : order(child, place));
        }
        if (children.isEmpty()) {
          order.add("-");
        }
      }
      case Policy.Nearest nearest -> nearest(nearest, place, order);
      case Policy.Geo geo -> {
        Policy branch = branch(geo, place);
        order.addAll(branch == null ? Set.of("-") : order(branch, place));
      }
      case Policy.Weighted _, Policy.Sticky _, Policy.All _ ->
          throw new IllegalArgumentException("not of these tests");
    }
    return order;
  }

  private static Policy branch(Policy.Geo geo, Place place) {
    if (geo.networks().containsKey(place.network())) {
      return geo.networks().get(place.network());
    }
    if (geo.asns().containsKey(place.asn())) {
      return geo.asns().get(place.asn());
    }
    if (geo.cities().containsKey(place.city())) {
      return geo.cities().get(place.city());
    }
    for (String subdivision : place.subdivisions().reversed()) {
      if (geo.subdivisions().containsKey(subdivision)) {
        return geo.subdivisions().get(subdivision);
      }
    }
    if (geo.countries().containsKey(place.country())) {
      return geo.countries().get(place.country());
    }
    return geo.continents().getOrDefault(place.continent(), geo.otherwise());
  }

  private static void nearest(Policy.Nearest nearest, Place place, Set<String> order) {
    List<Pool> left = new ArrayList<>(nearest.pools());
    while (!left.isEmpty() && order.size() < nearest.limit()) {
      Pool best = left.getFirst();
      for (Pool pool : left) {
        best = metres(pool.site(), place) < metres(best.site(), place) ? pool : best;
      }
      order.add(best.name());
      left.remove(best);
    }
  }

  private static double metres(Site site, Place place) {
    if (Double.isNaN(place.latitude())) {
      return 0;
    }
    double phi = Math.toRadians(place.latitude());
    double theta = Math.toRadians(site.latitude());
    double north = Math.sin((phi - theta) / 2);
    double east = Math.sin(Math.toRadians(place.longitude() - site.longitude()) / 2);
    double h = north * north + Math.cos(phi) * Math.cos(theta) * east * east;
    return Math.rint(2 * RADIUS_METRES * Math.atan2(Math.sqrt(h), Math.sqrt(1 - h)));
  }

  /// The prefix around an address that has one outcome and no other prefix with one around it,
  /// found by widening it bit by bit.
  static int scope(Address address, Pieces v4, Pieces v6) {
    for (Prefix block : BLOCKS) {
      if (block.contains(address)) {
        return (block.equals(SIX_TO_FOUR) ? 16 : 96) + scope(deciding(address), v4, v6);
      }
    }
    Pieces pieces = address.isV4() ? v4 : v6;
    int length = address.family().bits();
    while (length > 0 && isUniform(Prefix.around(address, length - 1), pieces)) {
      length--;
    }
    return length;
  }

  /// Whether a prefix has one outcome. One around all of IPv4 has not.
  static boolean isUniform(Prefix prefix, Pieces pieces) {
    for (Prefix block : BLOCKS) {
      if (prefix.contains(block.address())) {
        return false;
      }
    }
    return pieces.find(number(prefix.address())) == pieces.find(number(prefix.last()));
  }

  static String outcome(Address address, Pieces v4, Pieces v6) {
    Address deciding = deciding(address);
    Pieces pieces = deciding.isV4() ? v4 : v6;
    return pieces.outcomes()[pieces.find(number(deciding))];
  }

  /// The IPv4 address that an IPv6 address carries, or the address itself: RFC 4291 §2.5.5.2,
  /// RFC 6052 §2.1, RFC 3056 §2, RFC 4380 §4.
  static Address deciding(Address address) {
    if (MAPPED.contains(address) || NAT64.contains(address)) {
      return Address.v4((int) address.low());
    }
    if (SIX_TO_FOUR.contains(address)) {
      return Address.v4((int) (address.high() >>> 16));
    }
    return TEREDO.contains(address) ? Address.v4((int) ~address.low()) : address;
  }

  static BigInteger number(Address address) {
    return new BigInteger(1, address.toBytes());
  }

  static Address address(Family family, BigInteger number) {
    return family == Family.V4
        ? Address.v4(number.intValue())
        : Address.v6(number.shiftRight(64).longValue(), number.longValue());
  }
}
