package gslb.trials.script;

import java.util.List;

/// How a query travels.
enum Over {
  UDP,
  TCP,
  TLS;

  /// Where a query is asked that does not say it: the answer must be the same.
  static final List<Over> UNLESS_STATED = List.of(UDP, TCP);
}
