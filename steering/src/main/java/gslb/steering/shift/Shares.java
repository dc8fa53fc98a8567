package gslb.steering.shift;

/// One share of a service's clients in each {@link Weighting}, 0..1.
///
/// @param v4 of IPv4 addresses
/// @param v6 of IPv6 addresses of known place
/// @param traffic of what was seen; 0 if nothing was
public record Shares(double v4, double v6, double traffic) {
  public static final Shares NONE = new Shares(0, 0, 0);

  public double of(Weighting weighting) {
    return switch (weighting) {
      case V4 -> v4;
      case V6 -> v6;
      case TRAFFIC -> traffic;
    };
  }

  /// The greatest of the three.
  public double most() {
    return Math.max(v4, Math.max(v6, traffic));
  }

  Shares plus(Weighting weighting, double share) {
    return switch (weighting) {
      case V4 -> new Shares(v4 + share, v6, traffic);
      case V6 -> new Shares(v4, v6 + share, traffic);
      case TRAFFIC -> new Shares(v4, v6, traffic + share);
    };
  }

  Shares plus(Shares other) {
    return new Shares(v4 + other.v4, v6 + other.v6, traffic + other.traffic);
  }

  Shares times(double factor) {
    return new Shares(v4 * factor, v6 * factor, traffic * factor);
  }
}
