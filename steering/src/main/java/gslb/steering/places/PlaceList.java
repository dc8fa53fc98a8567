package gslb.steering.places;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;

/// Places in columns: a city database has hundreds of thousands, and an object for each would take
/// several times as much. A place is made when it is asked for. Immutable.
///
/// Coordinates are kept as `float` if that loses nothing of any of them; columns in which nothing
/// is known are empty.
final class PlaceList extends AbstractList<Place> implements RandomAccess {
  /// By place: index into the regions.
  private final Numbers region;

  /// Distinct places without what the other columns have, the coordinates though not their source
  /// among it.
  private final List<Place> regions;

  // Latitude, then longitude of each; one of the two has them, or none.
  private final float[] narrow;
  private final double[] wide;

  /// Geoname ids, unsigned.
  private final int[] cities;

  /// Numbers of autonomous systems, unsigned.
  private final int[] asns;

  /// @param region by place
  /// @param narrow empty, or two by place; so the others, of which one or both are empty
  PlaceList(
      Numbers region,
      List<Place> regions,
      float[] narrow,
      double[] wide,
      int[] cities,
      int[] asns) {
    this.region = region;
    this.regions = List.copyOf(regions);
    this.narrow = narrow;
    this.wide = wide;
    this.cities = cities;
    this.asns = asns;
  }

  static PlaceList of(List<Place> places) {
    if (places instanceof PlaceList already) {
      return already;
    }
    int[] region = new int[places.size()];
    Map<Place, Integer> numbers = new HashMap<>();
    List<Place> regions = new ArrayList<>();
    double[] wide = new double[2 * region.length];
    int[] cities = new int[region.length];
    int[] asns = new int[region.length];
    for (int i = 0; i < region.length; i++) {
      Place place = places.get(i);
      Place rest = region(place);
      Integer known = numbers.putIfAbsent(rest, regions.size());
      if (known == null) {
        regions.add(rest);
      }
      region[i] = known != null ? known : regions.size() - 1;
      wide[2 * i] = place.latitude();
      wide[2 * i + 1] = place.longitude();
      cities[i] = (int) place.city();
      asns[i] = (int) place.asn();
    }
    boolean isNarrow = true;
    boolean isLocated = false;
    for (double coordinate : wide) {
      isNarrow &= Double.compare(coordinate, (float) coordinate) == 0;
      isLocated |= !Double.isNaN(coordinate);
    }
    return new PlaceList(
        Numbers.of(region, region.length),
        regions,
        isNarrow && isLocated ? floats(wide) : new float[0],
        isNarrow ? new double[0] : wide,
        withoutZeros(cities),
        withoutZeros(asns));
  }

  private static Place region(Place place) {
    return new Place(
        place.continent(),
        place.country(),
        place.subdivisions(),
        0,
        Double.NaN,
        Double.NaN,
        0,
        place.network(),
        place.source());
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static int[] withoutZeros(int[] column) {
    for (int value : column) {
      if (value != 0) {
        return column;
      }
    }
    return new int[0];
  }

  @Override
  public int size() {
    return region.size();
  }

  @Override
  public Place get(int index) {
    Objects.checkIndex(index, region.size());
    Place of = regions.get(region.get(index));
    return new Place(
        of.continent(),
        of.country(),
        of.subdivisions(),
        cities.length == 0 ? 0 : Integer.toUnsignedLong(cities[index]),
        coordinate(2 * index),
        coordinate(2 * index + 1),
        asns.length == 0 ? 0 : Integer.toUnsignedLong(asns[index]),
        of.network(),
        of.source());
  }

  private double coordinate(int at) {
    if (narrow.length > 0) {
      return narrow[at];
    }
    return wide.length > 0 ? wide[at] : Double.NaN;
  }

  Numbers region() {
    return region;
  }

  List<Place> regions() {
    return regions;
  }

  float[] narrow() {
    return narrow;
  }

  double[] wide() {
    return wide;
  }

  int[] cities() {
    return cities;
  }

  int[] asns() {
    return asns;
  }
}
