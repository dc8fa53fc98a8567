package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.admin.NodeStatus.GeoFileStatus;
import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.Prefix;
import gslb.config.Configuration;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.Place;
import gslb.testkit.FakeClock;
import gslb.testkit.MmdbWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Geo files that change under a node: the files are real, the node is not.
final class GeoFollowerTest {
  private static final Map<Prefix, ?> WORLD =
      Map.of(
          Prefix.of("192.0.2.0/24"), Map.of("country_code", "DE"),
          Prefix.of("198.51.100.0/24"), Map.of("country_code", "US"));

  @TempDir private Path folder;

  private final FakeClock clock = new FakeClock();
  private final List<LogRecord> logged = new ArrayList<>();
  private final Logger logger = Logger.getLogger(GeoFollower.class.getName());
  private final Handler capture =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          logged.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private Fake serving;
  private GeoFollower follower;

  /// Compiles as a node does and counts generations.
  private final class Fake implements GeoFollower.Serving {
    private ServedWorld world;
    private long generation = 1;
    private boolean isOvertaken;

    Fake(ServedWorld world) {
      this.world = world;
    }

    @Override
    public ServedWorld world() {
      return world;
    }

    @Override
    public Optional<Long> replace(ServedWorld from, Configuration configuration, GeoFiles geo)
        throws Refused {
      assertThat(from).isSameAs(world);
      if (isOvertaken) {
        return Optional.empty();
      }
      Diagnostics diagnostics = new Diagnostics();
      world =
          ServedWorld.compile(configuration, geo, null, clock, diagnostics)
              .orElseThrow(() -> new Refused(ExitCode.CONFIG, diagnostics.sorted()));
      return Optional.of(++generation);
    }
  }

  @BeforeEach
  void start() throws Exception {
    clock.advance(
        Duration.between(
            Instant.ofEpochMilli(clock.currentTimeMillis()),
            Instant.parse("2026-07-01T00:00:00Z"))); // the writer's files are of 2026-06-17
    logger.addHandler(capture);
    logger.setUseParentHandlers(false);
    logger.setLevel(Level.ALL);
    write("world.mmdb", MmdbWriter.write(4, 24, WORLD));
    write("networks.yaml", "office: [203.0.113.0/25]\n");
    write(
        "gslb.example.zone",
        "@ 60 SOA ns1 hostmaster 1 3600 600 604800 60\n@ 60 NS ns1\nns1 60 A 192.0.2.53\n");
    write(
        "gslb.yaml",
        """
        geo: {databases: [world.mmdb], networks: networks.yaml, max-age: 30d}
        zones: {gslb.example: {file: gslb.example.zone}}
        pools: {eu: {endpoints: [{address: 192.0.2.10}]}, us: {endpoints: [{address: 192.0.2.20}]}}
        services:
          www:
            names: [www.gslb.example]
            policy: {geo: {networks/office: eu, EU/DE: eu, default: us}}
        """);
    serving = new Fake(load());
    follower = new GeoFollower(serving, new DiskFiles(), clock);
    looks(2);
    assertThat(serving.generation).isEqualTo(1);
    assertThat(logged).isEmpty();
  }

  private ServedWorld load() {
    Node.Edges real = Node.Edges.real();
    Node.Edges edges =
        new Node.Edges(clock, new DiskFiles(), real.probe(), real.vantageCheck(), real.hosts());
    Diagnostics diagnostics = new Diagnostics();
    return ConfigurationReader.read(edges, file("gslb.yaml"), GeoFiles.NONE, diagnostics)
        .orElseThrow(() -> new AssertionError(diagnostics.sorted().toString()));
  }

