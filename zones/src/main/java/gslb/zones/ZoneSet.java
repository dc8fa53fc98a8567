package gslb.zones;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// All zones of one generation, found by name. Immutable; reading allocates nothing.
public final class ZoneSet {
  private ZoneSet() {}

  public static ZoneSet of(List<FlatZone> zones) {
    throw new AssertionError("contract");
  }

  /// The zone with the longest apex at or above the name, or null: REFUSED.
  public @Nullable FlatZone find(NameView name) {
    throw new AssertionError("contract");
  }

  public List<FlatZone> zones() {
    throw new AssertionError("contract");
  }
}
