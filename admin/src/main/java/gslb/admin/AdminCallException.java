package gslb.admin;

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

  AdminCallException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
