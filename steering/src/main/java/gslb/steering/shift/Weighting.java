package gslb.steering.shift;

/// What a share of clients is a share of.
public enum Weighting {
  /// IPv4 addresses that clients may have.
  V4("IPv4 addresses"),
  /// IPv6 addresses of which some place is known.
  V6("IPv6 addresses of known place"),
  /// What clients were seen asking.
  TRAFFIC("observed traffic");

  private final String words;

  Weighting(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
