package gslb.admin;

import java.util.List;

/// A call of the API that did not succeed. The message is for operators.
public final class AdminCallException extends Exception {
  private static final long serialVersionUID = 1L;

  /// What kind of failure it was.
  public enum Kind {
    /// No node answers at the address.
    UNREACHABLE,
    /// The node does not accept the token, or where the call comes from.
    NOT_ALLOWED,
    /// What was asked is wrong in itself.
    WRONG,
    /// The node knows no such thing.
    NOT_FOUND,
    /// Anything else that the node says.
    FAILED
  }

  private final Kind kind;
  private final String json;

  /// Without a node's word.
  AdminCallException(Kind kind, String message) {
    this(kind, message, ProblemJson.of(title(kind), message, List.of()));
  }

  /// @param json the problem details that the node answered
  AdminCallException(Kind kind, String message, String json) {
    super(message);
    this.kind = kind;
    this.json = json;
  }

  private static String title(Kind kind) {
    return kind == Kind.UNREACHABLE ? "the node cannot be reached" : "the call failed";
  }

  /// Problem details (RFC 9457): the node's as they came, else what is wrong on this side.
  public String json() {
    return json;
  }

  public Kind kind() {
    return kind;
  }
}
