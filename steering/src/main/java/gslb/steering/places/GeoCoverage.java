package gslb.steering.places;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Of how much of the address space a database knows what: a file that was cut off, or made of
/// half its sources, covers less than the one before.
///
/// @param v4 share of all IPv4 addresses by field, 0..1
/// @param v6 share of 2000::/3 by field, without what embeds IPv4, 0..1; hardly a thousandth of it
///     is in use
public record GeoCoverage(Map<PlaceField, Double> v4, Map<PlaceField, Double> v6) {
  private static final List<PlaceField> FIELDS = List.of(PlaceField.values());

  public GeoCoverage {
    v4 = Map.copyOf(v4);
    v6 = Map.copyOf(v6);
  }

  public static GeoCoverage of(GeoDatabase database) {
    List<Place> records = database.records();
    int[] fieldsOf = new int[records.size()];
    for (int i = 0; i < fieldsOf.length; i++) {
      fieldsOf[i] = fields(records.get(i));
    }
    double[] v4 = new double[FIELDS.size()];
    double[] v6 = new double[FIELDS.size()];
    database
        .runs()
        .addresses((isV4, record, share) -> add(isV4 ? v4 : v6, fieldsOf[record], share));
    return new GeoCoverage(shares(v4), shares(v6));
  }

  /// One bit for each of {@link #FIELDS}.
  private static int fields(Place record) {
    int fields = 0;
    for (int i = 0; i < FIELDS.size(); i++) {
      fields |= tells(record, FIELDS.get(i)) ? 1 << i : 0;
    }
    return fields;
  }

  private static boolean tells(Place record, PlaceField field) {
    return switch (field) {
      case NETWORK -> false;
      case ASN -> record.asn() != 0;
      case CITY -> record.city() != 0;
      case SUBDIVISION -> !record.subdivisions().isEmpty();
      case COUNTRY -> !record.country().isEmpty();
      case CONTINENT -> !record.continent().isEmpty() || !record.country().isEmpty();
      case COORDINATES -> record.hasCoordinates();
    };
  }

  private static void add(double[] sums, int fields, double share) {
    for (int field = 0; field < sums.length; field++) {
      sums[field] += (fields >>> field & 1) * share;
    }
  }

  private static Map<PlaceField, Double> shares(double[] sums) {
    Map<PlaceField, Double> shares = new EnumMap<>(PlaceField.class);
    for (int field = 0; field < sums.length; field++) {
      if (sums[field] > 0) {
        shares.put(FIELDS.get(field), sums[field]);
      }
    }
    return shares;
  }

  /// What this covers less of than `share` of what the other covers; IPv4 before IPv6.
  ///
  /// @param fields that are looked at
  /// @return one text for each, such as `country of 0.1 % of IPv4, before 86.2 %`
  public List<String> lossesAgainst(GeoCoverage before, double share, Set<PlaceField> fields) {
    List<String> losses = new ArrayList<>();
    for (PlaceField field : PlaceField.values()) {
      if (fields.contains(field)) {
        addLoss(field, v4, before.v4, share, "IPv4", losses);
        addLoss(field, v6, before.v6, share, "2000::/3", losses);
      }
    }
    return losses;
  }

  private static void addLoss(
      PlaceField field,
      Map<PlaceField, Double> now,
      Map<PlaceField, Double> before,
      double share,
      String family,
      List<String> losses) {
    double had = before.getOrDefault(field, 0.0);
    double has = now.getOrDefault(field, 0.0);
    if (has < had * share) {
      losses.add(
          String.format(
              Locale.ROOT,
              "%s of %.3g %% of %s, before %.3g %%",
              words(field),
              100 * has,
              family,
              100 * had));
    }
  }

  private static String words(PlaceField field) {
    return switch (field) {
      case NETWORK -> "own network";
      case ASN -> "autonomous system";
      case CITY -> "city";
      case SUBDIVISION -> "subdivision";
      case COUNTRY -> "country";
      case CONTINENT -> "continent";
      case COORDINATES -> "coordinates";
    };
  }
}
