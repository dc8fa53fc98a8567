package gslb.steering.shift;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.steering.ClientSample;
import gslb.steering.places.ClientSpace;
import gslb.steering.places.Partition;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Cuts clients into slices: all that there may be, or those that were seen. Confined to one
/// thread.
///
/// Nearly all of the IPv6 space is unused, so its shares are of the addresses of which a continent
/// or an own network is known, if there are any.
final class Slicer {
  /// What is asked of a place.
  private record Locale(String continent, boolean isKnown) {}

  private record Key(int classBefore, int classAfter, boolean isV4, int locale) {}

  /// What is in a slice so far.
  private static final class Sum {
    private double share;
    private double greatest = -1;
    private Address example = Address.v4(0);

    void add(double more, Address first) {
      share += more;
      if (more > greatest) {
        greatest = more;
        example = first;
      }
    }
  }

  private final List<Locale> locales = new ArrayList<>();
  private final Partition localeOf;
  private final Map<Partition, Map<Partition, List<Slice>>> done = new HashMap<>();

  /// @param places whose continents are told
  Slicer(PlaceTable places) {
    Map<Locale, Integer> ids = new HashMap<>();
    int[] localeOfPlace = new int[places.places().size()];
    for (int place = 0; place < localeOfPlace.length; place++) {
      Place of = places.places().get(place);
      boolean isKnown = !of.continent().isEmpty() || !of.network().isEmpty();
      Locale locale = new Locale(of.continent(), isKnown);
      Integer id = ids.putIfAbsent(locale, locales.size());
      localeOfPlace[place] = id != null ? id : locales.size();
      if (id == null) {
        locales.add(locale);
      }
    }
    localeOf = places.partition(localeOfPlace);
  }

  /// All clients that there may be, of both families.
  List<Slice> ofSpace(Partition before, Partition after) {
    return done.computeIfAbsent(before, _ -> new HashMap<>())
        .computeIfAbsent(after, _ -> walk(before, after));
  }

  private List<Slice> walk(Partition before, Partition after) {
    Map<Key, Sum> sums = new HashMap<>();
    ClientSpace.walk(
        List.of(before, after, localeOf),
        (isV4, high, low, classes, share) ->
            sums.computeIfAbsent(new Key(classes[0], classes[1], isV4, classes[2]), _ -> new Sum())
                .add(share, isV4 ? Address.v4((int) low) : Address.v6(high, low)));
    double known = 0;
    double allOfV6 = 0;
    for (Map.Entry<Key, Sum> entry : sums.entrySet()) {
      if (!entry.getKey().isV4()) {
        allOfV6 += entry.getValue().share;
        known += locales.get(entry.getKey().locale()).isKnown() ? entry.getValue().share : 0;
      }
    }
    List<Slice> slices = new ArrayList<>();
    for (Map.Entry<Key, Sum> entry : sums.entrySet()) {
      Key key = entry.getKey();
      double share = entry.getValue().share;
      if (!key.isV4()) {
        boolean counts = known == 0 || locales.get(key.locale()).isKnown();
        share = counts ? share / (known == 0 ? allOfV6 : known) : 0;
      }
      slices.add(slice(key.isV4() ? Weighting.V4 : Weighting.V6, key, share, entry.getValue()));
    }
    return slices;
  }

  private Slice slice(Weighting weighting, Key key, double share, Sum sum) {
    return new Slice(
        weighting,
        key.classBefore(),
        key.classAfter(),
        key.isV4(),
        locales.get(key.locale()).continent(),
        share,
        sum.example);
  }

  /// The clients that were seen asking for one service; none if none were.
  List<Slice> ofTraffic(List<ClientSample.Client> clients, Partition before, Partition after) {
    Map<Key, Sum> sums = new HashMap<>();
    double all = 0;
    for (ClientSample.Client client : clients) {
      Address first = client.prefix().address();
      all += client.weight();
      sums.computeIfAbsent(
              new Key(
                  classOf(before, first),
                  classOf(after, first),
                  first.isV4(),
                  classOf(localeOf, first)),
              _ -> new Sum())
          .add(client.weight(), first);
    }
    List<Slice> slices = new ArrayList<>();
    for (Map.Entry<Key, Sum> entry : sums.entrySet()) {
      slices.add(
          slice(Weighting.TRAFFIC, entry.getKey(), entry.getValue().share / all, entry.getValue()));
    }
    return slices;
  }

  private static int classOf(Partition partition, Address address) {
    return Partition.classOf(lookup(partition, address));
  }

  private static long lookup(Partition partition, Address address) {
    return address.isV4()
        ? partition.lookupV4((int) address.low())
        : partition.lookupV6(address.high(), address.low());
  }

  /// The clients around one that both plans treat like it.
  static Prefix around(Address client, Partition before, Partition after) {
    int length =
        Math.max(
            Partition.scopeOf(lookup(before, client)), Partition.scopeOf(lookup(after, client)));
    return Prefix.around(client, length);
  }

  /// The shares of all slices by continent.
  static SortedMap<String, Shares> continents(List<Slice> slices) {
    SortedMap<String, Shares> continents = new TreeMap<>();
    for (Slice slice : slices) {
      continents.merge(
          slice.continent(), Shares.NONE.plus(slice.weighting(), slice.share()), Shares::plus);
    }
    return continents;
  }
}
