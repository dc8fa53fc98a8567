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
  private final Interned<Place> places = new Interned<>(Place.UNKNOWN);
  private final List<String> networkNames = new ArrayList<>(List.of(""));
  private final Map<Prefix, Integer> networkOf = new LinkedHashMap<>();
  private final Map<Long, Integer> placeOfAsn = new HashMap<>();
  private final Map<Long, Integer> placeOfNetwork = new HashMap<>();
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
    Layers v4 = new Layers();
    Layers v6 = new Layers();
    for (GeoDatabase database : databases.byPriority()) {
      int[] location = new int[database.records().size()];
      int[] asn = new int[location.length];
      for (int record = 1; record < location.length; record++) {
        location[record] = location(database.records().get(record));
        asn[record] = asn(database.records().get(record).asn());
      }
      boolean hasAsns = Arrays.stream(asn).anyMatch(number -> number != 0);
      v4.add(database.v4(), location, asn, hasAsns);
      v6.add(database.v6(), location, asn, hasAsns);
    }
    placeOfLocation = new int[locations.values.size()];
    Arrays.fill(placeOfLocation, NONE);
    placeOfLocation[0] = 0;
    return table(runs(v4, Family.V4), runs(v6, Family.V6));
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

  private Runs runs(Layers layers, Family family) {
    Runs located =
        Runs.combine(
            layers.locations,
            layers.asns,
            (location, asn) -> place(location >>> CERTAINTY_BITS, asn));
    return networkOf.isEmpty()
        ? located
        : Runs.combine(located, PrefixRuns.of(family, networkOf), this::withNetwork);
  }

  private int place(int location, int asn) {
    if (asn > UNNAMED) {
      return placeOfAsn.computeIfAbsent(
          (long) location << 32 | asn,
          _ ->
              places.number(
                  locations.values.get(location).withAsn(asns.values.get(asn - UNNAMED))));
    }
    if (placeOfLocation[location] == NONE) {
      placeOfLocation[location] = places.number(locations.values.get(location));
    }
    return placeOfLocation[location];
  }

  private int withNetwork(int place, int network) {
    return network == 0
        ? place
        : placeOfNetwork.computeIfAbsent(
            (long) place << 32 | network,
            _ -> places.number(places.values.get(place).withNetwork(networkNames.get(network))));
  }

  /// Numbers anew the places that some address has, and no others: a network may cover all of one.
  private PlaceTable table(Runs v4, Runs v6) {
    int[] numbers = new int[places.values.size()];
    Arrays.fill(numbers, NONE);
    numbers[0] = 0;
    List<Place> used = new ArrayList<>(List.of(Place.UNKNOWN));
    for (Runs runs : List.of(v4, v6)) {
      for (int run = 0; run < runs.size(); run++) {
        int place = runs.value(run);
        if (numbers[place] == NONE) {
          numbers[place] = used.size();
          used.add(places.values.get(place));
        }
      }
    }
    return new PlaceTable(
        used,
        new RunTable(v4.map(place -> numbers[place]), v6.map(place -> numbers[place])),
        databases,
        detail);
  }

  /// What the databases heard so far say of one family's addresses.
  private static final class Layers {
    private Runs locations = Runs.constant(0);
    private Runs asns = Runs.constant(0);

    void add(Runs records, int[] location, int[] asn, boolean hasAsns) {
      locations =
          Runs.combine(locations, records, (above, record) -> surer(above, location[record]));
      if (hasAsns) {
        asns = Runs.combine(asns, records, (above, record) -> above != 0 ? above : asn[record]);
      }
    }

    private static int surer(int above, int below) {
      return (below & CERTAINTY_MASK) > (above & CERTAINTY_MASK) ? below : above;
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
