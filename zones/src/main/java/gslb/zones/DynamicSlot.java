package gslb.zones;

import gslb.base.DnsName;
import gslb.base.SourceSpan;

/// A name of the zone whose A and AAAA are decided at query time, or all that it is.
///
/// @param id what {@link FlatZone#dynamicSlot} returns
/// @param claim what the zone may not have at the name
/// @param where it was configured
public record DynamicSlot(int id, DnsName name, Claim claim, SourceSpan where) {
  /// What of a name is decided at query time.
  public enum Claim {
    /// A and AAAA.
    ADDRESSES,
    /// A, AAAA and HTTPS.
    ADDRESSES_AND_HTTPS,
    /// The name may be a CNAME, which stands alone (RFC 1034 §3.6.2).
    NAME;

    /// Whether records of a type may not stand at the name.
    boolean takes(int type) {
      return switch (this) {
        case ADDRESSES ->
            type == FlatZone.TYPE_A || type == FlatZone.TYPE_AAAA || type == FlatZone.TYPE_CNAME;
        case ADDRESSES_AND_HTTPS -> ADDRESSES.takes(type) || type == FlatZone.TYPE_HTTPS;
        case NAME -> !RecordTypes.isBesideCname(type);
      };
    }
  }

  /// A slot of addresses.
  public DynamicSlot(int id, DnsName name, SourceSpan where) {
    this(id, name, Claim.ADDRESSES, where);
  }
}
