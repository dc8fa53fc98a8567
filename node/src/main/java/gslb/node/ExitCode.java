package gslb.node;

/// Exit codes of every command, after sysexits.h.
final class ExitCode {
  static final int OK = 0;

  /// The answer of the command is no: a pool is down, a name is not steered, a delegation is wrong.
  static final int NEGATIVE = 1;

  /// The command line is wrong.
  static final int USAGE = 64;

  /// The running node, or the parent of a zone, cannot be reached.
  static final int UNAVAILABLE = 69;

  /// A defect in gslb itself.
  static final int SOFTWARE = 70;

  /// An address cannot be bound, a folder cannot be written.
  static final int CANNOT_CREATE = 73;

  /// The configuration is wrong.
  static final int CONFIG = 78;

  private ExitCode() {}
}
