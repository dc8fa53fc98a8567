package gslb.trials.conform;

import gslb.trials.conform.Replies.Peer;
import gslb.trials.conform.Reply.Aspect;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What came out of the comparison, counted.
final class Tally {
  private static final int SAMPLES_MAX = 20;

  private final Map<Explanation, Integer> explained = new EnumMap<>(Explanation.class);
  private final Map<Explanation, Integer> againstBoth = new EnumMap<>(Explanation.class);
  private final Map<String, Integer> truncations = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private int questions;
  private int identical;
  private int faultCount;
  private int cutOff;

  /// Compares replies that came whole.
  void add(Replies replies) {
    questions++;
    boolean same = true;
    for (Aspect aspect : Aspect.values()) {
      boolean agreed = replies.peersAgree(aspect);
      for (Peer peer : Peer.values()) {
        if (replies.differs(peer, aspect)) {
          same = false;
          explain(replies, peer, aspect, agreed);
        }
      }
    }
    identical += same ? 1 : 0;
  }

  private void explain(Replies replies, Peer peer, Aspect aspect, boolean agreed) {
    for (Explanation each : Explanation.values()) {
      if ((each.binds || !agreed) && each.explains(replies, peer, aspect)) {
        explained.merge(each, 1, Integer::sum);
        if (agreed && peer == Peer.KNOT) {
          againstBoth.merge(each, 1, Integer::sum);
        }
        return;
      }
    }
    fault(aspect + " differs from " + peer + (agreed ? ", peers agree" : "") + ": " + replies);
  }

  /// Optional records that one server had no room for; over TCP all are the same.
  void addCutOff() {
    cutOff++;
  }

  /// Who set TC.
  void addTruncation(Replies udp) {
    String who =
        (udp.ours().isTruncated() ? "gslb " : "")
            + (udp.knot().isTruncated() ? "knot " : "")
            + (udp.nsd().isTruncated() ? "nsd " : "");
    truncations.merge(who.strip(), 1, Integer::sum);
  }

  /// Something that is wrong whatever the peers do.
  void fault(String what) {
    faultCount++;
    if (faults.size() < SAMPLES_MAX) {
      faults.add(what);
    }
  }

  int questions() {
    return questions;
  }

  int faultCount() {
    return faultCount;
  }

  List<String> faults() {
    return faults;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("questions %,d, the same in every respect %,d%n".formatted(questions, identical));
    text.append("differences explained, by section and peer:\n");
    for (Explanation each : Explanation.values()) {
      text.append(
          "  %,7d  %s: %s (%s)%s%n"
              .formatted(
                  explained.getOrDefault(each, 0),
                  each,
                  each.rule,
                  each.clause,
                  each.binds ? "; binds" : ""));
    }
    text.append(
        "  %,7d  optional addresses that did not fit over UDP, the same over TCP (RFC 2181 §9)%n"
            .formatted(cutOff));
    text.append("of these, where the peers agree and we differ: ").append(againstBoth).append('\n');
    text.append("TC over UDP, compared over TCP, by who set it: ").append(truncations).append('\n');
    text.append("unexplained %,d%n".formatted(faultCount));
    return text.toString();
  }
}
