package gslb.steering;

/// The cluster's decision about an endpoint.
public enum Verdict {
  UP,
  DOWN,
  /// Nothing has been seen yet.
  UNKNOWN
}
