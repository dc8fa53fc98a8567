package gslb.node;

import static gslb.steering.FlipDeadlines.NEVER;

import gslb.base.Clock;
import gslb.base.Diagnostics;
import gslb.config.ConfigLoader;
import gslb.config.Configuration;
import gslb.config.FileSource;
import gslb.dns.DnsSnapshot;
import gslb.health.MonitoredEndpoints;
import gslb.health.TargetVerdicts;
import gslb.redirect.RedirectSnapshot;
import gslb.steering.FlipDeadlines;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.GeoDatabaseRefused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a node serves of a configuration, without the node's sockets, probes and disk: the same
/// {@link ConfigLoader}, {@link ServedWorld} and {@link CookieSchedule}.
public final class ScriptedWorld {
  /// Cookie secrets that are the same in every run.
  private static final CookieSchedule COOKIES = new CookieSchedule(new byte[32]);

  private final ServedWorld world;

  private ScriptedWorld(ServedWorld world) {
    this.world = world;
    world.monitored().endpoints().forEach(one -> deadlines().set(one.endpoint(), NEVER));
  }

  /// Reads a configuration as a start or a reload does; empty if a diagnostic of severity ERROR was
  /// added.
  ///
  /// @param databases the geo databases that it may name
  public static Optional<ScriptedWorld> read(
      FileSource files,
      String mainFile,
      Map<String, byte[]> databases,
      Clock clock,
      Diagnostics diagnostics) {
    return ConfigLoader.load(files, mainFile, diagnostics)
        .flatMap(
            configuration ->
                ServedWorld.compile(
                    configuration, geo(configuration, databases), null, clock, diagnostics))
        .map(ScriptedWorld::new);
  }

  /// The same of files on disk, geo databases with them.
  public static Optional<ScriptedWorld> read(Path mainFile, Diagnostics diagnostics) {
    return ConfigurationReader.read(
            Node.Edges.real(), mainFile.toString(), GeoFiles.NONE, diagnostics)
        .map(ScriptedWorld::new);
  }

  private static GeoFiles geo(Configuration configuration, Map<String, byte[]> databases) {
    List<GeoFiles.Loaded> read = new ArrayList<>();
    for (String file : configuration.geo().databaseFiles()) {
      try {
        byte[] written = java.util.Objects.requireNonNull(databases.get(file));
        read.add(new GeoFiles.Loaded(file, FileStamp.of(file), GeoDatabase.read(file, written)));
      } catch (GeoDatabaseRefused e) {
        throw new AssertionError("the database written for " + file + " is refused", e);
      }
    }
    return new GeoFiles(read);
  }

  /// What one generation serves, and what the next follows from.
  public static final class Served {
    private final Course course;
    private final DnsSnapshot dns;
    private final RedirectSnapshot redirect;

    private Served(Course course, Generation generation) {
      this.course = course;
      this.dns = generation.dns();
      this.redirect = generation.redirect();
    }

    public DnsSnapshot dns() {
      return dns;
    }

    public RedirectSnapshot redirect() {
      return redirect;
    }
  }

  /// What is served under these verdicts at this time, as the publisher finds it.
  ///
  /// @param before null for the first
  public Served serve(
      long generation,
      TargetVerdicts verdicts,
      @Nullable Served before,
      long nowNanos,
      long nowMillis) {
    Course course = world.course(before == null ? Course.NONE : before.course, verdicts, nowNanos);
    return new Served(
        course,
        world
            .with(COOKIES.options(world.configuration(), nowMillis))
            .build(generation, verdicts, course, null));
  }

  public Configuration configuration() {
    return world.configuration();
  }

  public MonitoredEndpoints monitored() {
    return world.monitored();
  }

  public FlipDeadlines deadlines() {
    return world.deadlines();
  }
}
