package gslb.dns.delegation;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.dns.delegation.Finding.Kind;
import java.util.Set;
import java.util.TreeSet;

/// Compares what a server of the parent says with what the zone needs.
///
/// | rule | here |
/// |---|---|
/// | RFC 1034 §4.2.2 | the NS records of parent and zone are the same |
/// | RFC 9471 §2.1 | a server below the cut has its addresses in the parent |
/// | RFC 4035 §5.2 | a DS record makes an unsigned zone bogus |
final class ParentComparison {
  private static final String[] RCODES = {
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"
  };

  private final Delegation wanted;
  private final Findings findings;

  ParentComparison(Delegation wanted, Findings findings) {
    this.wanted = wanted;
    this.findings = findings;
  }

  static String rcode(int rcode) {
    return rcode < RCODES.length ? RCODES[rcode] : "RCODE " + rcode;
  }

  void compare(ParentAnswer answer, String server) {
    switch (answer) {
      case ParentAnswer.Delegated delegated -> compare(delegated, server);
      case ParentAnswer.NotDelegated() ->
          findings.add(
              Kind.NOT_DELEGATED,
              server,
              "the parent does not delegate the zone",
              "put the records above into the parent zone");
      case ParentAnswer.Elsewhere(DnsName where) ->
          findings.add(
              Kind.NOT_THE_PARENT,
              server,
              where.equals(wanted.zone())
                  ? "the server has the zone, and not its parent"
                  : "the server refers to '" + Names.shown(where) + "'",
              "ask a server of the parent zone");
      case ParentAnswer.Refused(int rcode) ->
          findings.add(
              Kind.PARENT_REFUSES,
              server,
              "a server of the parent answers " + rcode(rcode),
              "ask a server that has the parent zone, or repair it");
    }
  }

  private void compare(ParentAnswer.Delegated has, String server) {
    if (has.servesZone()) {
      findings.add(
          Kind.PARENT_SERVES_ZONE,
          server,
          "the parent's server has the zone itself, which hides what the parent has of it",
          "compare the parent's zone file with the records above");
    }
    for (NameServer wish : wanted.servers()) {
      if (!has.servers().contains(wish.name())) {
        findings.add(
            Kind.NS_MISSING,
            server,
            "the parent does not list " + Names.shown(wish.name()),
            "add it there, or remove its NS record from the zone");
      } else if (wish.needsGlue()) {
        compareGlue(wish, has, server);
      }
    }
    Set<DnsName> extra = new TreeSet<>(has.servers());
    wanted.servers().forEach(wish -> extra.remove(wish.name()));
    for (DnsName name : extra) {
      findings.add(
          Kind.NS_EXTRA,
          server,
          "the parent lists " + Names.shown(name) + ", which the zone does not",
          "remove it there, or add its NS record to the zone");
    }
    if (has.ttl() != wanted.ttl()) {
      findings.add(
          Kind.NS_TTL,
          server,
          "NS records have a TTL of "
              + has.ttl()
              + " s in the parent, of "
              + wanted.ttl()
              + " s in the zone",
          "a change of the servers is seen by all only after the longer one");
    }
    if (has.keyTags() != null) {
      compareSigners(has.keyTags(), server);
    }
  }

  private void compareGlue(NameServer wish, ParentAnswer.Delegated has, String server) {
    Set<Address> there = has.glue().getOrDefault(wish.name(), Set.of());
    if (has.servesZone() && there.isEmpty()) {
      return; // an answer need not bring addresses, a referral must
    }
    for (Address address : wish.addresses()) {
      if (!there.contains(address)) {
        findings.add(
            Kind.GLUE_MISSING,
            server,
            "the parent has no "
                + type(address)
                + " "
                + address
                + " for "
                + Names.shown(wish.name()),
            "add the address record to the parent zone as glue");
      }
    }
    for (Address address : there) {
      if (!wish.addresses().contains(address)) {
        findings.add(
            Kind.GLUE_WRONG,
            server,
            "the parent has "
                + type(address)
                + " "
                + address
                + " for "
                + Names.shown(wish.name())
                + ", which the zone does not",
            "remove it there, or add it to the zone");
      }
    }
  }

  private static String type(Address address) {
    return address.isV4() ? "A" : "AAAA";
  }

  private void compareSigners(Set<Integer> keyTags, String server) {
    for (int tag : keyTags) {
      if (!wanted.isSigned()) {
        findings.add(
            Kind.DS_OF_UNSIGNED,
            server,
            "the parent has a DS record with key tag " + tag + ", and the zone is not signed",
            "remove the DS record: validating resolvers answer SERVFAIL for the whole zone");
      } else if (!wanted.keyTags().contains(tag)) {
        findings.add(
            Kind.DS_OF_NO_KEY,
            server,
            "the parent has a DS record with key tag " + tag + ", and the zone has no such key",
            "remove it, unless the key is about to be published");
      }
    }
  }
}
