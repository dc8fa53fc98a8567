package gslb.steering;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Some of the endpoints of an answer set, by systematic sampling: each is among them with a chance
/// exactly proportional to its weight, capped at 1, and one number decides for all. Immutable.
///
/// The endpoints that are always among them are taken out first, until none is left whose share of
/// the rest would exceed 1. The others lie on a line in configured order, each as long as its
/// weight times the number of places left; marks stand on it in steps of their total weight, the
/// first at a place drawn. No endpoint is longer than a step, so none is hit twice.
final class Sample {
  private final int[] always;
  private final int[] others;

  /// Where each of the others ends on the line.
  private final long[] ends;

  /// Between two marks.
  private final long step;

  private final int marks;

  private Sample(int[] always, int[] others, long[] ends, long step, int marks) {
    this.always = always;
    this.others = others;
    this.ends = ends;
    this.step = step;
    this.marks = marks;
  }

  /// @param cumulative sums of the weights up to and with each member
  /// @param count places, at least 1
  static Sample of(int[] members, long[] cumulative, int count) {
    boolean[] isAlways = new boolean[members.length];
    long weight = members.length == 0 ? 0 : cumulative[members.length - 1];
    int places = Math.min(count, members.length);
    boolean found = true;
    while (found) {
      found = false;
      for (int i = 0; i < members.length; i++) {
        long own = weight(cumulative, i);
        if (!isAlways[i] && own * places >= weight) {
          isAlways[i] = true;
          weight -= own;
          places--;
          found = true;
        }
      }
    }
    List<Integer> always = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    long[] ends = new long[members.length];
    long end = 0;
    for (int i = 0; i < members.length; i++) {
      if (isAlways[i]) {
        always.add(members[i]);
      } else {
        end += weight(cumulative, i) * places;
        ends[others.size()] = end;
        others.add(members[i]);
      }
    }
    return new Sample(
        always.stream().mapToInt(Integer::intValue).toArray(),
        others.stream().mapToInt(Integer::intValue).toArray(),
        ends,
        weight,
        places);
  }

  private static long weight(long[] cumulative, int index) {
    return cumulative[index] - (index == 0 ? 0 : cumulative[index - 1]);
  }

  /// How often each endpoint stands first, by id: as often as it is among them, divided by how many
  /// these are.
  Map<Integer, Double> firstChances() {
    Map<Integer, Double> chances = new HashMap<>();
    double size = always.length + marks;
    for (int endpoint : always) {
      chances.put(endpoint, 1 / size);
    }
    for (int i = 0; i < others.length && marks > 0; i++) {
      double length = ends[i] - (i == 0 ? 0 : ends[i - 1]);
      chances.put(others[i], length / step / size);
    }
    return chances;
  }

  /// Puts the endpoints into an array that holds as many as the sample has. Which one stands first
  /// is drawn too, because many clients take the first.
  ///
  /// @param number all 64 bits count
  /// @param turn all 64 bits count
  /// @return how many
  int take(long number, long turn, int[] chosen) {
    int size = always.length + marks;
    int at = (int) Math.unsignedMultiplyHigh(turn, size);
    for (int endpoint : always) {
      chosen[at] = endpoint;
      at = at + 1 == size ? 0 : at + 1;
    }
    long mark = Math.unsignedMultiplyHigh(number, step);
    int other = 0;
    for (int i = 0; i < marks; i++) {
      while (ends[other] <= mark) {
        other++;
      }
      chosen[at] = others[other];
      at = at + 1 == size ? 0 : at + 1;
      mark += step;
    }
    return size;
  }
}
