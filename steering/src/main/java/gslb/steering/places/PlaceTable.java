package gslb.steering.places;

import gslb.base.Address;
import gslb.base.EmbeddedV4;
import gslb.base.Family;
import gslb.base.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The whole address space of both families, cut into runs of constant place. Immutable; shared by
/// all services. A look-up allocates nothing, but for those of whole places.
public final class PlaceTable {
  private final PlaceList places;
  private final RunTable runs;
  private final DatabaseStack databases;
  private final Detail detail;

  PlaceTable(List<Place> places, RunTable runs, DatabaseStack databases, Detail detail) {
    this.places = PlaceList.of(places);
    this.runs = runs;
    this.databases = databases;
    this.detail = detail;
  }

  /// A table in which every address is {@link Place#UNKNOWN}.
  public static PlaceTable empty() {
    return of(Map.of());
  }

  /// A table written by hand: the longest prefix around an address gives its place.
  ///
  /// @throws IllegalArgumentException for an IPv6 prefix that {@link #isEmbedding embeds IPv4}
  public static PlaceTable of(Map<Prefix, Place> placeOf) {
    List<Place> places = new ArrayList<>(List.of(Place.UNKNOWN));
    Map<Place, Integer> ids = new HashMap<>(Map.of(Place.UNKNOWN, 0));
    Map<Prefix, Integer> idOf = new HashMap<>();
    for (Map.Entry<Prefix, Place> entry : new TreeMap<>(placeOf).entrySet()) {
      refuseEmbedding(entry.getKey());
      Integer known = ids.putIfAbsent(entry.getValue(), places.size());
      idOf.put(entry.getKey(), known != null ? known : places.size());
      if (known == null) {
        places.add(entry.getValue());
      }
    }
    return new PlaceTable(
        places,
        new RunTable(PrefixRuns.of(Family.V4, idOf), PrefixRuns.of(Family.V6, idOf)),
        new DatabaseStack(List.of(), CountryTable.standard()),
        Detail.WHOLE);
  }

  /// {@link #compile(List, Map, CountryTable, Detail)} of all that the databases know.
  public static PlaceTable compile(
      List<GeoDatabase> byPriority, Map<String, List<Prefix>> networks, CountryTable countries) {
    return compile(byPriority, networks, countries, Detail.WHOLE);
  }

  /// Lays the operator's own networks over geo databases.
  ///
  /// Continent, country, subdivisions, city and coordinates come as one group from the first
  /// database that knows a country or coordinates of an address; what it leaves out, continent or
  /// coordinates, comes from the table of countries. The autonomous system comes from the first
  /// that knows one. An own network sets {@link Place#network} and leaves the rest as the databases
  /// say. An IPv4 network holds for the embedded forms of its addresses too; an IPv6 network around
  /// an embedding block leaves the block out.
  ///
  /// @param byPriority may be empty: own networks steer without a database
  /// @param networks by name; the longest prefix around an address wins
  /// @param detail what is kept of the places
  /// @throws IllegalArgumentException if one prefix is in two networks, or {@link #isEmbedding
  ///     embeds IPv4}; configuration is checked before it comes here
  public static PlaceTable compile(
      List<GeoDatabase> byPriority,
      Map<String, List<Prefix>> networks,
      CountryTable countries,
      Detail detail) {
    return new PlaceCompiler(new DatabaseStack(byPriority, countries), detail, networks).compile();
  }

  /// Whether an IPv6 prefix lies in a block in which the IPv4 address decides
  /// ({@link gslb.base.EmbeddedV4}). It cannot be an own network: the IPv4 prefix is to be written.
  public static boolean isEmbedding(Prefix prefix) {
    return EmbeddingBlocks.holds(prefix);
  }

  static void refuseEmbedding(Prefix prefix) {
    if (isEmbedding(prefix)) {
      throw new IllegalArgumentException(
          "'" + prefix + "' embeds IPv4 addresses; write the IPv4 prefix");
    }
  }

  /// What of the places was kept.
  public Detail detail() {
    return detail;
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

  /// All that is known of an address, kept or not. Asks the databases again.
  public Place wholePlaceOf(Address address) {
    Place kept = places.get(placeOf(address));
    if (detail.isWhole()) {
      return kept;
    }
    return databases.place(deciding(address)).withNetwork(kept.network());
  }

  /// An aligned prefix around an address of the same whole place: the maximal one if all was kept,
  /// else the maximal one of which each database says one thing.
  public Prefix wholePrefixOf(Address address) {
    Prefix kept = prefixOf(address);
    if (detail.isWhole()) {
      return kept;
    }
    Address deciding = deciding(address);
    int offset = deciding.equals(address) ? 0 : EmbeddedV4.offset(address.high(), address.low());
    return Prefix.around(
        address, Math.max(kept.length(), offset + databases.lengthAround(deciding)));
  }

  /// Which databases say what of an address, by priority; the own network is not among it. Of an
  /// embedded IPv4 address the prefixes are IPv4.
  public List<PlaceOrigin> originsOf(Address address) {
    return databases.origins(deciding(address));
  }

  private static Address deciding(Address address) {
    return address.isV4() || EmbeddedV4.offset(address.high(), address.low()) < 0
        ? address
        : Address.v4(EmbeddedV4.extract(address.high(), address.low()));
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

  /// Runs of constant place that each family is cut into.
  public int v4RunCount() {
    return runs.v4RunCount();
  }

  public int v6RunCount() {
    return runs.v6RunCount();
  }

  /// Bytes that the tables occupy, without the places.
  public long retainedBytes() {
    return runs.retainedBytes();
  }
}
