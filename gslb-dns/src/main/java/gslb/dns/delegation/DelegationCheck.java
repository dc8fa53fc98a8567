package gslb.dns.delegation;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.DnsName;
import gslb.dns.delegation.CheckedDelegation.AskedParent;
import gslb.dns.delegation.CheckedDelegation.AskedServer;
import gslb.dns.delegation.Finding.Kind;
import gslb.zones.FlatZone;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Asks the parent's servers for the delegation of a zone, and the zone's servers for the zone.
/// Confined to one thread; every question has a bounded time.
public final class DelegationCheck {
  private final DelegationAdvice advice;
  private final Asker asker;
  private final ParentSearch search;
  private final Consumer<String> progress;

  DelegationCheck(
      DelegationAdvice advice,
      Asker asker,
      List<InetSocketAddress> resolvers,
      Consumer<String> progress) {
    this.advice = advice;
    this.asker = asker;
    this.search = new ParentSearch(asker, resolvers);
    this.progress = progress;
  }

  /// A check that asks over the network.
  ///
  /// @param random unpredictable to others, for message IDs
  /// @param resolvers that find parents and addresses, in the order in which they are asked
  /// @param progress is told whom the check is about to ask
  public static DelegationCheck overNetwork(
      DelegationAdvice advice,
      Clock clock,
      RandomGenerator random,
      List<InetSocketAddress> resolvers,
      Consumer<String> progress) {
    return new DelegationCheck(advice, new NetworkAsker(clock, random), resolvers, progress);
  }

  /// What can be said without asking anybody.
  public static CheckedDelegation unasked(DelegationAdvice advice, Delegation wanted) {
    Findings findings = new Findings(wanted.zone());
    advice.add(wanted, findings);
    return new CheckedDelegation(wanted, null, List.of(), List.of(), findings.sorted());
  }

  /// @param servers of the parent; empty to look for them
  public CheckedDelegation check(Delegation wanted, List<InetSocketAddress> servers) {
    Findings findings = new Findings(wanted.zone());
    advice.add(wanted, findings);
    DnsName parent = null;
    List<ServerAddress> parents = new ArrayList<>();
    servers.forEach(server -> parents.add(new ServerAddress(null, server)));
    if (servers.isEmpty() && !wanted.zone().isRoot()) {
      progress.accept("looking for the parent of " + Names.shown(wanted.zone()));
      try {
        ParentSearch.Parent found = search.parentOf(wanted.zone());
        parent = found.zone();
        parents.addAll(found.servers());
        if (parents.isEmpty()) {
          findings.add(
              Kind.PARENT_NOT_FOUND,
              "the name servers of '" + Names.shown(parent) + "' have no addresses",
              "name a server of the parent with --server");
        }
      } catch (Asker.Unanswered e) {
        findings.add(
            Kind.PARENT_NOT_FOUND,
            "the parent's name servers were not found: " + e.why(),
            "name one with --server, or a resolver with --resolver");
      }
    }
    List<AskedParent> asked = askParents(wanted, parents, findings);
    List<AskedServer> answers = askServers(wanted, findings);
    return new CheckedDelegation(wanted, parent, asked, answers, findings.sorted());
  }

  private List<AskedParent> askParents(
      Delegation wanted, List<ServerAddress> parents, Findings findings) {
    ParentComparison comparison = new ParentComparison(wanted, findings);
    List<AskedParent> asked = new ArrayList<>();
    boolean isAnyReached = false;
    for (ServerAddress parent : parents) {
      progress.accept("asking " + parent + " for " + Names.shown(wanted.zone()));
      try {
        DnsReply servers = asker.ask(parent.address(), wanted.zone(), FlatZone.TYPE_NS, false);
        isAnyReached = true;
        ParentAnswer answer = ParentAnswer.of(wanted.zone(), servers, signers(wanted, parent));
        comparison.compare(answer, parent.toString());
        asked.add(new AskedParent(parent, outcome(answer)));
      } catch (Asker.Unanswered e) {
        addUnanswered(Kind.PARENT_SILENT, parent, e, findings);
        asked.add(new AskedParent(parent, e.why()));
      }
    }
    if (!isAnyReached && !parents.isEmpty()) {
      findings.add(
          Kind.PARENT_UNREACHABLE,
          "no server of the parent answers",
          "name another one with --server, or ask from a machine that reaches them");
    }
    return asked;
  }

