package gslb.steering;

import gslb.base.Family;
import gslb.steering.ProgramCompiler.Compiled;
import gslb.steering.SteeringTables.ProgramSource;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// Runs {@link ProgramCompiler} over the programs of a catalog and lays the results out in arrays;
/// from an older plan it takes over what the new verdicts do not touch. Used once.
final class PlanCompiler {
  private final SteeringTables tables;
  private final VerdictTable verdicts;
  private final Readmission readmission;
  private final long drawKey;

  PlanCompiler(
      SteeringTables tables, VerdictTable verdicts, Readmission readmission, long drawKey) {
    if (verdicts.size() != tables.catalog().endpoints().size()) {
      throw new IllegalArgumentException(
          "verdicts on "
              + verdicts.size()
              + " endpoints for a catalog of "
              + tables.catalog().endpoints().size());
    }
    this.tables = tables;
    this.verdicts = verdicts;
    this.readmission = readmission;
    this.drawKey = drawKey;
  }

  SteeringPlan compile() {
    int pools = tables.catalog().pools().size();
    PlanArrays arrays =
        new PlanArrays(
            pools, tables.programCount(), tables.answerSets().count(), tables.counts().length);
    BitSet all = new BitSet();
    all.set(0, pools);
    place(arrays, all);
    BitSet programs = new BitSet();
    programs.set(0, tables.programCount());
    run(arrays, programs);
    return new SteeringPlan(tables, verdicts, readmission, drawKey, arrays);
  }

  /// The same plan for other verdicts and ramps: states of pools whose endpoints and ramps did not
  /// change, and programs that would choose among unchanged pools, stay.
  SteeringPlan compileFrom(SteeringPlan old) {
    BitSet changed = new BitSet();
    for (Pool pool : tables.catalog().pools()) {
      if (isTouched(pool, old.verdicts())
          || readmission.step(pool) != old.state(pool.id()).rampStep()) {
        changed.set(pool.id());
      }
    }
    if (changed.isEmpty()) {
      return old;
    }
    PlanArrays arrays = new PlanArrays(old.arrays());
    place(arrays, changed);
    BitSet programs = new BitSet();
    for (int pool = changed.nextSetBit(0); pool >= 0; pool = changed.nextSetBit(pool + 1)) {
      if (!arrays.states[pool].choosesLike(old.arrays().states[pool])) {
        for (int program : tables.programsOfPool(pool)) {
          programs.set(program);
        }
      }
    }
    run(arrays, programs);
    return new SteeringPlan(tables, verdicts, readmission, drawKey, arrays);
  }

  private boolean isTouched(Pool pool, VerdictTable before) {
    for (Endpoint endpoint : pool.endpoints()) {
      int id = endpoint.id();
      if (verdicts.verdict(id) != before.verdict(id)
          || verdicts.override(id) != before.override(id)) {
        return true;
      }
    }
    return false;
  }

  private void place(PlanArrays arrays, BitSet pools) {
    for (int id = pools.nextSetBit(0); id >= 0; id = pools.nextSetBit(id + 1)) {
      Pool pool = tables.catalog().pools().get(id);
      PoolState state = new PoolState(pool, verdicts, readmission.step(pool));
      arrays.states[id] = state;
      for (AnswerKind kind : AnswerKind.values()) {
        for (Family family : Family.values()) {
          int at = PlanArrays.index(kind.answerSet(pool), family == Family.V4);
          arrays.members[at] = state.members(kind, family);
          arrays.memberWeights[at] = state.cumulativeWeights(kind, family);
          sample(arrays, at);
        }
      }
    }
    for (Residual.All all : tables.answerSets().alls()) {
      if (all.pools().stream().anyMatch(pool -> pools.get(pool.id()))) {
        tables.answerSets().join(all, arrays, at -> sample(arrays, at));
      }
    }
  }

  private void sample(PlanArrays arrays, int at) {
    for (int i = 0; i < tables.counts().length; i++) {
      arrays.samples[i][at] =
          Sample.of(arrays.members[at], arrays.memberWeights[at], tables.counts()[i]);
    }
  }

  private void run(PlanArrays arrays, BitSet programs) {
    ProgramCompiler compiler = new ProgramCompiler(tables.answerSets(), arrays.states);
    Map<Program, Steps> known = new HashMap<>();
    for (int id = programs.nextSetBit(0); id >= 0; id = programs.nextSetBit(id + 1)) {
      ProgramSource source = tables.source(id);
      Compiled compiled = compiler.compile(source.residual(), source.allDown(), source.reach());
      Program program = compiled.program();
      if (program instanceof Program.Leaf(int answerSet)) {
        arrays.code[id] = answerSet;
        arrays.steps[id] = null;
      } else {
        arrays.code[id] = Selection.NOTHING;
        arrays.steps[id] = known.computeIfAbsent(program, Steps::of);
      }
      arrays.programs[id] = program;
      arrays.stages[id] = compiled.stage();
    }
  }
}
