package gslb.steering.places;

import gslb.base.Address;
import gslb.base.Family;
import gslb.base.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The whole address space of both families, cut into runs of constant place. Immutable; shared by
/// all services. A look-up allocates nothing.
public final class PlaceTable {
  private final List<Place> places;
  private final RunTable runs;

  private PlaceTable(List<Place> places, RunTable runs) {
    this.places = List.copyOf(places);
    this.runs = runs;
  }

  /// A table in which every address is {@link Place#UNKNOWN}.
  public static PlaceTable empty() {
    return new PlaceTable(List.of(Place.UNKNOWN), new RunTable(Runs.constant(0), Runs.constant(0)));
  }

  /// A table written by hand: the longest prefix around an address gives its place.
  ///
  /// @throws IllegalArgumentException for an IPv6 prefix that {@link #isEmbedding embeds IPv4}
  public static PlaceTable of(Map<Prefix, Place> placeOf) {
    Interning interning = new Interning();
    Map<Prefix, Integer> idOf = new HashMap<>();
    for (Map.Entry<Prefix, Place> entry : new TreeMap<>(placeOf).entrySet()) {
      refuseEmbedding(entry.getKey());
      idOf.put(entry.getKey(), interning.id(entry.getValue()));
    }
    return new PlaceTable(
        interning.places,
        new RunTable(PrefixRuns.of(Family.V4, idOf), PrefixRuns.of(Family.V6, idOf)));
  }

  /// Lays the operator's own networks over geo databases.
  ///
  /// The first database that knows anything of an address decides about it alone; what it leaves
  /// out, continent or coordinates, comes from the table of countries. An own network sets {@link
  /// Place#network} and leaves the rest as the databases say. An IPv4 network holds for the
  /// embedded forms of its addresses too; an IPv6 network around an embedding block leaves the
  /// block out.
  ///
  /// @param byPriority may be empty: own networks steer without a database
  /// @param networks by name; the longest prefix around an address wins
  /// @throws IllegalArgumentException if one prefix is in two networks, or {@link #isEmbedding
  ///     embeds IPv4}; configuration is checked before it comes here
  public static PlaceTable compile(
      List<GeoDatabase> byPriority, Map<String, List<Prefix>> networks, CountryTable countries) {
    Interning interning = new Interning();
    Runs v4 = Runs.constant(0);
    Runs v6 = Runs.constant(0);
    for (GeoDatabase database : byPriority) {
      int[] idOf = new int[database.records().size()];
      for (int record = 1; record < idOf.length; record++) {
        idOf[record] = interning.id(countries.complete(database.records().get(record)));
      }
      v4 = Runs.combine(v4, database.v4(), (above, record) -> above != 0 ? above : idOf[record]);
      v6 = Runs.combine(v6, database.v6(), (above, record) -> above != 0 ? above : idOf[record]);
    }
    if (!networks.isEmpty()) {
      Overlay overlay = new Overlay(interning, networks);
      v4 = Runs.combine(v4, overlay.runs(Family.V4), overlay::placeWithNetwork);
      v6 = Runs.combine(v6, overlay.runs(Family.V6), overlay::placeWithNetwork);
    }
    return new PlaceTable(interning.places, new RunTable(v4, v6));
  }

  /// Whether an IPv6 prefix lies in a block in which the IPv4 address decides
  /// ({@link gslb.base.EmbeddedV4}). It cannot be an own network: the IPv4 prefix is to be written.
  public static boolean isEmbedding(Prefix prefix) {
    return EmbeddingBlocks.holds(prefix);
  }

  private static void refuseEmbedding(Prefix prefix) {
    if (isEmbedding(prefix)) {
      throw new IllegalArgumentException(
          "'" + prefix + "' embeds IPv4 addresses; write the IPv4 prefix");
    }
  }

  /// Distinct places by id; id 0 is {@link Place#UNKNOWN}.
  public List<Place> places() {
    return places;
  }

  /// The place id of an address; an embedded IPv4 address ({@link gslb.base.EmbeddedV4}) decides.
  public int placeOf(Address address) {
    return Partition.classOf(lookup(address));
  }

  /// The maximal aligned prefix of constant place around an address.
  public Prefix prefixOf(Address address) {
    return Prefix.around(address, Partition.scopeOf(lookup(address)));
  }

  private long lookup(Address address) {
    return address.isV4()
        ? runs.lookupV4((int) address.low())
        : runs.lookupV6(address.high(), address.low());
  }

  /// Joins places that a policy does not tell apart.
  ///
  /// @param classOfPlace class by place id, 0..65535
  public Partition partition(int[] classOfPlace) {
    return new Partition(runs.map(classOfPlace));
  }

  RunTable runs() {
    return runs;
  }

  /// Bytes that the tables occupy, without the places.
  public long retainedBytes() {
    return runs.retainedBytes();
  }

  /// Gives equal places one id.
  private static final class Interning {
    private final List<Place> places = new ArrayList<>(List.of(Place.UNKNOWN));
    private final Map<Place, Integer> ids = new HashMap<>(Map.of(Place.UNKNOWN, 0));

    int id(Place place) {
      Integer known = ids.putIfAbsent(place, places.size());
      if (known != null) {
        return known;
      }
      places.add(place);
      return places.size() - 1;
    }
  }

  /// The own networks, numbered from 1, and the places that they make of others.
  private static final class Overlay {
    private final Interning interning;
    private final List<String> names = new ArrayList<>(List.of(""));
    private final Map<Prefix, Integer> networkOf = new LinkedHashMap<>();
    private final Map<Long, Integer> made = new HashMap<>();

    Overlay(Interning interning, Map<String, List<Prefix>> networks) {
      this.interning = interning;
      for (Map.Entry<String, List<Prefix>> network : new TreeMap<>(networks).entrySet()) {
        int number = names.size();
        names.add(network.getKey());
        for (Prefix prefix : network.getValue()) {
          refuseEmbedding(prefix);
          Integer other = networkOf.put(prefix, number);
          if (other != null && other != number) {
            throw new IllegalArgumentException(
                "'"
                    + prefix
                    + "' is in networks '"
                    + names.get(other)
                    + "' and '"
                    + network.getKey()
                    + "'");
          }
        }
      }
    }

    Runs runs(Family family) {
      return PrefixRuns.of(family, networkOf);
    }

    int placeWithNetwork(int place, int network) {
      if (network == 0) {
        return place;
      }
      return made.computeIfAbsent(
          (long) place << 32 | network,
          key -> {
            Place of = interning.places.get(place);
            return interning.id(
                new Place(
                    of.continent(),
                    of.country(),
                    of.latitude(),
                    of.longitude(),
                    names.get(network)));
          });
    }
  }
}
