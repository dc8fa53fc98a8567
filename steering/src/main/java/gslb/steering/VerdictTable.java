package gslb.steering;

import java.util.Arrays;

/// The verdict and the override of every endpoint of one catalog, by endpoint id. Immutable.
public final class VerdictTable {
  private final Verdict[] verdicts;
  private final EndpointOverride[] overrides;

  private VerdictTable(Verdict[] verdicts, EndpointOverride[] overrides) {
    this.verdicts = verdicts;
    this.overrides = overrides;
  }

  /// Every endpoint in the same state, nothing overridden.
  public static VerdictTable all(int endpointCount, Verdict verdict) {
    Verdict[] verdicts = new Verdict[endpointCount];
    Arrays.fill(verdicts, verdict);
    EndpointOverride[] overrides = new EndpointOverride[endpointCount];
    Arrays.fill(overrides, EndpointOverride.NONE);
    return new VerdictTable(verdicts, overrides);
  }

  public VerdictTable with(int endpoint, Verdict verdict) {
    Verdict[] changed = verdicts.clone();
    changed[endpoint] = verdict;
    return new VerdictTable(changed, overrides);
  }

  public VerdictTable with(int endpoint, EndpointOverride override) {
    EndpointOverride[] changed = overrides.clone();
    changed[endpoint] = override;
    return new VerdictTable(verdicts, changed);
  }

  /// A copy of all verdicts, by endpoint id.
  Verdict[] verdicts() {
    return verdicts.clone();
  }

  /// The same overrides over other verdicts.
  ///
  /// @param others not copied; whoever goes on changing them keeps the table to itself
  VerdictTable over(Verdict[] others) {
    return new VerdictTable(others, overrides);
  }

  public int size() {
    return verdicts.length;
  }

  public Verdict verdict(int endpoint) {
    return verdicts[endpoint];
  }

  public EndpointOverride override(int endpoint) {
    return overrides[endpoint];
  }

  /// What the verdicts say by themselves in the best case: nothing is overridden, and what is
  /// unknown is up.
  VerdictTable hopeful() {
    Verdict[] known = verdicts.clone();
    for (int i = 0; i < known.length; i++) {
      known[i] = known[i] == Verdict.DOWN ? Verdict.DOWN : Verdict.UP;
    }
    EndpointOverride[] none = new EndpointOverride[overrides.length];
    Arrays.fill(none, EndpointOverride.NONE);
    return new VerdictTable(known, none);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerdictTable table
        && Arrays.equals(table.verdicts, verdicts)
        && Arrays.equals(table.overrides, overrides);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(verdicts) + Arrays.hashCode(overrides);
  }
}
