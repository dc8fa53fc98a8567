package gslb.steering.places;

import gslb.base.Address;
import gslb.base.Family;
import gslb.base.Prefix;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/// Turns prefixes with values, which may nest, into runs: the longest prefix around an address
/// gives its value, no prefix gives 0.
final class PrefixRuns {
  private final Runs runs = new Runs();
  private final Deque<Map.Entry<Prefix, Integer>> around = new ArrayDeque<>();

  private PrefixRuns() {}

  static Runs of(Family family, Map<Prefix, Integer> valueOf) {
    PrefixRuns sweep = new PrefixRuns();
    sweep.runs.append(0, 0, 0);
    for (Map.Entry<Prefix, Integer> entry : new TreeMap<>(valueOf).entrySet()) {
      if (entry.getKey().address().family() == family) {
        sweep.begin(entry);
      }
    }
    while (!sweep.around.isEmpty()) {
      sweep.end();
    }
    return sweep.runs;
  }

  /// Prefixes come by address, then the shorter first, so each is inside the innermost open one or
  /// after it.
  private void begin(Map.Entry<Prefix, Integer> entry) {
    Address first = entry.getKey().address();
    while (!around.isEmpty() && !around.peek().getKey().contains(first)) {
      end();
    }
    append(first, entry.getValue());
    around.push(entry);
  }

  private void end() {
    Address last = around.pop().getKey().last();
    int value = around.isEmpty() ? 0 : around.peek().getValue();
    if (last.isV4()) {
      if (last.low() != 0xffffffffL) {
        append(Address.v4((int) last.low() + 1), value);
      }
    } else if (last.high() != -1L || last.low() != -1L) {
      long low = last.low() + 1;
      append(Address.v6(last.high() + (low == 0 ? 1 : 0), low), value);
    }
  }

  private void append(Address first, int value) {
    if (first.isV4()) {
      runs.append(first.low() << 32, 0, value);
    } else {
      runs.append(first.high(), first.low(), value);
    }
  }
}
