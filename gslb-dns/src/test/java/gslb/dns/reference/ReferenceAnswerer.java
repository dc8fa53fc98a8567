package gslb.dns.reference;

import gslb.base.Address;
import gslb.steering.Service;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.HINFORecord;
import org.xbill.DNS.HTTPSRecord;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.Section;
import org.xbill.DNS.TcpKeepaliveOption;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// Answers a well-formed query as RFC 1034 §4.3.2 and its updates say, without a limit of length,
/// as over a TCP connection that is to end. Not shared by threads.
public final class ReferenceAnswerer {
  private final List<ReferenceZone> zones = new ArrayList<>();
  private final ReferenceSteering steering;
  private final int chainLengthMax;
  private Message response = new Message();
  private Address client = Address.v4(0);
  private int qtype;
  private int scope;

  /// Whether no zone has the QNAME (RFC 8914 §4.21).
  private boolean isOfOthers;

  private final Set<Name> asked = new HashSet<>();

  /// @param chainLengthMax aliases that one answer follows; no RFC says how many
  public ReferenceAnswerer(ReferenceSteering steering, int chainLengthMax) {
    this.steering = steering;
    this.chainLengthMax = chainLengthMax;
  }

  public void add(Name apex, List<Record> records, Map<Name, Integer> services) {
    zones.add(new ReferenceZone(apex, records, services));
  }

  /// @param peer the resolver's own address
  public Message answer(Message query, Address peer) {
    Record question = query.getQuestion();
    response = new Message(query.getHeader().getID());
    Header header = response.getHeader();
    header.setFlag(Flags.QR);
    copyFlag(query, Flags.RD);
    copyFlag(query, Flags.CD);
    response.addRecord(question, Section.QUESTION);
    qtype = question.getType();
    scope = 0;
    isOfOthers = false;
    asked.clear();
    OPTRecord opt = query.getOPT();
    ClientSubnetOption subnet = subnet(opt);
    client =
        subnet != null && subnet.getSourcePrefixLength() > 0
            ? Address.of(subnet.getAddress())
            : peer;
    if (question.getDClass() != DClass.IN || qtype == Type.AXFR || qtype == Type.IXFR) {
      header.setRcode(Rcode.REFUSED);
    } else {
      answerName(question.getName());
    }
    if (opt != null) {
      addOpt(opt, subnet);
    }
    return response;
  }

  private void copyFlag(Message query, int flag) {
    if (query.getHeader().getFlag(flag)) {
      response.getHeader().setFlag(flag);
    }
  }

  private static @Nullable ClientSubnetOption subnet(@Nullable OPTRecord opt) {
    List<EDNSOption> found =
        opt == null ? List.of() : opt.getOptions(EDNSOption.Code.CLIENT_SUBNET);
    return found.isEmpty() ? null : (ClientSubnetOption) found.getFirst();
  }

  private void addOpt(OPTRecord asked, @Nullable ClientSubnetOption subnet) {
    List<EDNSOption> options = new ArrayList<>();
    if (!asked.getOptions(EDNSOption.Code.TCP_KEEPALIVE).isEmpty()) {
      options.add(new TcpKeepaliveOption(0));
    }
    if (isOfOthers) {
      options.add(new ExtendedErrorCodeOption(ExtendedErrorCodeOption.NOT_AUTHORITATIVE));
    }
    if (subnet != null) {
      int source = subnet.getSourcePrefixLength();
      int said = source == 0 ? 0 : scope;
      options.add(new ClientSubnetOption(source, said, subnet.getAddress()));
    }
    int flags = asked.getFlags() & 0x8000;
    response.addRecord(new OPTRecord(1232, 0, 0, flags, options), Section.ADDITIONAL);
  }

