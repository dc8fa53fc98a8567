package gslb.steering;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How often two programs come to which answer sets for one client at one moment: exactly, by
/// integrating over the numbers that they draw from.
///
/// Where both draw at one depth they fall back on one number, and where both hash the candidates
/// that both have do, so what they come to is not independent: a draw of 90 to 10 and one of 80 to
/// 20 differ for a tenth of the clients, and a sticky policy that gets one more pool of equal
/// weight moves no client but to that. Draws of different depths, and a draw and a hash, are
/// independent. One case is taken for independent though it is not: hashes of the same candidates,
/// one before and one behind a draw, where the other has a draw of that depth too. Confined to one
/// thread.
final class ProgramOverlap {
  /// Answer sets that the two come to.
  record Outcome(int before, int after) {}

  /// The two from where they have got to.
  private record State(
      Program before, int depthBefore, Program after, int depthAfter, Map<Long, Steps> admitted) {}

  /// The steps of ramps, above one and up to another, that a client's block may have.
  private record Steps(int above, int upTo) {
    static final Steps ALL = new Steps(0, Readmission.STEPS);
  }

  private final boolean sharesNumbers;
  private final boolean sharesRamps;
  private final Map<State, Map<Outcome, Double>> done = new HashMap<>();

  /// @param sharesNumbers whether both draw for one service with one key
  /// @param sharesRamps whether both admit with one key, for whatever service
  ProgramOverlap(boolean sharesNumbers, boolean sharesRamps) {
    this.sharesNumbers = sharesNumbers;
    this.sharesRamps = sharesRamps;
  }

  /// Chances that sum up to 1.
  Map<Outcome, Double> of(Program before, Program after) {
    return of(new State(before, 0, after, 0, Map.of()));
  }

  /// Chances of one program by itself, by answer set.
  static Map<Integer, Double> chances(Program program) {
    Map<Integer, Double> chances = new HashMap<>();
    new ProgramOverlap(false, false)
        .of(program, Program.NODATA)
        .forEach((outcome, chance) -> chances.merge(outcome.before(), chance, Double::sum));
    return chances;
  }

  private Map<Outcome, Double> of(State state) {
    Map<Outcome, Double> known = done.get(state);
    if (known == null) {
      known = new HashMap<>();
      add(state, known);
      done.put(state, known);
    }
    return known;
  }

  private void add(State state, Map<Outcome, Double> to) {
    Program before = state.before();
    Program after = state.after();
    if (before instanceof Program.Ramp ramp) {
      split(ramp, state, true, to);
    } else if (after instanceof Program.Ramp ramp) {
      split(ramp, state, false, to);
    } else if (before instanceof Program.Leaf(int one)
        && after instanceof Program.Leaf(int other)) {
      to.merge(new Outcome(one, other), 1.0, Double::sum);
    } else if (after instanceof Program.Leaf
        || (!sharesNumbers && !(before instanceof Program.Leaf))) {
      splitBefore(state, to);
    } else if (before instanceof Program.Leaf) {
      splitAfter(state, to);
    } else {
      together(state, to);
    }
  }

  /// Two choices that may depend on one number. What cannot depend on the other's next step, but
  /// may on a later one, waits for that.
  private void together(State state, Map<Outcome, Double> to) {
    Program before = state.before();
    Program after = state.after();
    if (before instanceof Program.Hash one && after instanceof Program.Hash other) {
      if (sharesKeys(one, other) || !leadsToKeysOf(one, other) && !leadsToKeysOf(other, one)) {
        hash(one, other, state, to);
      } else if (leadsToKeysOf(one, other)) {
        splitBefore(state, to);
      } else {
        splitAfter(state, to);
      }
    } else if (before instanceof Program.Draw one
        && after instanceof Program.Draw other
        && state.depthBefore() == state.depthAfter()) {
      draw(one, other, state, to);
    } else if (isFirst(state)) {
      splitBefore(state, to);
    } else {
      splitAfter(state, to);
    }
  }

  /// Of a draw and another step: the less deep, for only draws of one depth are one; the draw, if
  /// they are as deep.
  private static boolean isFirst(State state) {
    return state.depthBefore() == state.depthAfter()
        ? state.before() instanceof Program.Draw
        : state.depthBefore() < state.depthAfter();
  }

  private static boolean sharesKeys(Program.Hash one, Program.Hash other) {
    return one.candidates().stream()
        .anyMatch(
            candidate ->
                other.candidates().stream().anyMatch(with -> with.key() == candidate.key()));
  }

