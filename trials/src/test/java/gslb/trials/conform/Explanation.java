package gslb.trials.conform;

import gslb.base.DnsName;
import gslb.trials.conform.Replies.Peer;
import gslb.trials.conform.Reply.Aspect;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.HINFORecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Why our reply may differ from a peer's, each with the clause that says so. What none of them
/// explains fails the test; where the peers agree, only those that are bound by a clause count.
enum Explanation {
  /// The peers answer with every RRset, or with one of them.
  ANY_GETS_HINFO("RFC 8482 §4.2", "ANY is answered by one HINFO", true) {
    @Override
    boolean explains(Replies replies, Peer peer, Aspect aspect) {
      List<Record> answer = replies.ours().message().getSection(Section.ANSWER);
      return replies.question().qtype() == Type.ANY
          && (aspect == Aspect.ANSWER || aspect == Aspect.ADDITIONAL)
          && !answer.isEmpty()
          && answer.getLast() instanceof HINFORecord hinfo
          && hinfo.getCPU().equals("RFC8482");
    }
  },

  /// The peers refer to the zone between that and the zone above it.
  DS_WITHOUT_PARENT(
      "RFC 4035 §3.1.4.1",
      "DS of a zone whose parent is not ours: an authoritative NODATA (MUST)",
      true) {
    @Override
    boolean explains(Replies replies, Peer peer, Aspect aspect) {
      DnsName name = replies.question().name();
      Reply theirs = replies.of(peer);
      return replies.question().qtype() == Type.DS
          && (aspect == Aspect.AA || aspect == Aspect.AUTHORITY || aspect == Aspect.ADDITIONAL)
          && replies.served().isApex(name)
          && replies.served().hasParentElsewhere(name)
          && !theirs.isAuthoritative()
          && theirs.message().getSection(Section.AUTHORITY).getFirst() instanceof NSRecord;
    }
  },

  /// Knot follows five, we sixteen, NSD all.
  CHAIN_LENGTH("RFC 1034 §3.6.2", "a chain is followed, but nobody says how far", false) {
    @Override
    boolean explains(Replies replies, Peer peer, Aspect aspect) {
      Reply theirs = replies.of(peer);
      boolean theirsIsShorter = isPart(theirs.answer(), replies.ours().answer());
      boolean oursIsShorter = isPart(replies.ours().answer(), theirs.answer());
      int shorter = aliases(theirsIsShorter ? theirs : replies.ours());
      return isSection(aspect)
          && (theirsIsShorter || oursIsShorter)
          && shorter >= (theirsIsShorter ? KNOT_CHAIN_LENGTH : OUR_CHAIN_LENGTH);
    }
  },

  KNOT_STAYS_IN_ITS_ZONE(
      "RFC 1034 §4.3.2 step 3.a",
      "an alias leads back to step 1, to whichever zone of the server is nearest",
      false) {
    @Override
    boolean explains(Replies replies, Peer peer, Aspect aspect) {
      return peer == Peer.KNOT
          && isSection(aspect)
          && leavesZone(replies)
          && isPart(replies.knot().answer(), replies.ours().answer());
    }
  },

  /// They may stand beside a CNAME, so Knot takes their absence for NODATA.
  KNOT_KEEPS_RRSIG_AND_NSEC_AT_THE_ALIAS(
      "RFC 1034 §3.6.2", "any type but CNAME leads to the alias's target", false) {
    @Override
    boolean explains(Replies replies, Peer peer, Aspect aspect) {
      int qtype = replies.question().qtype();
      return peer == Peer.KNOT
          && isSection(aspect)
          && (qtype == Type.RRSIG || qtype == Type.NSEC)
          && aliases(replies.ours()) > aliases(replies.knot())
          && isPart(replies.knot().answer(), replies.ours().answer());
    }
  },

  /// Knot resumes with a part of the name, and replies what comes of that.
  KNOT_GOES_ON_AFTER_YXDOMAIN(
      "RFC 6672 §3.2 step 3.C", "a name that DNAME makes too long: YXDOMAIN, and exit", false) {
    @Override
    boolean explains(Replies replies, Peer peer, Aspect aspect) {
      return peer == Peer.KNOT
          && isSection(aspect)
          && replies.ours().rcode().equals("YXDOMAIN")
          && isPart(replies.ours().answer(), replies.knot().answer());
    }
  },

