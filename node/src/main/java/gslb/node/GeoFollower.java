package gslb.node;

import gslb.admin.NodeStatus.GeoFileStatus;
import gslb.base.Clock;
import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.config.Configuration;
import gslb.config.FileSource;
import gslb.config.GeoSettings;
import gslb.config.OwnNetworks;
import gslb.steering.GeoCheck;
import gslb.steering.places.GeoCoverage;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.PlaceField;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes geo databases and the file of own networks into service when they change, and nothing else
/// of the configuration.
///
/// A file counts as changed when two looks in a row see the same other version of it, so that one
/// that is being written is left alone. A version that cannot be understood, or that knows much
/// less than the one in service, is refused once, with everything that is wrong; what is served
/// stays. Thread-safe.
final class GeoFollower {
  /// A new version of a database that covers less than this share of the addresses that the one in
  /// service covers is taken for a broken one, unless the operator reloads.
  static final double COVERAGE_SHARE_LEAST = 0.5;

  private static final Logger LOGGER = System.getLogger(GeoFollower.class.getName());

  /// What is in service, and how it is replaced.
  interface Serving {
    ServedWorld world();

    /// Compiles and publishes, all or nothing.
    ///
    /// @param from what `configuration` and `geo` were made of; if it is no longer what is served,
    ///     nothing happens
    /// @return the new generation, empty if nothing happened
    /// @throws Refused if it does not compile
    Optional<Long> replace(ServedWorld from, Configuration configuration, GeoFiles geo)
        throws Refused;
  }

  /// One file.
  private static final class Watch {
    private @Nullable FileStamp served;
    private @Nullable FileStamp seen;
    private @Nullable FileStamp refused;
    private long loadedMillis;
    private long refusals;
    private long refusedMillis;
    private String reason = "";

    Watch(long loadedMillis) {
      this.loadedMillis = loadedMillis;
    }

    /// Whether there is another version that no longer changes and was not refused yet.
    boolean hasSettled(FileStamp now) {
      if (now.equals(served)) {
        refused = null;
      }
      boolean isSettled = now.equals(seen) && !now.equals(served) && !now.equals(refused);
      seen = now;
      return isSettled;
    }
  }

  private final Serving serving;
  private final FileSource files;
  private final Clock clock;
  private final Map<String, Watch> watches = new LinkedHashMap<>();
  private final Set<FileStamp> toldOld = new HashSet<>();

  /// Read while a file is being parsed.
  private volatile Map<String, GeoFileStatus> status = Map.of();

  GeoFollower(Serving serving, FileSource files, Clock clock) {
    this.serving = serving;
    this.files = files;
    this.clock = clock;
    reloaded();
  }

  /// The whole configuration was read, whatever its files are now; what is old was told.
  synchronized void reloaded() {
    long now = clock.currentTimeMillis();
    watches.values().forEach(watch -> watch.refused = null);
    ServedWorld world = serving.world();
    for (GeoFiles.Loaded file : world.geo().files()) {
      Watch watch = watches.computeIfAbsent(file.file(), _ -> new Watch(now));
      watch.loadedMillis = file.stamp().equals(watch.served) ? watch.loadedMillis : now;
      watch.served = file.stamp();
    }
    Watch networks = watch(world.configuration().geo().networksFile());
    networks.loadedMillis = now;
    networks.served = null; // whether it is still what the loader read, the next looks find out
    networks.seen = null;
    watches.keySet().retainAll(followed(world));
    old(world).forEach(file -> toldOld.add(file.stamp()));
    tell();
  }

  private static Set<String> followed(ServedWorld world) {
    GeoSettings settings = world.configuration().geo();
    Set<String> followed = new HashSet<>(settings.databaseFiles());
    if (!settings.networksFile().isEmpty()) {
      followed.add(settings.networksFile());
    }
    return followed;
  }

  /// Looks at every file once.
  synchronized void look() {
    GeoSettings settings = serving.world().configuration().geo();
    for (String file : settings.databaseFiles()) {
      look(file, this::takeDatabase);
    }
    if (!settings.networksFile().isEmpty()) {
      look(settings.networksFile(), this::takeNetworks);
    }
    toldOld.retainAll(serving.world().geo().files().stream().map(GeoFiles.Loaded::stamp).toList());
    for (GeoFiles.Loaded file : old(serving.world())) {
      if (toldOld.add(file.stamp())) {
        LOGGER.log(Level.WARNING, () -> tooOld(file.database(), settings.maxAge()).logged());
      }
    }
    tell();
  }

  /// Takes a version of a file that has settled.
  private interface Taker {
    void take(String file, FileStamp now, Watch watch);
  }

  private void look(String file, Taker taker) {
    Watch watch = watch(file);
    FileStamp now = FileStamp.of(file);
    if (!watch.hasSettled(now)) {
      return;
    }
    Optional<String> unreadable = files.unreadable(file);
    if (now.isThere() && unreadable.isPresent()) { // a pipe would be waited for
      refuse(
          file,
          now,
          watch,
          List.of(
              Diagnostic.error(
                  SourceSpan.file(file),
                  "the file cannot be read: " + unreadable.get(),
                  "",
                  "check its name and its permissions")));
      return;
    }
    taker.take(file, now, watch);
  }

  private Watch watch(String file) {
    return watches.computeIfAbsent(file, _ -> new Watch(clock.currentTimeMillis()));
  }

