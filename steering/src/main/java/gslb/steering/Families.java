package gslb.steering;

/// What the address families of a pool have to do with whether it is available.
public enum Families {
  /// A pool is available if one of its families is. The other's answer is then NODATA if it has no
  /// live endpoint: clients of both kinds go to one place.
  ANY,
  /// A pool is available if each family is that it has endpoints of.
  EVERY,
  /// IPv4 and IPv6 are decided each by itself: A and AAAA may come from different pools. The
  /// redirect tier decides by the family that the client came with.
  INDEPENDENT
}
