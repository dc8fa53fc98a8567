package gslb.steering;

/// How much of a pool's configured weight, per family, must be up before the pool is available.
/// With neither given, one endpoint suffices.
public sealed interface MinHealthy {
  MinHealthy ONE_ENDPOINT = new Endpoints(1);

  /// At least this many endpoints up.
  record Endpoints(int count) implements MinHealthy {}

  /// At least this share of the weight up, 1..100.
  record Percent(int percent) implements MinHealthy {}
}
