package gslb.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The counters of one thread: only that thread adds, anyone reads. A read sees each counter whole
/// and at most a little late (opaque access), and an add costs no fence.
public final class CounterBlock {
  private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] values;

  CounterBlock(int size) {
    // Padding keeps two threads' counters off one cache line.
    this.values = new long[size + 16];
  }

  public void increment(int counter) {
    add(counter, 1);
  }

  public void add(int counter, long amount) {
    VALUES.setOpaque(values, counter, values[counter] + amount);
  }

  public long read(int counter) {
    return (long) VALUES.getOpaque(values, counter);
  }
}
