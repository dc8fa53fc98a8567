package gslb.steering;

import gslb.base.Address;

/// The compiled form of a catalog for one table of verdicts: what each class of clients gets from
/// each service. Immutable; any number of threads steer by it at once, without allocation.
///
/// Answer sets have dense ids that stay the same over verdict flips of one catalog.
public final class SteeringPlan {
  private SteeringPlan() {}

  /// Decides for one client, whatever the query type and the transport.
  ///
  /// @param v4 the client's family; `high` is then 0 and `low` has 32 bits
  /// @param timeMillis wall-clock time, which chooses the slot of a draw
  public void steer(
      int service, boolean v4, long high, long low, long timeMillis, Selection selection) {
    throw new AssertionError("contract");
  }

  /// The one endpoint of that family to answer, drawn by weight among those of the selected answer
  /// set, or -1 if the set has none: NODATA.
  public int endpoint(Selection selection, boolean v4) {
    throw new AssertionError("contract");
  }

  /// Every endpoint of that family in the answer set, in configured order; do not modify.
  public int[] endpoints(int answerSet, boolean v4) {
    throw new AssertionError("contract");
  }

  public int answerSetCount() {
    throw new AssertionError("contract");
  }

  /// The pool whose endpoints these are.
  public Pool pool(int answerSet) {
    throw new AssertionError("contract");
  }

  public Address address(int endpoint) {
    throw new AssertionError("contract");
  }

  public Catalog catalog() {
    throw new AssertionError("contract");
  }
}