  private void takeDatabase(String file, FileStamp now, Watch watch) {
    ServedWorld from = serving.world();
    Diagnostics diagnostics = new Diagnostics();
    GeoFiles.Loaded read = GeoFiles.read(file, GeoFiles::fresh, diagnostics).orElse(null);
    if (read != null) {
      checkCoverage(from, read, diagnostics);
    }
    if (!FileStamp.of(file).equals(now)) {
      return; // it changes still
    }
    if (read == null || diagnostics.hasErrors()) {
      refuse(file, now, watch, diagnostics.sorted());
      return;
    }
    replace(from, from.configuration(), from.geo().with(read), file, now, watch)
        .ifPresent(
            generation ->
                LOGGER.log(
                    Level.INFO,
                    "generation {0}: geo database ''{1}'' replaced by one of {2}",
                    generation,
                    file,
                    built(read.database())));
  }

  private static void checkCoverage(
      ServedWorld world, GeoFiles.Loaded read, Diagnostics diagnostics) {
    Set<PlaceField> asked = EnumSet.noneOf(PlaceField.class);
    world.configuration().geo().asks().forEach(ask -> asked.add(ask.field()));
    if (asked.contains(PlaceField.COORDINATES)) {
      asked.add(PlaceField.COUNTRY); // whose point stands in for them
    }
    for (GeoFiles.Loaded served : world.geo().files()) {
      if (served.file().equals(read.file())) {
        GeoCoverage.of(read.database())
            .lossesAgainst(GeoCoverage.of(served.database()), COVERAGE_SHARE_LEAST, asked)
            .forEach(
                loss ->
                    diagnostics.error(
                        SourceSpan.file(read.file()),
                        "the new version knows the " + loss,
                        "policies look at it, and less than half is taken for a broken file",
                        "if it is meant, reload the configuration"));
      }
    }
  }

  private void takeNetworks(String file, FileStamp now, Watch watch) {
    ServedWorld from = serving.world();
    Configuration configuration = from.configuration();
    Map<String, List<Prefix>> before = configuration.catalog().networks();
    Diagnostics diagnostics = new Diagnostics();
    Map<String, List<Prefix>> read =
        OwnNetworks.readAgain(files, configuration.geo(), before, diagnostics).orElse(null);
    if (!FileStamp.of(file).equals(now)) {
      return; // it changes still
    }
    if (read == null) {
      refuse(file, now, watch, diagnostics.sorted());
      return;
    }
    if (read.equals(before)) {
      watch.served = now;
      watch.refused = null;
      return;
    }
    replace(from, configuration.withNetworks(read), from.geo(), file, now, watch)
        .ifPresent(
            generation ->
                LOGGER.log(
                    Level.INFO,
                    "generation {0}: own networks of ''{1}'': {2} networks, {3} prefixes",
                    generation,
                    file,
                    read.size(),
                    OwnNetworks.count(read)));
  }

  private Optional<Long> replace(
      ServedWorld from,
      Configuration configuration,
      GeoFiles geo,
      String file,
      FileStamp now,
      Watch watch) {
    try {
      Optional<Long> generation = serving.replace(from, configuration, geo);
      if (generation.isPresent()) {
        watch.served = now;
        watch.refused = null;
        watch.loadedMillis = clock.currentTimeMillis();
        List<Diagnostic> warnings = new ArrayList<>(warnings(serving.world()));
        warnings.removeAll(warnings(from));
        warnings.forEach(warning -> LOGGER.log(Level.WARNING, warning::logged));
      }
      return generation;
    } catch (Refused e) {
      refuse(file, now, watch, e.diagnostics());
      return Optional.empty();
    }
  }

  private static List<Diagnostic> warnings(ServedWorld world) {
    return GeoCheck.diagnostics(
        world.geo().databases(), world.places(), world.configuration().geo().asks());
  }

  private void refuse(String file, FileStamp now, Watch watch, List<Diagnostic> diagnostics) {
    watch.refused = now;
    watch.refusals++;
    watch.refusedMillis = clock.currentTimeMillis();
    Diagnostic first =
        diagnostics.stream()
            .filter(d -> d.severity() == Diagnostic.Severity.ERROR)
            .findFirst()
            .orElseThrow();
    watch.reason = first.toString();
    diagnostics.forEach(diagnostic -> LOGGER.log(Level.WARNING, diagnostic::logged));
    LOGGER.log(Level.WARNING, "{0}: the file is not taken; what was read before serves on", file);
  }

  /// What is known of the files that are followed, by name.
  Map<String, GeoFileStatus> status() {
    return status;
  }

  private void tell() {
    Map<String, GeoFileStatus> told = new LinkedHashMap<>();
    watches.forEach(
        (file, watch) ->
            told.put(
                file,
                new GeoFileStatus(
                    Instant.ofEpochMilli(watch.loadedMillis).toString(),
                    watch.refused != null,
                    watch.refusals,
                    watch.refusals == 0 ? "" : Instant.ofEpochMilli(watch.refusedMillis).toString(),
                    watch.reason)));
    status = Map.copyOf(told);
  }

  private List<GeoFiles.Loaded> old(ServedWorld world) {
    Duration maxAge = world.configuration().geo().maxAge();
    return world.geo().files().stream()
        .filter(file -> GeoAge.isOld(file.database(), clock, maxAge))
        .toList();
  }

  private Diagnostic tooOld(GeoDatabase database, @Nullable Duration maxAge) {
    return GeoAge.warning(database, clock, maxAge);
  }

  private String built(GeoDatabase database) {
    return GeoAge.built(database, clock);
  }
}
