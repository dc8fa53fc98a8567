package gslb.zones;

/// What a zone knows of a name (RFC 1034 §4.3.2 step 3). Owned by one thread, which reuses it;
/// written by {@link FlatZone#match} alone. Every field is a node index of that zone, or -1.
public final class NameMatch {
  /// The node of that name; empty non-terminals are nodes too.
  public int node;

  /// The longest existing ancestor-or-self (RFC 4592 §3.3.1); never -1 for a name in the zone.
  public int closestEncloser;

  /// The topmost zone cut at or above the name, apex excluded: a referral, unless the query is for
  /// DS at exactly this node.
  public int cut;

  /// The topmost node strictly above the name, not below a cut, that owns a DNAME.
  public int dname;

  /// `*.<closest encloser>` when the name does not exist (RFC 4592 §3.3.1).
  public int wildcard;
}
