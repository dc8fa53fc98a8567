package gslb.steering;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How often two weighted rendezvous hashes over the same blocks of clients choose which of their
/// candidates.
///
/// A hash chooses the candidate of the least e / weight, where e is exponential with mean 1 and,
/// for
/// candidates of the same key, the same in both. That the one chooses i and the other j is then the
/// integral, over the ratio r of j's number to i's, of 1 / g(r)², where g is a sum of maxima of
/// linear functions; on each piece on which they are linear it has a closed form.
final class HashOverlap {
  /// By key: the weight in each, 0 if it is no candidate there.
  private final double[] before;

  private final double[] after;

  /// By candidate of each, the index of its key.
  private final int[] keyOfBefore;

  private final int[] keyOfAfter;

  HashOverlap(List<Program.Candidate> before, List<Program.Candidate> after) {
    Map<Long, Integer> keys = new LinkedHashMap<>();
    keyOfBefore = keys(before, keys);
    keyOfAfter = keys(after, keys);
    this.before = weights(before, keyOfBefore, keys.size());
    this.after = weights(after, keyOfAfter, keys.size());
  }

  private static int[] keys(List<Program.Candidate> candidates, Map<Long, Integer> keys) {
    int[] of = new int[candidates.size()];
    for (int i = 0; i < of.length; i++) {
      of[i] = keys.computeIfAbsent(candidates.get(i).key(), _ -> keys.size());
    }
    return of;
  }

  private static double[] weights(List<Program.Candidate> candidates, int[] keys, int count) {
    double[] weights = new double[count];
    for (int i = 0; i < keys.length; i++) {
      weights[keys[i]] = candidates.get(i).weight();
    }
    return weights;
  }

  /// The chance that the one before chooses its candidate i and the other its candidate j.
  double chance(int candidateBefore, int candidateAfter) {
    int i = keyOfBefore[candidateBefore];
    int j = keyOfAfter[candidateAfter];
    return i == j ? same(i) : different(i, j);
  }

  private double same(int i) {
    double sum = 0;
    for (int k = 0; k < before.length; k++) {
      sum += Math.max(before[k] / before[i], after[k] / after[i]);
    }
    return 1 / sum;
  }

  private double different(int i, int j) {
    double from = before[j] / before[i];
    double to = after[i] == 0 ? Double.POSITIVE_INFINITY : after[j] / after[i];
    if (from >= to) {
      return 0;
    }
    double[] bends = new double[before.length];
    int count = 0;
    double slope = 1;
    for (int k = 0; k < before.length; k++) {
      if (k != i && k != j && after[k] > 0) {
        slope += after[k] / after[j];
        double bend = before[k] / before[i] * (after[j] / after[k]);
        if (bend > from && bend < to) {
          bends[count++] = bend;
        }
      }
    }
    Arrays.sort(bends, 0, count);
    double chance = 0;
    double at = from;
    for (int bend = 0; bend < count; bend++) {
      chance += (bends[bend] - at) / (g(at, i, j) * g(bends[bend], i, j));
      at = bends[bend];
    }
    return chance
        + (to == Double.POSITIVE_INFINITY
            ? 1 / (slope * g(at, i, j))
            : (to - at) / (g(at, i, j) * g(to, i, j)));
  }

  private double g(double r, int i, int j) {
    double sum = 1 + r;
    for (int k = 0; k < before.length; k++) {
      if (k != i && k != j) {
        sum += Math.max(before[k] / before[i], r * after[k] / after[j]);
      }
    }
    return sum;
  }
}