  /// RFC 1034 §4.3.2 from step 2 on, for the QNAME or what it was changed to.
  private void answerName(Name name) {
    boolean isFirst = asked.isEmpty();
    if (!asked.add(name) || asked.size() > chainLengthMax) {
      return; // a loop, or as good as one: the answer so far
    }
    ReferenceZone zone = nearestZone(name);
    if (zone == null) {
      if (isFirst) {
        response.getHeader().setRcode(Rcode.REFUSED);
        isOfOthers = true;
      }
      return;
    }
    // Step 3: "Start matching down, label by label, in the zone."
    if (zone.owns(zone.apex, Type.DNAME) && !name.equals(zone.apex)) {
      authoritative();
      dname(zone, zone.apex, name);
      return;
    }
    for (Name each : zone.path(name)) {
      boolean isLast = each.equals(name);
      if (zone.isCut(each) && !(isLast && qtype == Type.DS)) {
        if (!isFirst) {
          authoritative();
        }
        referral(zone, each);
        return;
      }
      if (!isLast && zone.owns(each, Type.DNAME)) {
        authoritative();
        dname(zone, each, name);
        return;
      }
    }
    authoritative();
    if (qtype == Type.DS && isChild(zone, name) && !zone.owns(name, Type.DS)) {
      soa(zone, Long.MAX_VALUE); // RFC 8020 §2: it exists, so this cannot be NXDOMAIN
      return;
    }
    if (zone.hasName(name)) {
      node(zone, name, name);
      return;
    }
    // RFC 4592 §3.3.1: the source of synthesis is the wildcard at the closest encloser.
    Name encloser = ReferenceZone.parent(name);
    while (!zone.hasName(encloser)) {
      encloser = ReferenceZone.parent(encloser);
    }
    Name source = below("*", encloser);
    if (zone.hasName(source)) {
      node(zone, source, name);
    } else {
      response.getHeader().setRcode(Rcode.NXDOMAIN);
      soa(zone, Long.MAX_VALUE);
    }
  }

  private static Name below(String label, Name name) {
    try {
      return Name.concatenate(Name.fromConstantString(label), name);
    } catch (NameTooLongException e) {
      throw new AssertionError(e);
    }
  }

  private void authoritative() {
    response.getHeader().setFlag(Flags.AA);
  }

  private @Nullable ReferenceZone nearestZone(Name name) {
    ReferenceZone nearest = holding(name);
    if (qtype == Type.DS && nearest != null && nearest.apex.equals(name) && name.labels() > 1) {
      // RFC 4035 §3.1.4.1: the parent's side of the cut, if this server has the parent.
      ReferenceZone parent = holding(ReferenceZone.parent(name));
      if (parent != null && isParentOf(parent, name)) {
        return parent;
      }
    }
    return nearest;
  }

  /// Whether a zone is the parent of the one with that apex, and not an ancestor of its parent:
  /// none of the names between them is delegated, nor moved elsewhere by a DNAME.
  private static boolean isParentOf(ReferenceZone zone, Name apex) {
    if (zone.owns(zone.apex, Type.DNAME)) {
      return false;
    }
    for (Name each : zone.path(apex)) {
      if (!each.equals(apex) && (zone.isCut(each) || zone.owns(each, Type.DNAME))) {
        return false;
      }
    }
    return true;
  }

  /// Whether the name is the apex of another zone than that one.
  private boolean isChild(ReferenceZone zone, Name name) {
    return zones.stream().anyMatch(each -> each != zone && each.apex.equals(name));
  }

  private @Nullable ReferenceZone holding(Name name) {
    ReferenceZone nearest = null;
    for (ReferenceZone zone : zones) {
      if (name.subdomain(zone.apex)
          && (nearest == null || zone.apex.labels() > nearest.apex.labels())) {
        nearest = zone;
      }
    }
    return nearest;
  }