  @AfterEach
  void stop() {
    logger.removeHandler(capture);
    logger.setUseParentHandlers(true);
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  private void looks(int count) {
    for (int i = 0; i < count; i++) {
      clock.advance(Node.FILES_INTERVAL);
      follower.look();
    }
  }

  private Place place(String address) {
    return serving.world.places().wholePlaceOf(Address.of(address));
  }

  private GeoFileStatus status(String name) {
    return Objects.requireNonNull(follower.status().get(file(name)));
  }

  private List<String> warnings() {
    return logged.stream()
        .filter(record -> record.getLevel().equals(Level.WARNING))
        .map(
            record ->
                java.text.MessageFormat.format(
                    record.getMessage().replace("'", "''"), record.getParameters()))
        .toList();
  }

  @Test
  void networksThatAreRewrittenAreTakenOnceTheyAreStill() throws Exception {
    write("networks.yaml", "office: [203.0.113.0/26]\nlab: [203.0.113.64/26]\n");
    looks(1);
    assertThat(serving.generation).isEqualTo(1);
    looks(1);
    assertThat(serving.generation).isEqualTo(2);
    assertThat(place("203.0.113.70").network()).isEqualTo("lab");
    looks(5);
    assertThat(serving.generation).isEqualTo(2);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void networksThatAreRenamedOverTheOldOnesAreTaken() throws Exception {
    write("next.yaml", "office: [203.0.113.0/24]\n");
    Files.move(
        folder.resolve("next.yaml"),
        folder.resolve("networks.yaml"),
        StandardCopyOption.REPLACE_EXISTING);
    looks(2);
    assertThat(place("203.0.113.200").network()).isEqualTo("office");
  }

  @Test
  void theRestOfTheConfigurationIsNotReadAgain() throws Exception {
    Configuration before = serving.world.configuration();
    GeoFiles geo = serving.world.geo();
    write("gslb.yaml", "broken: {\n");
    Files.delete(folder.resolve("gslb.example.zone"));
    write("networks.yaml", "office: [203.0.113.0/24]\n");
    looks(2);
    assertThat(serving.generation).isEqualTo(2);
    assertThat(serving.world.configuration().zones()).isSameAs(before.zones());
    assertThat(serving.world.configuration().digest()).isEqualTo(before.digest());
    assertThat(serving.world.geo()).isSameAs(geo);
  }

  @Test
  void theSameNetworksWrittenAnewMakeNoGeneration() throws Exception {
    write("networks.yaml", "# no change\noffice: [203.0.113.0/25]\n");
    looks(4);
    assertThat(serving.generation).isEqualTo(1);
    assertThat(status("networks.yaml").refused()).isFalse();
  }

  @Test
  void aFileThatIsBeingWrittenIsLeftAlone() throws Exception {
    byte[] whole = MmdbWriter.write(4, 24, with(WORLD, "203.0.113.0/24", "FR"));
    for (int length = 10; length < whole.length; length += whole.length / 7) {
      write("world.mmdb", java.util.Arrays.copyOf(whole, length));
      looks(1);
    }
    write("world.mmdb", whole);
    looks(2);
    assertThat(warnings()).isEmpty();
    assertThat(serving.generation).isEqualTo(2);
    assertThat(place("203.0.113.9").country()).isEqualTo("FR");
  }

  private static Map<Prefix, ?> with(Map<Prefix, ?> records, String prefix, String country) {
    Map<Prefix, Object> more = new java.util.HashMap<>(records);
    more.put(Prefix.of(prefix), Map.of("country_code", country));
    return more;
  }

  @Test
  void aRefusedVersionIsToldOnceWithAllThatIsWrongWhileTheOldOneServes() throws Exception {
    write("networks.yaml", "ofice: [203.0.113.0/25]\nlab: [1]\nlap: [x]\n");
    looks(6);
    assertThat(serving.generation).isEqualTo(1);
    assertThat(warnings()).hasSize(3);
    assertThat(warnings().get(0)).startsWith(file("networks.yaml") + ":2:7: ");
    assertThat(warnings().get(1)).startsWith(file("networks.yaml") + ":3:7: ");
    assertThat(warnings().get(2)).endsWith("what was read before serves on");
    assertThat(place("203.0.113.9").network()).isEqualTo("office");
    GeoFileStatus status = status("networks.yaml");
    assertThat(status.refused()).isTrue();
    assertThat(status.refusals()).isEqualTo(1);
    assertThat(status.reason()).isEqualTo(warnings().get(0));
    assertThat(Instant.parse(status.refusedAt())).isAfter(Instant.parse("2026-07-01T00:00:00Z"));

    write("networks.yaml", "office: [203.0.113.0/24]\n");
    looks(2);
    assertThat(serving.generation).isEqualTo(2);
    assertThat(status("networks.yaml").refused()).isFalse();
    assertThat(status("networks.yaml").refusals()).isEqualTo(1);
    assertThat(status("networks.yaml").reason()).isNotEmpty();
  }

  @Test
  void brokenDatabasesAreRefused() throws Exception {
    byte[] whole = MmdbWriter.write(4, 24, WORLD);
    List<byte[]> broken =
        List.of(
            new byte[0],
            "<html>quota exceeded</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            java.util.Arrays.copyOf(whole, whole.length / 2),
            java.util.Arrays.copyOfRange(whole, whole.length / 2, whole.length));
    for (int i = 0; i < broken.size(); i++) {
      write("world.mmdb", broken.get(i));
      looks(3);
      assertThat(status("world.mmdb").refusals()).isEqualTo(i + 1);
    }
    assertThat(serving.generation).isEqualTo(1);
    assertThat(place("192.0.2.1").country()).isEqualTo("DE");
  }

  /// Reading a pipe would wait for a writer.
  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeIsRefusedUnread() throws Exception {
    for (String name : List.of("world.mmdb", "networks.yaml")) {
      Files.delete(folder.resolve(name));
      assertThat(new ProcessBuilder("mkfifo", file(name)).inheritIO().start().waitFor()).isZero();
      looks(3);
      assertThat(status(name).reason())
          .isEqualTo(
              file(name)
                  + ": the file cannot be read: it is no regular file; check its name and its"
                  + " permissions");
      assertThat(status(name).refusals()).isEqualTo(1);
    }
    assertThat(serving.generation).isEqualTo(1);
  }

  /// What a node of the standard size cannot hold beside what it serves.
  @Test
  void aDatabaseThatIsTooLargeForTheMemoryIsRefused() throws Exception {
    long heap = Runtime.getRuntime().maxMemory();
    try (RandomAccessFile sparse = new RandomAccessFile(file("world.mmdb"), "rw")) {
      sparse.setLength(Math.min(heap / 4, GeoDatabase.FILE_BYTES_MAX + 1L));
    }
    looks(2);
    assertThat(status("world.mmdb").reason()).containsAnyOf("more than", "over the limit");
    assertThat(place("192.0.2.1").country()).isEqualTo("DE");
  }

  @Test
  void aFileThatIsGoneIsToldOnceAndServesOn() throws Exception {
    Files.delete(folder.resolve("world.mmdb"));
    Files.delete(folder.resolve("networks.yaml"));
    looks(5);
    assertThat(warnings()).hasSize(4);
    assertThat(warnings())
        .anySatisfy(w -> assertThat(w).contains("geo database cannot be read: there is no such"));
    assertThat(place("192.0.2.1").country()).isEqualTo("DE");
    assertThat(place("203.0.113.1").network()).isEqualTo("office");
  }

  @Test
  void theVersionInServiceThatComesBackIsNotRefused() throws Exception {
    Files.move(folder.resolve("world.mmdb"), folder.resolve("away"));
    looks(3);
    assertThat(status("world.mmdb").refused()).isTrue();
    Files.move(folder.resolve("away"), folder.resolve("world.mmdb"));
    looks(1);
    assertThat(status("world.mmdb").refused()).isFalse();
    assertThat(serving.generation).isEqualTo(1);
  }

  /// The stamp of what came back is that of what was served before the reload.
  @Test
  void networksThatChangeBackDuringAReloadAreTaken() throws Exception {
    Files.move(folder.resolve("networks.yaml"), folder.resolve("away"));
    write("networks.yaml", "office: [203.0.113.0/26]\n");
    serving.world = load();
    Files.move(
        folder.resolve("away"),
        folder.resolve("networks.yaml"),
        StandardCopyOption.REPLACE_EXISTING);
    follower.reloaded();
    assertThat(place("203.0.113.100").network()).isEmpty();
    looks(2);
    assertThat(place("203.0.113.100").network()).isEqualTo("office");
  }

  @Test
  void oneOfSeveralDatabasesIsReplacedByItself() throws Exception {
    write(
        "asn.mmdb",
        MmdbWriter.write(
            4, 24, Map.of(Prefix.of("192.0.2.0/24"), Map.of("autonomous_system_number", 64_500))));
    reload("geo: {databases: [world.mmdb, asn.mmdb]}", "{geo: {asn/64500: eu, default: us}}");
    write("world.mmdb", MmdbWriter.write(4, 24, with(WORLD, "192.0.2.0/24", "FR")));
    looks(2);
    assertThat(place("192.0.2.1").country()).isEqualTo("FR");
    assertThat(place("192.0.2.1").asn()).isEqualTo(64_500);
  }

  /// Without coordinates of their own, clients are at the point of their country.
  @Test
  void nearestNeedsCountriesToo() throws Exception {
    reload("geo: {databases: [world.mmdb]}", "{nearest: [eu, us]}");
    write(
        "world.mmdb",
        MmdbWriter.write(
            4, 24, Map.of(Prefix.of("0.0.0.0/1"), Map.of("autonomous_system_number", 64_500))));
    looks(2);
    assertThat(status("world.mmdb").reason()).contains("the new version knows the country of 0");
  }

  private void reload(String geo, String policy) throws Exception {
    write(
        "gslb.yaml",
        geo
            + """

            zones: {gslb.example: {file: gslb.example.zone}}
            sites:
              a: {continent: EU, country: DE, at: [50.11, 8.68]}
              b: {continent: NA, country: US, at: [38.95, -77.45]}
            pools:
              eu: {site: a, endpoints: [{address: 192.0.2.10}]}
              us: {site: b, endpoints: [{address: 192.0.2.20}]}
            services:
              www:
                names: [www.gslb.example]
                policy: POLICY
            """
                .replace("POLICY", policy));
    serving.world = load();
    follower.reloaded();
  }

  @Test
  void aDatabaseWithoutWhatPoliciesLookAtIsRefused() throws Exception {
    write(
        "world.mmdb",
        MmdbWriter.write(
            4, 24, Map.of(Prefix.of("0.0.0.0/1"), Map.of("autonomous_system_number", 64_500))));
    looks(2);
    assertThat(status("world.mmdb").reason()).contains("the new version knows the country of 0");
    assertThat(serving.generation).isEqualTo(1);
  }

  @Test
  void aDatabaseOfLessThanHalfIsRefusedUntilTheOperatorReloads() throws Exception {
    write(
        "world.mmdb",
        MmdbWriter.write(4, 24, Map.of(Prefix.of("192.0.2.0/25"), Map.of("country_code", "DE"))));
    looks(3);
    assertThat(status("world.mmdb").refused()).isTrue();
    assertThat(status("world.mmdb").reason()).contains("less than half");
    serving.world = load();
    follower.reloaded();
    assertThat(status("world.mmdb").refused()).isFalse();
    assertThat(place("198.51.100.1").country()).isEmpty();
    write(
        "world.mmdb",
        MmdbWriter.write(4, 24, Map.of(Prefix.of("192.0.2.64/26"), Map.of("country_code", "DE"))));
    looks(2);
    assertThat(place("192.0.2.1").country()).isEmpty();
    assertThat(place("192.0.2.65").country()).isEqualTo("DE");
  }

  @Test
  void anotherChangeUnderWayIsWaitedFor() throws Exception {
    serving.isOvertaken = true;
    write("networks.yaml", "office: [203.0.113.0/24]\n");
    looks(3);
    assertThat(serving.generation).isEqualTo(1);
    serving.isOvertaken = false;
    looks(1);
    assertThat(serving.generation).isEqualTo(2);
  }

  @Test
  void dataThatGrowsOldIsToldOnceForEachVersion() throws Exception {
    clock.advance(Duration.ofDays(15));
    looks(1);
    assertThat(warnings()).isEmpty();
    clock.advance(Duration.ofDays(2));
    looks(4);
    assertThat(warnings())
        .containsExactly(
            file("world.mmdb")
                + ": the geo database is of 2026-06-17, 31 days old; 'max-age' of 'geo' is 30 days;"
                + " fetch a newer one, and replace the file by renaming the new one over it");
    Files.setLastModifiedTime(
        folder.resolve("world.mmdb"), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    looks(4);
    assertThat(warnings()).hasSize(2);
  }

  @Test
  void whatWasOldAtTheStartWasTold() {
    clock.advance(Duration.ofDays(100));
    follower = new GeoFollower(serving, new DiskFiles(), clock);
    looks(3);
    assertThat(warnings()).isEmpty();
  }
}
