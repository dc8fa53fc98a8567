package gslb.config;

import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.config.Section.Fields;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The keys of where clients are.
final class GeoSchema {
  /// Own networks.
  static final int NETWORKS_MAX = 1_000;

  /// Countries with a point of their own.
  static final int COUNTRIES_MAX = 300;

  /// Of one own network.
  static final int PREFIXES_MAX = 10_000;

  static final Row<Double> POINT =
      new Row<>(
          List.of(
              Scalars.number(-90, 90, "degrees north"), Scalars.number(-180, 180, "degrees east")),
          "a list of two numbers: degrees north from -90 to 90, degrees east from -180 to 180");

  static final Named<List<Located<Prefix>>> NETWORK_MAP =
      new Named<>(
          "network",
          Scalars.NAME,
          Reference.Kind.NETWORK,
          new ListOf<>(Scalars.PREFIX, "prefixes", 1, PREFIXES_MAX),
          NETWORKS_MAX);
  static final Key<List<Located<String>>> DATABASES =
      Key.of(
              "databases",
              new ListOf<>(Scalars.FILE_NAME, "file names", 0, 8),
              "Geo databases (MMDB), relative to the configuration file, by priority. Continent,"
                  + " country, subdivision, city and coordinates of a client come together from the"
                  + " first that knows its country or coordinates, the autonomous system from the"
                  + " first that knows one: a city and an ASN database stand side by side.")
          .otherwise("[]");
  static final Key<NetworksTerm> NETWORKS =
      Key.of(
          "networks",
          new OneOf<>(
              List.of(
                  new Mapped<>(
                      Scalars.FILE_NAME, (v, where, p, b) -> new NetworksTerm.File(v, where)),
                  new Mapped<>(NETWORK_MAP, (v, where, p, b) -> new NetworksTerm.Inline(v)))),
          "Own networks by name, each with its prefixes, or a YAML file that holds that map. They"
              + " win over the databases; the longest prefix wins among them. The file is read"
              + " again by itself when it changes.");
  static final Key<List<Named.Entry<List<Double>>>> COUNTRY_POINTS =
      Key.of(
              "countries",
              new Named<>("country", Scalars.COUNTRY, null, POINT, COUNTRIES_MAX),
              "Where 'nearest' takes clients to be of whom the databases know no more than the"
                  + " country, by country, as in {US: [39.0, -77.5]}. Other countries are where"
                  + " their people live in the mean.")
          .otherwise("{}");
  static final Key<Optional<Duration>> MAX_AGE =
      Key.of(
              "max-age",
              DataAge.SCALAR,
              "Age of a database, by the date that it gives itself, from which it is old: the log"
                  + " and 'check' warn, and the metric gslb_geo_database_old is 1. It serves on.")
          .otherwise("45d");
  static final Section GEO =
      new Section(
          "geo", "Where clients are.", List.of(DATABASES, NETWORKS, COUNTRY_POINTS, MAX_AGE));
  static final Key<Fields> GEO_SECTION = Key.of("geo", GEO, "Where clients are.");

  /// Own networks, or the file that holds them.
  sealed interface NetworksTerm {
    record File(String name, SourceSpan where) implements NetworksTerm {}

    record Inline(List<Named.Entry<List<Located<Prefix>>>> networks) implements NetworksTerm {}
  }

  private GeoSchema() {}
}