  /// Step 3.a: the node's data, in the name that was asked.
  private void node(ReferenceZone zone, Name node, Name owner) {
    if (zone.isSteered(node) && ownsName(zone, node, owner)) {
      return;
    }
    if (qtype == Type.ANY) {
      any(zone, node, owner);
      return;
    }
    if (zone.owns(node, Type.CNAME) && qtype != Type.CNAME) {
      Record cname = zone.rrset(node, Type.CNAME).getFirst();
      put(cname, owner, Section.ANSWER);
      answerName(((CNAMERecord) cname).getTarget());
      return;
    }
    if (zone.isSteered(node)) {
      ReferenceSteering.Decision decision = steering.decide(zone.service(node), client);
      boolean isAddress = qtype == Type.A || qtype == Type.AAAA;
      if (isAddress || qtype == Type.HTTPS && decision.https() != null) {
        steered(zone, decision, owner);
        return;
      }
    }
    for (Record each : zone.rrset(node, qtype)) {
      put(each, owner, Section.ANSWER);
    }
    if (!zone.owns(node, qtype)) {
      soa(zone, Long.MAX_VALUE);
    } else if (qtype == Type.NS) {
      addresses(zone, node);
    }
  }

  /// Whether a service decides whether the name is an alias, so that every type is its to answer.
  private boolean ownsName(ReferenceZone zone, Name node, Name owner) {
    ReferenceSteering.Decision decision = steering.decide(zone.service(node), client);
    if (!decision.ownsName()) {
      return false;
    }
    scope = Math.max(scope, decision.scope());
    Name target = decision.cname();
    if (target != null) {
      Record cname = new CNAMERecord(owner, DClass.IN, decision.ttl(), target);
      response.addRecord(cname, Section.ANSWER);
      if (qtype != Type.CNAME && qtype != Type.ANY) {
        answerName(target);
      }
    } else if (qtype == Type.ANY) {
      Record hinfo = new HINFORecord(owner, DClass.IN, decision.ttl(), "RFC8482", "");
      response.addRecord(hinfo, Section.ANSWER);
    } else {
      steered(zone, decision, owner);
    }
    return true;
  }

  /// RFC 8482 §4.2.
  private void any(ReferenceZone zone, Name node, Name owner) {
    if (zone.owns(node, Type.CNAME)) {
      put(zone.rrset(node, Type.CNAME).getFirst(), owner, Section.ANSWER);
    } else if (zone.ownsAnything(node)) {
      response.addRecord(new HINFORecord(owner, DClass.IN, 3600, "RFC8482", ""), Section.ANSWER);
    } else {
      soa(zone, Long.MAX_VALUE);
    }
  }

  private void steered(ReferenceZone zone, ReferenceSteering.Decision decision, Name owner) {
    scope = Math.max(scope, decision.scope());
    Service.HttpsRecord https = decision.https();
    if (qtype == Type.HTTPS && https != null && !decision.addresses().isEmpty()) {
      response.addRecord(https(https, decision, owner), Section.ANSWER);
      return;
    }
    boolean some = false;
    for (Address address : decision.addresses()) {
      if (qtype != (address.isV4() ? Type.A : Type.AAAA)) {
        continue;
      }
      some = true;
      Record each =
          address.isV4()
              ? new ARecord(owner, DClass.IN, decision.ttl(), address.toInetAddress())
              : new AAAARecord(owner, DClass.IN, decision.ttl(), address.toInetAddress());
      response.addRecord(each, Section.ANSWER);
    }
    if (!some) {
      soa(zone, decision.ttl());
    }
  }

