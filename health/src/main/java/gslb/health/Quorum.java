package gslb.health;

import gslb.steering.Verdict;
import java.util.HashMap;
import java.util.Map;

/// The rule by which votes become a verdict. Pure.
///
/// A site has one vote: the majority of the fresh votes of its nodes, a tie is UP. With more than
/// half of the configured sites fresh, the majority of the fresh sites decides; on a tie the vote
/// of the endpoint's own site is dropped; still a tie is UP. With half or fewer (a minority), or
/// when no peer's vote is fresh (alone), UP needs more fresh sites for it than against, DOWN needs
/// every fresh vote, the own among them, and a passing vantage check, and otherwise the last
/// verdict is held.
public final class Quorum {
  private Quorum() {}

  /// What a decision is made from.
  ///
  /// @param fresh fresh votes by node, true for UP; the own among them if there is one
  /// @param endpointSite site of the endpoint, empty if it has none
  /// @param last the verdict so far
  /// @param vantagePasses whether this node's own uplink works
  /// @param learning whether the target is so new that peers may not have been heard yet
  public record Ballot(
      Map<String, Boolean> fresh,
      String endpointSite,
      Verdict last,
      boolean vantagePasses,
      boolean learning) {}

  /// Which rule made a verdict.
  public enum Reason {
    /// Nothing has been decided since the start.
    UNDECIDED,
    /// No cluster: the own vote.
    OWN,
    /// More than half of the configured sites are fresh, and most of those say so.
    MAJORITY,
    /// A tie, decided by dropping the vote of the endpoint's own site.
    TIE_WITHOUT_OWN_SITE,
    /// A tie: UP.
    TIE,
    /// Too few sites are fresh, but those agree.
    MINORITY,
    /// No peer is fresh: the own vote, confirmed by the vantage check if it is DOWN.
    ALONE,
    /// No fresh vote: the last verdict is held.
    HELD_WITHOUT_VOTES,
    /// Too few sites are fresh and they do not agree: the last verdict is held.
    HELD_IN_DISPUTE,
    /// Too few sites are fresh, and this node cannot vouch for its uplink or has no vote: the last
    /// verdict is held.
    HELD_WITHOUT_VANTAGE,
    /// Too few sites are fresh, and the peers have not had time to be heard: the last verdict is
    /// held.
    HELD_WHILE_LEARNING
  }

  public record Decision(Verdict verdict, Reason reason) {}

  /// Decides about one target.
  public static Decision decide(Membership membership, Ballot ballot) {
    Map<String, Boolean> fresh = ballot.fresh();
    if (fresh.isEmpty()) {
      return new Decision(ballot.last(), Reason.HELD_WITHOUT_VOTES);
    }
    Boolean own = fresh.get(membership.self());
    if (membership.nodes().size() == 1 && own != null) {
      return new Decision(own ? Verdict.UP : Verdict.DOWN, Reason.OWN);
    }
    Map<String, Integer> balances = new HashMap<>();
    for (Membership.Node node : membership.nodes()) {
      Boolean up = fresh.get(node.name());
      if (up != null) {
        balances.merge(node.site(), up ? 1 : -1, Integer::sum);
      }
    }
    int balance = 0;
    for (int site : balances.values()) {
      balance += site >= 0 ? 1 : -1;
    }
    boolean alone = own != null && fresh.size() == 1;
    if (!alone && 2 * balances.size() > membership.siteCount()) {
      return majority(balances, balance, ballot.endpointSite());
    }
    return minority(ballot, balance, own != null, alone);
  }

  private static Decision majority(
      Map<String, Integer> balances, int balance, String endpointSite) {
    if (balance != 0) {
      return new Decision(balance > 0 ? Verdict.UP : Verdict.DOWN, Reason.MAJORITY);
    }
    Integer ownSite = balances.get(endpointSite);
    if (ownSite == null) {
      return new Decision(Verdict.UP, Reason.TIE);
    }
    // Without it one side is ahead: an even number of sites less one.
    return new Decision(ownSite >= 0 ? Verdict.DOWN : Verdict.UP, Reason.TIE_WITHOUT_OWN_SITE);
  }

  private static Decision minority(Ballot ballot, int balance, boolean hasOwn, boolean alone) {
    if (balance > 0) {
      return new Decision(Verdict.UP, alone ? Reason.ALONE : Reason.MINORITY);
    }
    if (ballot.fresh().containsValue(true)) {
      return new Decision(ballot.last(), Reason.HELD_IN_DISPUTE);
    }
    if (!hasOwn || !ballot.vantagePasses()) {
      return new Decision(ballot.last(), Reason.HELD_WITHOUT_VANTAGE);
    }
    if (ballot.learning()) {
      return new Decision(ballot.last(), Reason.HELD_WHILE_LEARNING);
    }
    return new Decision(Verdict.DOWN, alone ? Reason.ALONE : Reason.MINORITY);
  }
}
