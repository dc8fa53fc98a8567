package gslb.admin;

/// What was asked to be explained cannot be: a parameter is wrong, or names what does not exist.
/// The
/// message says which, and what to do.
public final class ExplainRefused extends Exception {
  private static final long serialVersionUID = 1;

  public ExplainRefused(String problem) {
    super(problem);
  }
}
