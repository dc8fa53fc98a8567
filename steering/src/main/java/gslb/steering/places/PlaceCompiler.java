package gslb.steering.places;

import gslb.base.Family;
import gslb.base.Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Merges what a {@link DatabaseStack} says of every address with the own networks, in layers of
/// runs: locations, autonomous systems, networks. What the {@link Detail} leaves out is gone before
/// places are numbered, so neighbours that nobody tells apart become one run in the first layer.
/// Used once.
final class PlaceCompiler {
  private static final int NONE = -1;

  /// In a run of autonomous systems: one that nobody looks at, beside 0 for none. It is not the
  /// same yet, for it keeps later databases from being heard.
  private static final int UNNAMED = 1;

  /// Bits of a location's run that hold the rank of its {@link DatabaseStack.Certainty}; its number
  /// is above.
  private static final int CERTAINTY_BITS = 2;

  private static final int CERTAINTY_MASK = (1 << CERTAINTY_BITS) - 1;

  private final DatabaseStack databases;
  private final Detail detail;
  private final Interned<Place> locations = new Interned<>(Place.UNKNOWN);
  private final Interned<Long> asns = new Interned<>(0L);
  private final List<String> networkNames = new ArrayList<>(List.of(""));
  private final Map<Prefix, Integer> networkOf = new LinkedHashMap<>();
  private final Combinations places = new Combinations();
  private int[] placeOfLocation = {};

  PlaceCompiler(DatabaseStack databases, Detail detail, Map<String, List<Prefix>> networks) {
    this.databases = databases;
    this.detail = detail;
    for (Map.Entry<String, List<Prefix>> network : new TreeMap<>(networks).entrySet()) {
      addNetwork(network.getKey(), network.getValue());
    }
  }

  private void addNetwork(String name, List<Prefix> prefixes) {
    int number = networkNames.size();
    networkNames.add(name);
    for (Prefix prefix : prefixes) {
      PlaceTable.refuseEmbedding(prefix);
      Integer other = networkOf.put(prefix, number);
      if (other != null && other != number) {
        throw new IllegalArgumentException(
            "'" + prefix + "' is in networks '" + networkNames.get(other) + "' and '" + name + "'");
      }
    }
  }

  PlaceTable compile() {
    return databases.byPriority().size() == 1 && networkOf.isEmpty()
        ? compileOne(databases.byPriority().getFirst())
        : compileLayers();
  }

  /// One database by itself: its own runs with other numbers, or the very same.
  private PlaceTable compileOne(GeoDatabase database) {
    PlaceList records = database.records();
    int[] placeOf = new int[records.size()];
    Interned<Place> made = new Interned<>(Place.UNKNOWN);
    boolean isSame = true;
    for (int record = 1; record < placeOf.length; record++) {
      Place said = records.get(record);
      Place location = detail.location(databases.complete(said));
      long asn = detail.asn(said.asn());
      placeOf[record] = made.number(asn == 0 ? location : location.withAsn(asn));
      isSame &= placeOf[record] == record;
    }
    return new PlaceTable(
        made.values, isSame ? database.runs() : database.runs().map(placeOf), databases, detail);
  }

  private PlaceTable compileLayers() {
    Layers v4 = new Layers();
    Layers v6 = new Layers();
    RunTable largest = null;
    for (GeoDatabase database : databases.byPriority()) {
      int[] location = new int[database.records().size()];
      int[] asn = new int[location.length];
      boolean hasAsns = false;
      for (int record = 1; record < location.length; record++) {
        Place said = database.records().get(record);
        location[record] = location(said);
        asn[record] = asn(said.asn());
        hasAsns |= asn[record] != 0;
      }
      RunTable runs = database.runs();
      v4.addLocations(runs.mapV4(location));
      v6.addLocations(runs.mapV6(location, 0));
      if (hasAsns) {
        v4.addAsns(runs.mapV4(asn));
        v6.addAsns(runs.mapV6(asn, 0));
      }
      boolean isLargest = largest == null || runs.v4RunCount() > largest.v4RunCount();
      largest = isLargest ? runs : largest;
    }
    placeOfLocation = new int[locations.values.size()];
    Arrays.fill(placeOfLocation, NONE);
    placeOfLocation[0] = 0;
    return table(runs(v4, Family.V4), runs(v6, Family.V6), largest);
  }

  /// The number of a record's location, and how certain it is.
  private int location(Place record) {
    Place completed = databases.complete(record);
    int number = locations.number(detail.location(completed));
    return number << CERTAINTY_BITS | DatabaseStack.certainty(record, completed).rank();
  }

  private int asn(long number) {
    if (number == 0) {
      return 0;
    }
    int named = asns.number(detail.asn(number));
    return named == 0 ? UNNAMED : named + UNNAMED;
  }

