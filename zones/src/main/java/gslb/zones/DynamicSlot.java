package gslb.zones;

import gslb.base.DnsName;
import gslb.base.SourceSpan;

/// A name of the zone whose A and AAAA are decided at query time.
///
/// @param id what {@link FlatZone#dynamicSlot} returns
/// @param where it was configured
public record DynamicSlot(int id, DnsName name, SourceSpan where) {}