  /// Whether a hash inside has candidates of the other.
  private static boolean leadsToKeysOf(Program program, Program.Hash other) {
    return switch (program) {
      case Program.Leaf _ -> false;
      case Program.Ramp ramp ->
          leadsToKeysOf(ramp.with(), other) || leadsToKeysOf(ramp.without(), other);
      case Program.Draw draw ->
          draw.shares().stream().anyMatch(share -> reachesKeysOf(share.program(), other));
      case Program.Hash hash ->
          hash.candidates().stream()
              .anyMatch(candidate -> reachesKeysOf(candidate.program(), other));
    };
  }

  private static boolean reachesKeysOf(Program program, Program.Hash other) {
    return program instanceof Program.Hash hash && sharesKeys(hash, other)
        || leadsToKeysOf(program, other);
  }

  private void add(State state, double chance, Map<Outcome, Double> to) {
    if (chance > 0) {
      of(state).forEach((outcome, part) -> to.merge(outcome, chance * part, Double::sum));
    }
  }

  /// Who is admitted at a step stays so at every higher one.
  private void split(Program.Ramp ramp, State state, boolean isBefore, Map<Outcome, Double> to) {
    // Blocks of clients are taken to be the same size in both.
    long key = sharesRamps ? ramp.key() : ramp.key() + (isBefore ? 0 : 1);
    Steps steps = state.admitted().getOrDefault(key, Steps.ALL);
    int middle = Math.clamp(ramp.threshold(), steps.above(), steps.upTo());
    double size = steps.upTo() - steps.above();
    add(
        ramped(state, isBefore, ramp.with(), key, new Steps(steps.above(), middle)),
        (middle - steps.above()) / size,
        to);
    add(
        ramped(state, isBefore, ramp.without(), key, new Steps(middle, steps.upTo())),
        (steps.upTo() - middle) / size,
        to);
  }

  private static State ramped(State state, boolean isBefore, Program next, long key, Steps steps) {
    Map<Long, Steps> admitted = new HashMap<>(state.admitted());
    admitted.put(key, steps);
    return new State(
        isBefore ? next : state.before(),
        state.depthBefore(),
        isBefore ? state.after() : next,
        state.depthAfter(),
        admitted);
  }

  private void splitBefore(State state, Map<Outcome, Double> to) {
    List<Program> parts = parts(state.before());
    double[] shares = shares(state.before());
    for (int i = 0; i < shares.length; i++) {
      add(
          new State(
              parts.get(i),
              state.depthBefore() + 1,
              state.after(),
              state.depthAfter(),
              state.admitted()),
          shares[i],
          to);
    }
  }

  private void splitAfter(State state, Map<Outcome, Double> to) {
    List<Program> parts = parts(state.after());
    double[] shares = shares(state.after());
    for (int i = 0; i < shares.length; i++) {
      add(
          new State(
              state.before(),
              state.depthBefore(),
              parts.get(i),
              state.depthAfter() + 1,
              state.admitted()),
          shares[i],
          to);
    }
  }

  private static List<Program> parts(Program program) {
    return switch (program) {
      case Program.Draw draw -> draw.shares().stream().map(Program.Share::program).toList();
      case Program.Hash hash -> hash.candidates().stream().map(Program.Candidate::program).toList();
      case Program.Leaf _, Program.Ramp _ -> throw new IllegalStateException("no choice");
    };
  }

  /// Of a hash as of a draw, the chance of a part is its share of the weight.
  private static double[] shares(Program program) {
    double[] weights =
        switch (program) {
          case Program.Draw draw ->
              draw.shares().stream().mapToDouble(Program.Share::weight).toArray();
          case Program.Hash hash ->
              hash.candidates().stream().mapToDouble(Program.Candidate::weight).toArray();
          case Program.Leaf _, Program.Ramp _ -> throw new IllegalStateException("no choice");
        };
    double total = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / total).toArray();
  }

  private void next(
      State state, Program before, Program after, double chance, Map<Outcome, Double> to) {
    add(
        new State(before, state.depthBefore() + 1, after, state.depthAfter() + 1, state.admitted()),
        chance,
        to);
  }

  /// The number falls into one interval of each.
  private void draw(Program.Draw before, Program.Draw after, State state, Map<Outcome, Double> to) {
    double[] ofBefore = shares(before);
    double[] ofAfter = shares(after);
    Intervals.overlap(
        ofBefore,
        ofAfter,
        (i, j, length) ->
            next(
                state,
                before.shares().get(i).program(),
                after.shares().get(j).program(),
                length,
                to));
  }

  private void hash(Program.Hash before, Program.Hash after, State state, Map<Outcome, Double> to) {
    HashOverlap overlap = new HashOverlap(before.candidates(), after.candidates());
    for (int i = 0; i < before.candidates().size(); i++) {
      for (int j = 0; j < after.candidates().size(); j++) {
        next(
            state,
            before.candidates().get(i).program(),
            after.candidates().get(j).program(),
            overlap.chance(i, j),
            to);
      }
    }
  }
}
