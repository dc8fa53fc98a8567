package gslb.steering.places;

import java.util.List;

/// The addresses that clients may have, cut into runs in which several partitions are constant at
/// once.
///
/// Of IPv4 that is what can send a query: 1.0.0.0 to 223.255.255.255 without 127.0.0.0/8. Of IPv6
/// it is 2000::/3 without the blocks in it whose addresses carry an IPv4 address
/// ({@link gslb.base.EmbeddedV4}): their clients are where that is. A /64 that is cut inside counts
/// as what it begins with.
public final class ClientSpace {
  private static final long V4_END = 1L << 32;

  /// First and last of each range of IPv4 addresses.
  private static final long[] V4_RANGES = {0x0100_0000L, 0x7eff_ffffL, 0x8000_0000L, 0xdfff_ffffL};

  /// First and last of the upper halves of each range of IPv6 addresses.
  private static final long[] V6_RANGES = {
    0x2000_0000_0000_0000L,
    0x2000_ffff_ffff_ffffL,
    0x2001_0001_0000_0000L,
    0x2001_ffff_ffff_ffffL,
    0x2003_0000_0000_0000L,
    0x3fff_ffff_ffff_ffffL
  };

  private static final long V6_END = 0x4000_0000_0000_0000L;

  /// Takes a run.
  public interface Visitor {
    /// @param high upper half of the first address; 0 for IPv4
    /// @param low lower half of the first address, 0 for IPv6; all of it for IPv4
    /// @param classes of each partition; used again for the next run
    /// @param share of the family's addresses that clients may have, 0..1
    void run(boolean isV4, long high, long low, int[] classes, double share);
  }

  private ClientSpace() {}

  /// Shows every run, those of IPv4 first, each family in ascending order.
  public static void walk(List<Partition> partitions, Visitor visitor) {
    RunTable[] tables = partitions.stream().map(Partition::runs).toArray(RunTable[]::new);
    walk(new V4(tables), V4_RANGES, V4_END, visitor);
    walk(new V6(tables), V6_RANGES, V6_END, visitor);
  }

  private static void walk(Side side, long[] ranges, long end, Visitor visitor) {
    long all = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      all += ranges[i + 1] - ranges[i] + 1;
    }
    int[] at = new int[side.tables.length];
    int[] classes = new int[at.length];
    for (int i = 0; i < ranges.length; i += 2) {
      long from = ranges[i];
      while (from <= ranges[i + 1]) {
        long next = end;
        for (int table = 0; table < at.length; table++) {
          at[table] = side.find(table, at[table], from);
          classes[table] = side.value(table, at[table]);
          next = Math.min(next, side.end(table, at[table], end));
        }
        long last = Math.min(next - 1, ranges[i + 1]);
        side.show(from, classes, (double) (last - from + 1) / all, visitor);
        from = last + 1;
      }
    }
  }

  /// The runs of one family.
  private abstract static class Side {
    final RunTable[] tables;

    Side(RunTable[] tables) {
      this.tables = tables;
    }

    /// The run that holds a key, from a run that is not behind it.
    abstract int find(int table, int run, long key);

    abstract int value(int table, int run);

    /// The key after a run's last, at most the end.
    abstract long end(int table, int run, long end);

    abstract void show(long from, int[] classes, double share, Visitor visitor);
  }

  private static final class V4 extends Side {
    V4(RunTable[] tables) {
      super(tables);
    }

    @Override
    int find(int table, int run, long key) {
      int at = run;
      while (tables[table].v4().last(at) < key) {
        at++;
      }
      return at;
    }

    @Override
    int value(int table, int run) {
      return tables[table].v4().value(run);
    }

    @Override
    long end(int table, int run, long end) {
      return tables[table].v4().last(run) + 1;
    }

    @Override
    void show(long from, int[] classes, double share, Visitor visitor) {
      visitor.run(true, 0, from, classes, share);
    }
  }

  private static final class V6 extends Side {
    V6(RunTable[] tables) {
      super(tables);
    }

    @Override
    int find(int table, int run, long key) {
      int at = run;
      while (Long.compareUnsigned(tables[table].v6().last(at), key) < 0) {
        at++;
      }
      return at;
    }

    @Override
    int value(int table, int run) {
      return tables[table].v6().value(run);
    }

    @Override
    long end(int table, int run, long end) {
      long last = tables[table].v6().last(run);
      return Long.compareUnsigned(last, end) < 0 ? last + 1 : end;
    }

    @Override
    void show(long from, int[] classes, double share, Visitor visitor) {
      visitor.run(false, from, 0, classes, share);
    }
  }
}