  NSD_PASSES_A_DNAME_ONCE(
      "RFC 6672 §3.2 step 3.C", "what a DNAME leads to starts again at step 1", false) {
    @Override
    boolean explains(Replies replies, Peer peer, Aspect aspect) {
      return peer == Peer.NSD
          && isSection(aspect)
          && isPart(replies.nsd().answer(), replies.ours().answer())
          && endsBelowDname(replies.nsd());
    }
  },

  /// NSD keeps all zones in one tree of names.
  NSD_SEES_NAMES_OF_THE_ZONE_ABOVE(
      "RFC 1034 §4.2.1", "glue and what a cut hides are no names of the child zone", false) {
    @Override
    boolean explains(Replies replies, Peer peer, Aspect aspect) {
      return peer == Peer.NSD
          && isSection(aspect)
          && replies.served().isInZoneAbove(replies.question().name());
    }
  },

  KNOT_DENIES_ITS_OWN_ZONE(
      "RFC 8020 §2", "a child that its parent does not delegate exists all the same", false) {
    @Override
    boolean explains(Replies replies, Peer peer, Aspect aspect) {
      return peer == Peer.KNOT
          && aspect == Aspect.RCODE
          && replies.question().qtype() == Type.DS
          && replies.served().isApex(replies.question().name())
          && replies.ours().rcode().equals("NOERROR");
    }
  },

  KNOT_ADDS_ADDRESSES(
      "RFC 1034 §4.3.2 step 6",
      "what may be useful may be added: we add addresses of NS alone",
      false) {
    @Override
    boolean explains(Replies replies, Peer peer, Aspect aspect) {
      if (peer != Peer.KNOT
          || aspect != Aspect.ADDITIONAL
          || !isPart(replies.ours().additional(), replies.knot().additional())) {
        return false;
      }
      Set<String> more = new HashSet<>(replies.knot().additional().keySet());
      more.removeAll(replies.ours().additional().keySet());
      String answer = replies.knot().answer().toString();
      return more.stream()
          .allMatch(
              key -> {
                int space = key.indexOf(' ');
                return ADDED_TYPES.contains(key.substring(space + 1))
                    && answer.contains(key.substring(0, space));
              });
    }
  };

  private static final int KNOT_CHAIN_LENGTH = 5;
  private static final int OUR_CHAIN_LENGTH = 16;
  private static final Set<String> ADDED_TYPES = Set.of("A", "AAAA", "SVCB", "HTTPS");

  final String clause;
  final String rule;

  /// Whether the clause leaves no choice, so that it holds against both peers.
  final boolean binds;

  Explanation(String clause, String rule, boolean binds) {
    this.clause = clause;
    this.rule = rule;
    this.binds = binds;
  }

  /// Whether this is why the two replies differ in that respect.
  abstract boolean explains(Replies replies, Peer peer, Aspect aspect);

  /// All that follows from another end of a chain; AA is of its beginning.
  private static boolean isSection(Aspect aspect) {
    return switch (aspect) {
      case RCODE, ANSWER, AUTHORITY, ADDITIONAL -> true;
      case QUESTION, AA, OPT -> false;
    };
  }

  private static boolean isPart(Map<String, String> part, Map<String, String> whole) {
    return whole.entrySet().containsAll(part.entrySet());
  }

  private static int aliases(Reply reply) {
    return (int)
        reply.message().getSection(Section.ANSWER).stream()
            .filter(CNAMERecord.class::isInstance)
            .count();
  }

  private static boolean leavesZone(Replies replies) {
    DnsName home = replies.served().apexOf(replies.question().name());
    if (home == null) {
      return false;
    }
    for (Record each : replies.ours().message().getSection(Section.ANSWER)) {
      if (each instanceof CNAMERecord cname) {
        DnsName next = replies.served().apexOf(Served.name(cname.getTarget()));
        if (next != null && !next.equals(home)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether the last alias leads below a DNAME that the reply already has.
  private static boolean endsBelowDname(Reply reply) {
    List<Record> answer = reply.message().getSection(Section.ANSWER);
    return !answer.isEmpty()
        && answer.getLast() instanceof CNAMERecord last
        && answer.stream()
            .filter(DNAMERecord.class::isInstance)
            .anyMatch(
                dname ->
                    last.getTarget().subdomain(dname.getName())
                        && !last.getTarget().equals(dname.getName()));
  }
}
