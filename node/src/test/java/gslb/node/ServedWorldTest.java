package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Diagnostics;
import gslb.steering.FlipDeadlines;
import gslb.testkit.FakeClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServedWorldTest {
  @TempDir private Path folder;

  private final FakeClock clock = new FakeClock();
  private ServedWorld world;

  @BeforeEach
  void read() throws Exception {
    Files.writeString(
        folder.resolve("gslb.example.zone"),
        "@ 60 SOA ns1 hostmaster 1 3600 600 604800 60\n@ 60 NS ns1\nns1 60 A 192.0.2.53\n");
    Path file = folder.resolve("gslb.yaml");
    Files.writeString(
        file,
        """
        zones: {gslb.example: {file: gslb.example.zone}}
        monitors: {web: {type: tcp, port: 80}}
        pools:
          eu: {monitors: [web], endpoints: [{address: 192.0.2.10}]}
          us: {endpoints: [{address: 192.0.2.20}]}
        services: {www: {names: [www.gslb.example], policy: [eu, us]}}
        """);
    Node.Edges real = Node.Edges.real();
    Node.Edges edges =
        new Node.Edges(clock, new DiskFiles(), real.probe(), real.vantageCheck(), real.hosts());
    Diagnostics diagnostics = new Diagnostics();
    world =
        ConfigurationReader.read(edges, file.toString(), GeoFiles.NONE, diagnostics)
            .orElseThrow(() -> new AssertionError(diagnostics.sorted().toString()));
  }

  private List<Long> deadlines() {
    int endpoints = world.configuration().catalog().endpoints().size();
    return IntStream.range(0, endpoints).mapToObj(world.deadlines()::get).toList();
  }

  /// A node that starts with yesterday's verdicts, or reloads, answers before its probes do: the
  /// service's greatest TTL would keep a dead pool in caches.
  @Test
  void whatIsMonitoredCanFlipAtAnyMomentUntilHealthSaysMore() {
    assertThat(deadlines()).containsExactly(clock.nanoTime(), FlipDeadlines.NEVER);
  }

  @Test
  void nothingFlipsWhereNothingIsProbed() {
    world.expectNoFlips();
    assertThat(deadlines()).containsOnly(FlipDeadlines.NEVER);
  }
}
