package gslb.trials.conform;

import gslb.base.DnsName;
import gslb.zones.FlatZone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.xbill.DNS.Type;

/// The questions that a zone suggests: for each name of it and around it, each type that could make
/// a difference there.
final class Questions {
  /// Asked at every name.
  private static final List<Integer> TYPES_EVERYWHERE =
      List.of(
          Type.A,
          Type.NS,
          Type.SOA,
          Type.DS,
          Type.CNAME,
          Type.DNAME,
          Type.ANY,
          Type.RRSIG,
          Type.NSEC,
          65_280);

  /// Asked beside those at the names that exist.
  private static final List<Integer> TYPES_AT_NODES =
      List.of(
          Type.AAAA,
          Type.MX,
          Type.TXT,
          Type.PTR,
          Type.SRV,
          Type.HTTPS,
          Type.DNSKEY,
          Type.NSEC3PARAM,
          Type.NULL,
          1_234);

  private Questions() {}

  static List<Question> of(FlatZone zone) {
    Set<DnsName> nodes = new LinkedHashSet<>();
    Set<Integer> types = new TreeSet<>();
    for (int node = 0; node < zone.nodeCount(); node++) {
      nodes.add(zone.name(node));
      types.addAll(types(zone, node));
    }
    Set<DnsName> names = new LinkedHashSet<>();
    for (int node = 0; node < zone.nodeCount(); node++) {
      addAround(zone.name(node), names);
      addTargets(zone, node, names);
      addLongest(zone, node, names);
    }
    names.removeAll(nodes);
    List<Question> questions = new ArrayList<>();
    types.addAll(TYPES_EVERYWHERE);
    nodes.forEach(name -> add(name, with(types, TYPES_AT_NODES), questions));
    names.forEach(name -> add(name, types, questions));
    return questions;
  }

  private static Set<Integer> with(Set<Integer> types, List<Integer> more) {
    Set<Integer> all = new TreeSet<>(types);
    all.addAll(more);
    return all;
  }

  private static void add(DnsName name, Set<Integer> types, List<Question> to) {
    for (int type : types) {
      for (Question.Variant variant : Question.Variant.values()) {
        to.add(Question.of(name, type, variant));
      }
    }
  }

  private static Set<Integer> types(FlatZone zone, int node) {
    Set<Integer> types = new TreeSet<>();
    for (int i = 0; i < zone.rrsetCount(node); i++) {
      types.add(zone.type(zone.firstRrset(node) + i));
    }
    return types;
  }

  /// Names below, above, before and after.
  private static void addAround(DnsName name, Set<DnsName> names) {
    prepend("q7", name).ifPresent(names::add);
    prepend("*", name).ifPresent(names::add);
    prepend("q", name).flatMap(q -> prepend("w", q)).ifPresent(names::add);
    if (!name.isRoot()) {
      names.add(name.parent());
      sibling(name, 1).ifPresent(names::add);
      sibling(name, -1).ifPresent(names::add);
    }
  }

  private static Optional<DnsName> prepend(String label, DnsName name) {
    byte[] wire = name.toWire();
    int length = label.length();
    if (wire.length + length + 1 > DnsName.WIRE_LENGTH_MAX) {
      return Optional.empty();
    }
    byte[] longer = new byte[wire.length + length + 1];
    longer[0] = (byte) length;
    for (int i = 0; i < length; i++) {
      longer[i + 1] = (byte) label.charAt(i);
    }
    System.arraycopy(wire, 0, longer, length + 1, wire.length);
    return Optional.of(DnsName.ofWire(longer, 0));
  }

  /// The name whose first label ends in the octet before or after.
  private static Optional<DnsName> sibling(DnsName name, int step) {
    byte[] wire = name.toWire();
    int last = wire[0];
    int octet = (wire[last] & 0xff) + step;
    if (octet < 0 || octet > 255) {
      return Optional.empty();
    }
    wire[last] = (byte) octet;
    return Optional.of(DnsName.ofWire(wire, 0));
  }

  /// The names that records of the node lead to.
  private static void addTargets(FlatZone zone, int node, Set<DnsName> names) {
    for (int i = 0; i < zone.rrsetCount(node); i++) {
      int rrset = zone.firstRrset(node) + i;
      int nameAt =
          switch (zone.type(rrset)) {
            case Type.CNAME, Type.DNAME, Type.NS, Type.PTR -> 0;
            case Type.MX -> 2;
            case Type.SRV -> 6;
            default -> -1;
          };
      if (nameAt >= 0) {
        int offset = zone.rdataOffset(rrset, 0) + nameAt;
        byte[] page = zone.rdataPage(rrset);
        DnsName target = DnsName.ofWire(Arrays.copyOfRange(page, offset, page.length), 0);
        names.add(target);
        prepend("q7", target).ifPresent(names::add);
      }
    }
  }

  /// Below a DNAME, the longest names there are and those that it just makes too long.
  private static void addLongest(FlatZone zone, int node, Set<DnsName> names) {
    int dname = zone.rrset(node, Type.DNAME);
    if (dname < 0) {
      return;
    }
    DnsName owner = zone.name(node);
    int room = DnsName.WIRE_LENGTH_MAX - Math.max(owner.wireLength(), zone.rdataLength(dname, 0));
    for (int length = room - 1; length <= room + 2; length++) {
      Optional<DnsName> name = Optional.of(owner);
      for (int left = length; left > 1 && name.isPresent(); ) {
        int label = left > 64 && left < 67 ? left - 4 : Math.min(left - 1, 63);
        name = prepend("l".repeat(label), name.get());
        left -= label + 1;
      }
      name.ifPresent(names::add);
    }
  }
}