  /// RFC 9460 §7, as dnsjava writes it.
  private static Record https(
      Service.HttpsRecord https, ReferenceSteering.Decision decision, Name owner) {
    List<SVCBBase.ParameterBase> parameters = new ArrayList<>();
    SVCBBase.ParameterAlpn alpn = new SVCBBase.ParameterAlpn();
    try {
      alpn.fromString(String.join(",", https.alpn()));
    } catch (TextParseException e) {
      throw new AssertionError(e);
    }
    parameters.add(alpn);
    if (https.port() != 0) {
      parameters.add(new SVCBBase.ParameterPort(https.port()));
    }
    List<Inet4Address> v4 = new ArrayList<>();
    List<Inet6Address> v6 = new ArrayList<>();
    for (Address address : decision.addresses()) {
      switch (address.toInetAddress()) {
        case Inet4Address each -> v4.add(each);
        case Inet6Address each -> v6.add(each);
        default -> throw new AssertionError(address);
      }
    }
    if (!v4.isEmpty()) {
      parameters.add(new SVCBBase.ParameterIpv4Hint(v4));
    }
    if (!v6.isEmpty()) {
      parameters.add(new SVCBBase.ParameterIpv6Hint(v6));
    }
    return new HTTPSRecord(owner, DClass.IN, decision.ttl(), 1, Name.root, parameters);
  }

  /// RFC 2308 §3: the SOA of a negative answer, TTL min(its own, MINIMUM).
  private void soa(ReferenceZone zone, long ttlMax) {
    SOARecord soa = zone.soa();
    long ttl = Math.min(Math.min(soa.getTTL(), soa.getMinimum()), ttlMax);
    response.addRecord(
        new SOARecord(
            zone.apex,
            DClass.IN,
            ttl,
            soa.getHost(),
            soa.getAdmin(),
            soa.getSerial(),
            soa.getRefresh(),
            soa.getRetry(),
            soa.getExpire(),
            soa.getMinimum()),
        Section.AUTHORITY);
  }

  /// Step 3.b.
  private void referral(ReferenceZone zone, Name cut) {
    for (Record each : zone.rrset(cut, Type.NS)) {
      put(each, cut, Section.AUTHORITY);
    }
    addresses(zone, cut);
  }

  /// Step 6, for name servers: their addresses, as far as the zone has them.
  private void addresses(ReferenceZone zone, Name owner) {
    Set<Name> servers = new HashSet<>();
    for (Record each : zone.rrset(owner, Type.NS)) {
      servers.add(((NSRecord) each).getTarget());
    }
    for (Name server : servers) {
      Name node = addressNode(zone, server);
      for (int type : new int[] {Type.A, Type.AAAA}) {
        for (Record address : zone.rrset(node, type)) {
          put(address, server, Section.ADDITIONAL);
        }
      }
    }
  }

  /// Where a server's addresses are: at its name, glue included, or at the source of synthesis.
  private static Name addressNode(ReferenceZone zone, Name server) {
    if (!server.subdomain(zone.apex) || zone.hasName(server)) {
      return server;
    }
    for (Name each : zone.path(server)) {
      if (zone.isCut(each)) {
        return server;
      }
    }
    Name encloser = server;
    while (!zone.hasName(encloser)) {
      encloser = ReferenceZone.parent(encloser);
    }
    for (Name each = encloser; ; each = ReferenceZone.parent(each)) {
      if (zone.owns(each, Type.DNAME)) {
        return server;
      }
      if (each.equals(zone.apex)) {
        return below("*", encloser);
      }
    }
  }

  /// RFC 6672 §3.2 step 3.c.
  private void dname(ReferenceZone zone, Name owner, Name name) {
    DNAMERecord dname = (DNAMERecord) zone.rrset(owner, Type.DNAME).getFirst();
    put(dname, owner, Section.ANSWER);
    Name target;
    try {
      target = name.fromDNAME(dname);
    } catch (NameTooLongException e) {
      response.getHeader().setRcode(Rcode.YXDOMAIN);
      return;
    }
    response.addRecord(new CNAMERecord(name, DClass.IN, dname.getTTL(), target), Section.ANSWER);
    if (qtype != Type.CNAME) { // RFC 1034 §3.6.2: that was the answer
      answerName(target);
    }
  }

  private void put(Record each, Name owner, int section) {
    Record named =
        Record.newRecord(
            owner, each.getType(), each.getDClass(), each.getTTL(), each.rdataToWireCanonical());
    if (!response.findRecord(named)) { // RFC 2181 §5: each RRset once
      response.addRecord(named, section);
    }
  }
}
