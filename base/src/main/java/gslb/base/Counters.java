package gslb.base;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A named set of counters, summed over the threads that count. Each counting thread owns one
/// {@link CounterBlock}.
public final class Counters {
  private final List<String> names;
  private final List<CounterBlock> blocks = new CopyOnWriteArrayList<>();

  /// @param names metric names by index, in the form `gslb_<module>_<noun>_total`
  public Counters(List<String> names) {
    this.names = List.copyOf(names);
  }

  /// A block for one more thread. A block is never taken back, so that sums never fall.
  public CounterBlock newBlock() {
    CounterBlock block = new CounterBlock(names.size());
    blocks.add(block);
    return block;
  }

  public List<String> names() {
    return names;
  }

  public long sum(int counter) {
    long sum = 0;
    for (CounterBlock block : blocks) {
      sum += block.read(counter);
    }
    return sum;
  }
}
