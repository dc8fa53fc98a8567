package gslb.steering;

import gslb.base.Address;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.steering.Change.Cause;
import gslb.steering.Change.Neighbour;
import gslb.steering.Change.NextSlot;
import gslb.steering.Change.PoolFails;
import gslb.steering.Change.PoolRecovers;
import gslb.steering.Change.RampArrives;
import gslb.steering.Explanation.Considered;
import gslb.steering.Explanation.Decision;
import gslb.steering.Explanation.Ramp;
import gslb.steering.Explanation.ScopeBound;
import gslb.steering.Explanation.Standing;
import gslb.steering.Explanation.Turn;
import gslb.steering.places.Partition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Tries what would change an explanation: each time one thing is changed in the plan or the
/// question, and the decision made again. Used once.
final class ChangeSearch {
  /// Prefixes of one class that are walked in search of a neighbour of another.
  static final int WALK_MAX = 256;

  private final SteeringPlan plan;
  private final Explanation now;
  private final List<Change> changes = new ArrayList<>();

  ChangeSearch(SteeringPlan plan, Explanation now) {
    this.plan = plan;
    this.now = now;
  }

  List<Change> changes() {
    failures();
    recoveries();
    ramps();
    if (now.isDrawn(Family.V4) || now.isDrawn(Family.V6)) {
      Address client = now.client().address();
      long block = Draws.block(client.isV4(), client.high(), client.low());
      long service = plan.tables().keyOfService()[now.service().id()];
      long at = Draws.slotEnd(plan.drawKey(), service, block, now.timeMillis());
      changes.add(new Change(new NextSlot(at), explain(plan, client, at)));
    }
    if (now.client().bound() == ScopeBound.PLACE) {
      neighbour();
    }
    return changes;
  }

  private Explanation explain(SteeringPlan of, Address client, long timeMillis) {
    return new Explainer(of, now.service().id(), client, now.asksV4(), timeMillis)
        .explainOneFamily();
  }

  private void add(Cause cause, SteeringPlan changed) {
    Explanation then = explain(changed, now.client().address(), now.timeMillis());
    if (isAnother(then)) {
      changes.add(new Change(cause, then));
    }
  }

  /// Another answer, or the same as a last resort.
  private boolean isAnother(Explanation then) {
    Decision one = now.decision();
    Decision other = then.decision();
    return one.stage() != other.stage()
        || !one.pools().equals(other.pools())
        || !one.v4().answered().equals(other.v4().answered())
        || !one.v6().answered().equals(other.v6().answered());
  }

  private void failures() {
    now.decision().pools().stream()
        .filter(pool -> !pool.isAlwaysUp())
        .limit(Change.POOLS_MAX)
        .forEach(
            pool -> add(new PoolFails(pool), with(pool, Verdict.DOWN, plan.readmission(), false)));
  }

  private SteeringPlan with(Pool pool, Verdict verdict, Readmission readmission, boolean isFreed) {
    VerdictTable table = plan.verdicts();
    for (Endpoint endpoint : pool.endpoints()) {
      table = table.with(endpoint.id(), verdict);
      if (isFreed) {
        table = table.with(endpoint.id(), EndpointOverride.NONE);
      }
    }
    return plan.withVerdicts(table, readmission);
  }

  private Set<Pool> pools(Predicate<Considered> which) {
    return now.considered().stream()
        .filter(which)
        .map(considered -> considered.state().pool())
        .limit(Change.POOLS_MAX)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void recoveries() {
    for (Pool pool : pools(one -> one.standing() == Standing.REJECTED)) {
      SteeringPlan recovered = with(pool, Verdict.UP, plan.readmission(), true);
      add(new PoolRecovers(pool, Duration.ofNanos(untilBlock(pool))), recovered);
    }
  }

  /// Nanoseconds from the recovery of a pool until its ramp has got to the client. A ramp that
  /// takes
  /// an answer away is none, so it is tried.
  private long untilBlock(Pool pool) {
    if (pool.ramp().isZero()) {
      return 0;
    }
    Readmission first = plan.readmission().withStep(pool, 1);
    Explanation then =
        explain(with(pool, Verdict.UP, first, true), now.client().address(), now.timeMillis());
    for (Turn turn : then.decision().turns()) {
      if (turn instanceof Ramp ramp && ramp.pool().equals(pool) && !ramp.isAdmitted()) {
        return Readmission.nanosTo(pool, ramp.blockStep());
      }
    }
    return 0;
  }

  private void ramps() {
    for (Turn turn : now.decision().turns()) {
      if (turn instanceof Ramp ramp && !ramp.isAdmitted()) {
        Pool pool = ramp.pool();
        long within =
            Readmission.nanosTo(pool, ramp.blockStep()) - Readmission.nanosTo(pool, ramp.step());
        add(
            new RampArrives(pool, ramp.blockStep(), Duration.ofNanos(within)),
            plan.withVerdicts(
                plan.verdicts(), plan.readmission().withStep(pool, ramp.blockStep())));
      }
    }
  }

  /// The scope's sibling is the smallest prefix beside it; somewhere in it is another class.
  private void neighbour() {
    Prefix scope = now.client().scope();
    Prefix sibling = sibling(scope);
    Address at = sibling.address();
    for (int walked = 0; walked < WALK_MAX && sibling.contains(at); walked++) {
      long found = lookup(at);
      Prefix prefix = Prefix.around(at, Math.max(Partition.scopeOf(found), scope.length()));
      if (Partition.classOf(found) != now.client().clientClass()) {
        changes.add(new Change(new Neighbour(prefix), explain(plan, at, now.timeMillis())));
        return;
      }
      Address last = prefix.last();
      if (last.equals(sibling.last())) {
        return;
      }
      at = after(last);
    }
  }

  private long lookup(Address address) {
    Partition partition = plan.tables().partition(now.service().id());
    return address.isV4()
        ? partition.lookupV4((int) address.low())
        : partition.lookupV6(address.high(), address.low());
  }

  private static Prefix sibling(Prefix prefix) {
    Address address = prefix.address();
    int length = prefix.length();
    if (address.isV4()) {
      return new Prefix(Address.v4((int) address.low() ^ 1 << 32 - length), length);
    }
    return new Prefix(
        length <= 64
            ? Address.v6(address.high() ^ 1L << 64 - length, address.low())
            : Address.v6(address.high(), address.low() ^ 1L << 128 - length),
        length);
  }

  private static Address after(Address address) {
    if (address.isV4()) {
      return Address.v4((int) address.low() + 1);
    }
    long low = address.low() + 1;
    return Address.v6(address.high() + (low == 0 ? 1 : 0), low);
  }
}