  private @Nullable DnsReply signers(Delegation wanted, ServerAddress parent) {
    try {
      return asker.ask(parent.address(), wanted.zone(), FlatZone.TYPE_DS, false);
    } catch (Asker.Unanswered _) {
      return null;
    }
  }

  private static String outcome(ParentAnswer answer) {
    return switch (answer) {
      case ParentAnswer.Delegated _ -> "delegates the zone";
      case ParentAnswer.NotDelegated() -> "does not delegate the zone";
      case ParentAnswer.Elsewhere _ -> "is not of the parent";
      case ParentAnswer.Refused(int rcode) -> "answers " + ParentComparison.rcode(rcode);
    };
  }

  private static void addUnanswered(
      Kind kind, ServerAddress server, Asker.Unanswered why, Findings findings) {
    boolean isParent = kind == Kind.PARENT_SILENT;
    String who = isParent ? "a server of the parent " : "a name server ";
    if (why.isWithoutRoute()) {
      findings.add(Kind.NO_ROUTE, server.toString(), who + why.why(), "ask from another machine");
    } else {
      findings.add(
          kind,
          server.toString(),
          who + why.why(),
          isParent ? "" : "start it, open its port 53, or remove it from parent and zone");
    }
  }

  private List<AskedServer> askServers(Delegation wanted, Findings findings) {
    List<AskedServer> answers = new ArrayList<>();
    for (NameServer server : wanted.servers()) {
      for (Address address : addresses(server, findings)) {
        InetSocketAddress at = new InetSocketAddress(address.toInetAddress(), Names.DNS_PORT);
        answers.add(askServer(wanted, new ServerAddress(server.name(), at), findings));
      }
    }
    return answers;
  }

  private List<Address> addresses(NameServer server, Findings findings) {
    if (!server.addresses().isEmpty() || server.needsGlue()) {
      return server.addresses();
    }
    String why = "has no address";
    if (!search.hasResolvers()) {
      why = "has no address in our zones, and there is no resolver to ask for it";
    } else {
      try {
        List<Address> found = search.addresses(server.name());
        if (!found.isEmpty()) {
          return found;
        }
      } catch (Asker.Unanswered e) {
        why = "has an address that was not found: " + e.why();
      }
    }
    findings.add(
        Kind.ADDRESS_UNKNOWN,
        Names.shown(server.name()) + " " + why,
        "correct its zone, or name a resolver with --resolver");
    return List.of();
  }

  private AskedServer askServer(Delegation wanted, ServerAddress server, Findings findings) {
    progress.accept("asking " + server + " for the SOA of " + Names.shown(wanted.zone()));
    DnsReply reply;
    try {
      reply = asker.ask(server.address(), wanted.zone(), FlatZone.TYPE_SOA, false);
    } catch (Asker.Unanswered e) {
      addUnanswered(Kind.SERVER_SILENT, server, e, findings);
      return new AskedServer(server, null, e.why());
    }
    Long serial = null;
    for (ReplyRecord record : reply.answer()) {
      if (record.rdata() instanceof ReplyRecord.Start(long value)
          && record.owner().equals(wanted.zone())) {
        serial = value;
      }
    }
    if (serial == null || !reply.isAuthoritative()) {
      String said =
          reply.rcode() != DnsReply.NOERROR
              ? "answers " + ParentComparison.rcode(reply.rcode())
              : serial == null ? "answers without SOA" : "answers without authority";
      findings.add(
          Kind.SERVER_WITHOUT_ZONE,
          server.toString(),
          "a name server " + said,
          "serve the zone there, or remove it from parent and zone");
      return new AskedServer(server, serial, said);
    }
    if (serial != wanted.serial()) {
      findings.add(
          Kind.SERIAL_DIFFERS,
          server.toString(),
          "a name server has serial " + serial + ", the zone file " + wanted.serial(),
          "give all nodes the same zone file, and reload them");
    }
    return new AskedServer(server, serial, "serves the zone");
  }
}
