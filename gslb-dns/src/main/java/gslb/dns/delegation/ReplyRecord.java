package gslb.dns.delegation;

import gslb.base.Address;
import gslb.base.DnsName;

/// A record of a reply.
///
/// @param ttl seconds
record ReplyRecord(DnsName owner, int type, long ttl, Rdata rdata) {
  /// What the record says, as far as anyone here needs it.
  sealed interface Rdata {}

  /// NS.
  record Server(DnsName name) implements Rdata {}

  /// A and AAAA.
  record Host(Address address) implements Rdata {}

  /// SOA.
  record Start(long serial) implements Rdata {}

  /// CNAME.
  record Alias(DnsName target) implements Rdata {}

  /// DS.
  record Signer(int keyTag) implements Rdata {}

  /// Any other.
  record Other() implements Rdata {}
}
