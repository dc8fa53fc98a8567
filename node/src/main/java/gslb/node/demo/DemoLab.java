package gslb.node.demo;

import gslb.base.Clock;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/// Measures what users of the demo see: how long after a pool died each node's DNS and HTTP answers
/// left it, and how long after its return they came back.
///
/// The bound is `fall × interval + timeout + 1 s`: a node whose probe has just succeeded sees the
/// first failure an interval later, and the last one may use its whole timeout.
final class DemoLab {
  private static final Duration GIVE_UP = Duration.ofSeconds(60);
  private static final int LOOK_MILLIS = 10;

  private final DemoStatus status;
  private final List<DemoNode> nodes;
  private final List<DemoPool> pools;
  private final PrintStream out;
  private final Duration bound;
  private final Clock clock = Clock.system();
  private boolean withinBound = true;

  DemoLab(
      DemoLayout layout,
      DemoStatus status,
      List<DemoNode> nodes,
      List<DemoPool> pools,
      PrintStream out) {
    this.status = status;
    this.nodes = nodes;
    this.pools = pools;
    this.out = out;
    bound =
        DemoLayout.INTERVAL.multipliedBy(DemoLayout.FALL).plus(DemoLayout.TIMEOUT).plusSeconds(1);
    assert layout.nodes() == nodes.size();
  }

  /// True if every node was within the bound.
  boolean run() throws IOException, InterruptedException {
    DemoPool eu = pools.getFirst();
    out.println("bound: fall × interval + timeout + 1 s = " + seconds(bound.toNanos()) + " s");
    out.println("event                     node    DNS      HTTP   [s after the event]");
    settle(eu, true);
    eu.kill();
    measure("pool eu killed", eu, false);
    eu.revive();
    measure("pool eu revived", eu, true);
    if (nodes.size() > 1) {
      DemoNode last = nodes.getLast();
      last.kill();
      out.println("node " + last.name() + " killed; the others go on:");
      eu.kill();
      measure("pool eu killed", eu, false);
      eu.revive();
      measure("pool eu revived", eu, true);
    }
    out.println(withinBound ? "every node was within the bound" : "OUTSIDE the bound");
    out.flush();
    return withinBound;
  }

  private List<DemoNode> alive() {
    return nodes.stream().filter(DemoNode::isAlive).toList();
  }

  private boolean dnsIs(DemoNode node, DemoPool pool) {
    return status.client(node).address("91.12").filter(pool.addresses()::contains).isPresent();
  }

  private boolean httpIs(DemoNode node, DemoPool pool) {
    return status
        .client(node)
        .location()
        .filter(l -> pool.addresses().stream().anyMatch(a -> l.startsWith("http://" + a + ":")))
        .isPresent();
  }

  private void settle(DemoPool pool, boolean there) throws InterruptedException {
    Map<String, long[]> ignored = follow(pool, there);
    assert ignored.size() == alive().size();
  }

  private void measure(String event, DemoPool pool, boolean there) throws InterruptedException {
    follow(pool, there)
        .forEach(
            (node, nanos) -> {
              out.printf(
                  Locale.ROOT,
                  "%-25s %-7s %-8s %s%n",
                  event,
                  node,
                  seconds(nanos[0]),
                  seconds(nanos[1]));
              // Recovery needs `rise` successes, which are fewer than `fall` failures here.
              withinBound &= nanos[0] <= bound.toNanos() && nanos[1] <= bound.toNanos();
            });
    out.flush();
  }

  /// Nanoseconds until each living node's DNS and HTTP answers are, or are not, of the pool.
  private Map<String, long[]> follow(DemoPool pool, boolean there) throws InterruptedException {
    long start = clock.nanoTime();
    Map<String, long[]> seen = new LinkedHashMap<>();
    alive().forEach(node -> seen.put(node.name(), new long[] {-1, -1}));
    while (clock.nanoTime() - start < GIVE_UP.toNanos()) {
      boolean all = true;
      for (DemoNode node : alive()) {
        all &= note(seen, node, 0, n -> dnsIs(n, pool) == there, start);
        all &= note(seen, node, 1, n -> httpIs(n, pool) == there, start);
      }
      if (all) {
        return seen;
      }
      synchronized (seen) {
        seen.wait(LOOK_MILLIS);
      }
    }
    seen.values().forEach(n -> n[0] = n[0] < 0 || n[1] < 0 ? Long.MAX_VALUE : n[0]);
    return seen;
  }

  private boolean note(
      Map<String, long[]> seen, DemoNode node, int which, Predicate<DemoNode> holds, long start) {
    long[] nanos = seen.get(node.name());
    if (nanos != null && nanos[which] < 0 && holds.test(node)) {
      nanos[which] = clock.nanoTime() - start;
    }
    return nanos == null || nanos[which] >= 0;
  }

  private static String seconds(long nanos) {
    return nanos == Long.MAX_VALUE ? "never" : String.format(Locale.ROOT, "%.2f", nanos / 1e9);
  }
}
