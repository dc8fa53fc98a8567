package gslb.zones;

import gslb.base.DnsName;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All zones of one generation, found by name. Immutable; reading allocates nothing.
public final class ZoneSet {
  private static final int NO_ZONE = -1;

  private final List<FlatZone> zones;
  private final FlatZone[] byIndex;

  /// Apexes in wire form, beside their zones.
  private final byte[][] apexes;

  /// Open addressing by the apex's hash; {@link #NO_ZONE} ends a probe.
  private final int[] table;

  private final int labelsMin;
  private final int labelsMax;

  private ZoneSet(List<FlatZone> zones) {
    this.zones = List.copyOf(zones);
    byIndex = this.zones.toArray(FlatZone[]::new);
    apexes = new byte[byIndex.length][];
    table = new int[Math.max(4, Integer.highestOneBit(Math.max(1, byIndex.length)) * 4)];
    Arrays.fill(table, NO_ZONE);
    int fewest = Integer.MAX_VALUE;
    int most = -1;
    for (int i = 0; i < byIndex.length; i++) {
      DnsName apex = byIndex[i].apex();
      apexes[i] = apex.toWire();
      fewest = Math.min(fewest, apex.labelCount());
      most = Math.max(most, apex.labelCount());
      insert(i, apex);
    }
    labelsMin = fewest;
    labelsMax = most;
  }

  private void insert(int zone, DnsName apex) {
    int at = slot(apex.hashCode());
    while (table[at] != NO_ZONE) {
      if (byIndex[table[at]].apex().equals(apex)) {
        throw new IllegalArgumentException("two zones have the apex " + apex);
      }
      at = at + 1 & table.length - 1;
    }
    table[at] = zone;
  }

  /// @throws IllegalArgumentException if two zones have the same apex
  public static ZoneSet of(List<FlatZone> zones) {
    return new ZoneSet(zones);
  }

  /// The zone with the longest apex at or above the name, or null: REFUSED.
  public @Nullable FlatZone find(NameView name) {
    int labels = name.labelCount();
    // Only suffixes as long as some apex are tried, so the depth of a name costs nothing.
    for (int suffix = Math.min(labels, labelsMax); suffix >= labelsMin; suffix--) {
      int label = labels - suffix;
      int at = slot(name.hash(label));
      for (int zone = table[at]; zone != NO_ZONE; zone = table[at]) {
        if (isSuffix(apexes[zone], name, label)) {
          return byIndex[zone];
        }
        at = at + 1 & table.length - 1;
      }
    }
    return null;
  }

  private static boolean isSuffix(byte[] apex, NameView name, int label) {
    byte[] bytes = name.bytes();
    int offset = name.labelOffset(label);
    if (name.wireLength() - (offset - name.labelOffset(0)) != apex.length) {
      return false;
    }
    for (int i = 0; i < apex.length; i++) {
      if (DnsName.lower(bytes[offset + i] & 0xff) != DnsName.lower(apex[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  private int slot(int hash) {
    int mixed = hash * 0x9E3779B1;
    return (mixed ^ mixed >>> 15) & table.length - 1;
  }

  public List<FlatZone> zones() {
    return zones;
  }
}
