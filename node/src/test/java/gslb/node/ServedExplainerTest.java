package gslb.node;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.admin.ExplainRequest;
import gslb.admin.ExplainResult;
import gslb.admin.ExplainResult.DnsReply;
import gslb.base.Diagnostics;
import gslb.health.HealthStatus;
import gslb.steering.FlipDeadlines;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.testkit.FakeClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is explained is of one moment, whatever moves meanwhile.
final class ServedExplainerTest {
  private static final int QUESTIONS = 3_000;

  private final FakeClock clock = new FakeClock();
  @TempDir private Path folder;

  private ServedWorld world() throws Exception {
    Files.writeString(
        folder.resolve("zone"),
        """
        $TTL 300
        @ SOA ns1 hostmaster 1 3600 600 604800 60
        @ NS ns1
        ns1 A 192.0.2.53
        """);
    Path file =
        Files.writeString(
            folder.resolve("gslb.yaml"),
            """
            zones: {gslb.example: {file: zone}}
            pools: {eu: {endpoints: [{address: 192.0.2.10}]}}
            services: {www: {names: [www.gslb.example], ttl: {min: 1s, max: 100s}, policy: eu}}
            """);
    Node.Edges edges = Node.Edges.real();
    return ConfigurationReader.read(edges, file.toString(), GeoFiles.NONE, new Diagnostics())
        .orElseThrow();
  }

  /// A probe that ends between reply and reasons must not give them two ends.
  @Test
  void theTtlIsExplainedByWhatMadeIt() throws Exception {
    ServedWorld world = world();
    FlipDeadlines deadlines = world.deadlines();
    long soon = clock.nanoTime() + Duration.ofMillis(5_500).toNanos();
    long late = clock.nanoTime() + Duration.ofMillis(50_500).toNanos();
    deadlines.set(0, soon);
    ServedExplainer explainer =
        new ServedExplainer(
            "n1",
            world.build(1, VerdictTable.all(1, Verdict.UP), Course.NONE, null),
            new HealthStatus("n1", 0, HealthStatus.Uplink.NOT_CHECKED, List.of(), List.of()),
            List.of(),
            clock.currentTimeMillis(),
            clock.nanoTime());
    ExplainRequest request =
        ExplainRequest.of(Map.of("name", "www.gslb.example", "client", "192.0.2.99"));
    AtomicBoolean ends = new AtomicBoolean();
    Thread prober =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (long i = 0; !ends.get(); i++) {
                    deadlines.set(0, i % 2 == 0 ? late : soon);
                  }
                });
    try {
      for (int i = 0; i < QUESTIONS; i++) {
        ExplainResult result = explainer.explain(request);
        ExplainResult.Ttl ttl =
            Objects.requireNonNull(result.links().getFirst().decisions().getFirst().ttl());
        assertThat(((DnsReply) result.reply()).answer())
            .containsExactly("www.gslb.example. " + ttl.seconds() + " IN A 192.0.2.10");
        assertThat(ttl.seconds()).isIn(5, 50);
      }
    } finally {
      ends.set(true);
      prober.join();
    }
  }
}
