package gslb.steering.places;

import gslb.base.Address;
import gslb.base.EmbeddedV4;
import gslb.base.Family;
import gslb.base.Prefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The IPv6 blocks in which an IPv4 address decides, as runs: 1 inside, 0 outside.
final class EmbeddingBlocks {
  private EmbeddingBlocks() {}

  static Runs runs() {
    List<Prefix> blocks = new ArrayList<>();
    for (EmbeddedV4 form : EmbeddedV4.values()) {
      blocks.add(form.block());
    }
    return of(blocks);
  }

  /// The blocks, and `::/96`, where databases keep their IPv4 networks.
  static Runs runsNotOfIpv6Data() {
    return Runs.combine(runs(), of(List.of(Prefix.of("::/96"))), (one, other) -> one | other);
  }

  private static Runs of(List<Prefix> blocks) {
    List<Prefix> sorted = new ArrayList<>(blocks);
    Collections.sort(sorted);
    Runs runs = Runs.constant(0);
    for (Prefix block : sorted) {
      Address first = block.address();
      runs.append(first.high(), first.low(), 1);
      Address last = block.last();
      long low = last.low() + 1;
      runs.append(last.high() + (low == 0 ? 1 : 0), low, 0);
    }
    return runs;
  }

  /// Whether every address of the prefix carries an IPv4 address.
  static boolean holds(Prefix prefix) {
    if (prefix.address().family() == Family.V4) {
      return false;
    }
    for (EmbeddedV4 form : EmbeddedV4.values()) {
      if (prefix.length() >= form.block().length() && form.block().contains(prefix.address())) {
        return true;
      }
    }
    return false;
  }
}