  /// Empties the layers: of a city database they are large.
  private Runs runs(Layers layers, Family family) {
    Runs located =
        layers.asns == null
            ? layers.locations.map(location -> place(location >>> CERTAINTY_BITS, 0))
            : Runs.combine(
                layers.locations,
                layers.asns,
                (location, asn) -> place(location >>> CERTAINTY_BITS, asn));
    layers.locations = Runs.constant(0);
    layers.asns = null;
    return networkOf.isEmpty()
        ? located
        : Runs.combine(located, PrefixRuns.of(family, networkOf), places::withNetwork);
  }

  private int place(int location, int asn) {
    if (asn > UNNAMED) {
      return places.number(location, asn - UNNAMED, 0);
    }
    if (placeOfLocation[location] == NONE) {
      placeOfLocation[location] = places.number(location, 0, 0);
    }
    return placeOfLocation[location];
  }

  /// Numbers anew the places that some address has, and no others: a network may cover all of one.
  /// The order is that of the records of a database, which walks IPv6 first.
  ///
  /// @param like shares what is equal
  private PlaceTable table(Runs v4, Runs v6, @Nullable RunTable like) {
    int[] numbers = new int[places.size];
    Arrays.fill(numbers, NONE);
    numbers[0] = 0;
    List<Place> used = new ArrayList<>(List.of(Place.UNKNOWN));
    for (Runs runs : List.of(v6, v4)) {
      for (int run = 0; run < runs.size(); run++) {
        int place = runs.value(run);
        if (numbers[place] == NONE) {
          numbers[place] = used.size();
          used.add(place(place));
        }
      }
    }
    v4.renumber(numbers);
    v6.renumber(numbers);
    return new PlaceTable(used, new RunTable(v4, v6, like), databases, detail);
  }

  private Place place(int number) {
    Place place = locations.values.get(places.location(number));
    int asn = places.asn(number);
    int network = places.network(number);
    place = asn == 0 ? place : place.withAsn(asns.values.get(asn));
    return network == 0 ? place : place.withNetwork(networkNames.get(network));
  }

  /// What the databases heard so far say of one family's addresses.
  private static final class Layers {
    private Runs locations = Runs.constant(0);
    private @Nullable Runs asns;

    void addLocations(Runs below) {
      // A record that says nothing is 0 too.
      locations =
          locations.size() == 1 && locations.value(0) == 0
              ? below
              : Runs.combine(locations, below, Layers::surer);
    }

    void addAsns(Runs below) {
      asns =
          asns == null
              ? below
              : Runs.combine(asns, below, (above, asn) -> above != 0 ? above : asn);
    }

    private static int surer(int above, int below) {
      return (below & CERTAINTY_MASK) > (above & CERTAINTY_MASK) ? below : above;
    }
  }

  /// Numbers combinations of a location, an autonomous system and a network; 0 is that of nothing.
  private static final class Combinations {
    private static final int PARTS = 3;

    private final Map<List<Integer>, Integer> numbers = new HashMap<>();
    private final Map<Long, Integer> numberOfNetwork = new HashMap<>();
    private int[] parts = new int[16 * PARTS];
    private int size = 1;

    /// A location alone must be numbered once only.
    int number(int location, int asn, int network) {
      return asn == 0 && network == 0
          ? add(location, asn, network)
          : numbers.computeIfAbsent(
              List.of(location, asn, network), _ -> add(location, asn, network));
    }

    int withNetwork(int number, int network) {
      return network == 0
          ? number
          : numberOfNetwork.computeIfAbsent(
              (long) number << Integer.SIZE | network,
              _ -> number(location(number), asn(number), network));
    }

    private int add(int location, int asn, int network) {
      if ((size + 1) * PARTS > parts.length) {
        parts = Arrays.copyOf(parts, 2 * parts.length);
      }
      parts[size * PARTS] = location;
      parts[size * PARTS + 1] = asn;
      parts[size * PARTS + 2] = network;
      return size++;
    }

    int location(int number) {
      return parts[number * PARTS];
    }

    int asn(int number) {
      return parts[number * PARTS + 1];
    }

    int network(int number) {
      return parts[number * PARTS + 2];
    }
  }

  /// Numbers equal values alike.
  private static final class Interned<T> {
    private final List<T> values = new ArrayList<>();
    private final Map<T, Integer> numbers = new HashMap<>();

    Interned(T zero) {
      number(zero);
    }

    int number(T value) {
      Integer known = numbers.putIfAbsent(value, values.size());
      if (known != null) {
        return known;
      }
      values.add(value);
      return values.size() - 1;
    }
  }
}
