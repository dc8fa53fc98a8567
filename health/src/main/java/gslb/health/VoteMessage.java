package gslb.health;

import java.util.List;

/// What a node tells the others. The pair (epoch, sequence) orders all messages of one origin, so
/// they may arrive late, twice or in any order, and every node that has the same messages has the
/// same votes.
public sealed interface VoteMessage {
  /// Name of the node that votes.
  String origin();

  /// Higher with every start of the origin.
  long epoch();

  /// Higher with every message of one epoch; begins at 1.
  long sequence();

  /// One vote has changed; sent at once.
  record Transition(String origin, long epoch, long sequence, Vote vote) implements VoteMessage {}

  /// All votes of the origin; sent every {@link VoteTable#DIGEST_INTERVAL}. What is missing has
  /// been withdrawn.
  record Digest(String origin, long epoch, long sequence, List<Vote> votes) implements VoteMessage {
    /// Votes that one digest can hold; more targets than that cannot be monitored.
    public static final int VOTES_MAX = 100_000;

    public Digest {
      votes = List.copyOf(votes);
    }
  }
}
