package gslb.steering;

/// What an operator forces on an endpoint.
public enum EndpointOverride {
  NONE,
  UP,
  DOWN,
  /// Gets no new clients while anything else can take them.
  DRAIN
}
