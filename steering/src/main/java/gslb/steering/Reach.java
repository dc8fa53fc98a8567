package gslb.steering;

import gslb.base.Family;

/// Which families a decision asks of a pool.
enum Reach {
  ANY,
  EVERY,
  V4,
  V6;

  /// The reach of a service's decision for a query of one family.
  static Reach of(Families families, Family family) {
    return switch (families) {
      case ANY -> ANY;
      case EVERY -> EVERY;
      case INDEPENDENT -> family == Family.V4 ? V4 : V6;
    };
  }
}
