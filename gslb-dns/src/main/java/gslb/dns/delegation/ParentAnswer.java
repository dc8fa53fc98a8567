package gslb.dns.delegation;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.zones.FlatZone;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a server of the parent says of a zone.
sealed interface ParentAnswer {
  /// The zone is delegated.
  ///
  /// @param ttl of the NS records, seconds
  /// @param glue addresses of servers, as far as they came with the referral
  /// @param keyTags of the DS records; null if that is not known
  /// @param servesZone whether the server has the zone itself, which hides what the parent has of
  /// it
  record Delegated(
      Set<DnsName> servers,
      long ttl,
      Map<DnsName, Set<Address>> glue,
      @Nullable Set<Integer> keyTags,
      boolean servesZone)
      implements ParentAnswer {}

  /// The parent has the name without a delegation, or not at all.
  record NotDelegated() implements ParentAnswer {}

  /// The server has the zone and not its parent, or refers to somewhere else.
  ///
  /// @param where the zone that it refers to
  record Elsewhere(DnsName where) implements ParentAnswer {}

  /// The server does not want to answer.
  record Refused(int rcode) implements ParentAnswer {}

  /// Reads the replies to the questions for NS and DS of the zone.
  ///
  /// @param signers null if there was no reply for DS
  static ParentAnswer of(DnsName zone, DnsReply servers, @Nullable DnsReply signers) {
    if (servers.rcode() == DnsReply.NXDOMAIN) {
      return new NotDelegated();
    }
    if (servers.rcode() != DnsReply.NOERROR) {
      return new Refused(servers.rcode());
    }
    if (signers != null && hasStart(signers.authority(), zone)) {
      return new Elsewhere(zone); // RFC 4035 §3.1.4.1: the child answers for DS
    }
    if (names(servers.answer(), zone).isEmpty() && names(servers.authority(), zone).isEmpty()) {
      for (ReplyRecord record : servers.authority()) {
        if (record.type() == FlatZone.TYPE_NS) {
          return new Elsewhere(record.owner());
        }
      }
      return new NotDelegated();
    }
    boolean servesZone = !names(servers.answer(), zone).isEmpty();
    List<ReplyRecord> section = servesZone ? servers.answer() : servers.authority();
    return new Delegated(
        names(section, zone), ttl(section), glue(servers), keyTags(zone, signers), servesZone);
  }

  private static boolean hasStart(List<ReplyRecord> records, DnsName zone) {
    return records.stream().anyMatch(r -> r.type() == FlatZone.TYPE_SOA && r.owner().equals(zone));
  }

  private static Set<DnsName> names(List<ReplyRecord> records, DnsName zone) {
    Set<DnsName> names = new TreeSet<>();
    for (ReplyRecord record : records) {
      if (record.rdata() instanceof ReplyRecord.Server(DnsName name)
          && record.owner().equals(zone)) {
        names.add(name);
      }
    }
    return names;
  }

  private static long ttl(List<ReplyRecord> records) {
    return records.stream()
        .filter(r -> r.type() == FlatZone.TYPE_NS)
        .mapToLong(ReplyRecord::ttl)
        .min()
        .orElse(0);
  }

  private static Map<DnsName, Set<Address>> glue(DnsReply reply) {
    Map<DnsName, Set<Address>> glue = new TreeMap<>();
    for (ReplyRecord record : reply.additional()) {
      if (record.rdata() instanceof ReplyRecord.Host(Address address)) {
        glue.computeIfAbsent(record.owner(), _ -> new TreeSet<>()).add(address);
      }
    }
    return glue;
  }

  private static @Nullable Set<Integer> keyTags(DnsName zone, @Nullable DnsReply signers) {
    if (signers == null || signers.rcode() != DnsReply.NOERROR) {
      return null;
    }
    Set<Integer> tags = new TreeSet<>();
    for (ReplyRecord record : signers.answer()) {
      if (record.rdata() instanceof ReplyRecord.Signer(int keyTag) && record.owner().equals(zone)) {
        tags.add(keyTag);
      }
    }
    return tags;
  }
}
