package gslb.steering;

/// The result of one decision. Owned by one thread, which reuses it for every query; it is written
/// by {@link SteeringPlan#steer} alone.
public final class Selection {
  /// What {@link #answerSet} is when the policy gives this client nothing: NODATA, or 503.
  public static final int NOTHING = -1;

  /// The chosen pool and which of its endpoints may be answered, or {@link #NOTHING}.
  public int answerSet;

  /// Length of the maximal prefix, in the client's family, in which the decision is the same.
  public int scope;

  /// The client's class in the service's partition.
  public int clientClass;

  /// The state that {@link SteeringPlan#endpoint} draws from.
  long draw;
}
