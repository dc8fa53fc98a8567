package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.steering.Endpoint;
import gslb.steering.FlipDeadlines;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.testkit.FakeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What one configuration leaves to the next.
final class ServedWorldTest {
  private static final DnsName HOST = DnsName.of("lb.example.net.");
  private static final Address LITERAL = Address.of("192.0.2.10");
  private static final Address A = Address.of("192.0.2.1");
  private static final Address B = Address.of("192.0.2.2");

  @TempDir private Path folder;

  private static final long NOW = 7_000_000_000L;

  private final FakeClock clock = new FakeClock();
  private ServedWorld read;

  @BeforeEach
  void read() throws IOException {
    clock.advance(Duration.ofNanos(NOW));
    Path file =
        Files.writeString(
            folder.resolve("gslb.yaml"),
            """
            monitors: {web: {type: tcp, port: 443}, mail: {type: tcp, port: 25}}
            pools:
              eu: {monitors: [web], endpoints: [{host: lb.example.net}, {address: 192.0.2.10}]}
              us: {monitors: [mail], endpoints: [{address: 192.0.2.10}, {host: lb.example.net}]}
              free: {endpoints: [{address: 192.0.2.10}, {host: lb.example.net}]}
            """);
    Node.Edges real = Node.Edges.real();
    Node.Edges edges =
        new Node.Edges(clock, new DiskFiles(), real.probe(), real.vantageCheck(), real.hosts());
    Diagnostics diagnostics = new Diagnostics();
    read =
        ConfigurationReader.read(edges, file.toString(), GeoFiles.NONE, diagnostics)
            .orElseThrow(() -> new AssertionError(diagnostics.sorted().toString()));
  }

  private static Map<String, Long> deadlines(ServedWorld world) {
    Map<String, Long> deadlines = new TreeMap<>();
    world
        .configuration()
        .catalog()
        .pools()
        .forEach(
            pool -> {
              for (Endpoint endpoint : pool.endpoints()) {
                deadlines.put(
                    pool.name() + " " + endpoint.address(), world.deadlines().get(endpoint.id()));
              }
            });
    return deadlines;
  }

  /// A node that starts with yesterday's verdicts, or reloads, answers before its probes do: the
  /// service's greatest TTL would keep a dead pool in caches.
  @Test
  void whatIsMonitoredCanFlipAtAnyMomentUntilHealthSaysMore() throws Exception {
    assertThat(deadlines(read.resolved(_ -> List.of(A))))
        .isEqualTo(
            Map.of(
                "eu 192.0.2.1", NOW,
                "eu 192.0.2.10", NOW,
                "us 192.0.2.10", NOW,
                "us 192.0.2.1", NOW,
                "free 192.0.2.10", FlipDeadlines.NEVER,
                "free 192.0.2.1", FlipDeadlines.NEVER));
  }

  /// Three failures 5 s apart, the first 5 s from now: the defaults of `interval` and `fall`.
  @Test
  void whatIsSupposedToBeJustProbedFallsAfterFallIntervals() throws Exception {
    ServedWorld world = read.resolved(_ -> List.of(A));
    world.supposeJustProbed(NOW);
    assertThat(deadlines(world))
        .isEqualTo(
            Map.of(
                "eu 192.0.2.1", NOW + 15_000_000_000L,
                "eu 192.0.2.10", NOW + 15_000_000_000L,
                "us 192.0.2.10", NOW + 15_000_000_000L,
                "us 192.0.2.1", NOW + 15_000_000_000L,
                "free 192.0.2.10", FlipDeadlines.NEVER,
                "free 192.0.2.1", FlipDeadlines.NEVER));
  }

  /// Replies between the publish and the next forecast would else have the longest TTL.
  @Test
  void endpointsOfTheSameTargetsKeepWhenTheyCanFlip() throws Exception {
    ServedWorld before = read.resolved(_ -> List.of(A));
    for (int endpoint = 0; endpoint < 6; endpoint++) {
      before.deadlines().set(endpoint, 100 + endpoint);
    }
    assertThat(deadlines(before))
        .containsEntry("eu 192.0.2.1", 100L)
        .containsEntry("us 192.0.2.10", 102L)
        .containsEntry("free 192.0.2.1", 105L);
    ServedWorld next = read.resolved(_ -> List.of(B, A));
    next.expectFlipsOf(before);
    assertThat(deadlines(next))
        .isEqualTo(
            Map.of(
                "eu 192.0.2.2",
                NOW,
                "eu 192.0.2.1",
                100L,
                "eu 192.0.2.10",
                101L,
                "us 192.0.2.10",
                102L,
                "us 192.0.2.2",
                NOW,
                "us 192.0.2.1",
                103L,
                "free 192.0.2.10",
                FlipDeadlines.NEVER,
                "free 192.0.2.2",
                FlipDeadlines.NEVER,
                "free 192.0.2.1",
                FlipDeadlines.NEVER));
    next.expectFlipsOf(next);
    assertThat(deadlines(next)).containsEntry("us 192.0.2.1", 103L);
  }

  /// An old address may go when a new one is up wherever its host is.
  @Test
  void addressesOfAHostAreUpIfTheyAreInEveryPool() throws Exception {
    ServedWorld world = read.resolved(_ -> List.of(A, B));
    VerdictTable allUp = VerdictTable.all(9, Verdict.UP);
    assertThat(up(world, allUp)).isEqualTo(Map.of(HOST, Set.of(A, B, LITERAL)));
    for (Verdict not : List.of(Verdict.DOWN, Verdict.UNKNOWN)) {
      assertThat(up(world, allUp.with(0, not))).isEqualTo(Map.of(HOST, Set.of(B, LITERAL)));
      assertThat(up(world, allUp.with(0, not).with(8, not)))
          .isEqualTo(Map.of(HOST, Set.of(LITERAL)));
    }
  }

  private static Map<DnsName, Set<Address>> up(ServedWorld world, VerdictTable verdicts) {
    Generation generation = world.build(1, verdicts, Course.NONE, null);
    return new ServedHosts(() -> generation, () -> {}).up();
  }
}
