package gslb.trials.conform;

/// What the three servers replied to one question.
record Replies(Question question, Reply ours, Reply knot, Reply nsd, Served served) {
  /// A server that ours is compared with.
  enum Peer {
    KNOT,
    NSD
  }

  Reply of(Peer peer) {
    return switch (peer) {
      case KNOT -> knot;
      case NSD -> nsd;
    };
  }

  boolean differs(Peer peer, Reply.Aspect aspect) {
    return !ours.aspect(aspect).equals(of(peer).aspect(aspect));
  }

  /// Whether the peers say the same. What a later section holds follows from those before it, so it
  /// counts only where those agree too.
  boolean peersAgree(Reply.Aspect aspect) {
    boolean agree = knot.aspect(aspect).equals(nsd.aspect(aspect));
    return switch (aspect) {
      case QUESTION, RCODE, AA, ANSWER, OPT -> agree;
      case AUTHORITY -> agree && peersAgree(Reply.Aspect.ANSWER);
      case ADDITIONAL -> agree && peersAgree(Reply.Aspect.AUTHORITY);
    };
  }

  @Override
  public String toString() {
    return question + "\n  ours " + ours + "\n  knot " + knot + "\n  nsd " + nsd;
  }
}
