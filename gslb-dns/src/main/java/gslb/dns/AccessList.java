package gslb.dns;

import gslb.base.Prefix;
import java.util.List;

/// Who is answered, by the address the query came from, never by its client subnet.
///
/// @param rules the longest prefix that holds the client decides; a client in none is answered
public record AccessList(List<Rule> rules) {
  /// Rules of one list.
  public static final int RULES_MAX = 10_000;

  /// Answers everyone.
  public static final AccessList OPEN = new AccessList(List.of());

  public enum Action {
    ANSWER,
    /// REFUSED, with Extended DNS Error 18 (RFC 8914 §4.19).
    REFUSE,
    /// Silence.
    DROP
  }

  public record Rule(Prefix clients, Action action) {}

  public AccessList {
    rules = List.copyOf(rules);
  }
}
