package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.testkit.Seeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class VoteTableTest {
  private static final TargetKey X = Samples.target(1, "").key();
  private static final TargetKey Y = Samples.target(2, "").key();

  private static Vote vote(TargetKey target, boolean up) {
    return new Vote(target, up, 3, 0);
  }

  private static VoteMessage transition(long epoch, long sequence, TargetKey target, boolean up) {
    return new VoteMessage.Transition("b", epoch, sequence, vote(target, up));
  }

  private static VoteMessage digest(long epoch, long sequence, Vote... votes) {
    return new VoteMessage.Digest("b", epoch, sequence, List.of(votes));
  }

  private static String seen(VoteTable table, TargetKey target) {
    List<VoteTable.Heard> votes = table.votes(target);
    return votes.isEmpty() ? "none" : votes.getFirst().vote().up() ? "up" : "down";
  }

  @Test
  void unknownOriginIsIgnored() {
    VoteTable table = new VoteTable(List.of("c"));
    assertThat(table.merge(transition(1, 1, X, true), 0)).isNull();
    assertThat(table.votes(X)).isEmpty();
  }

  @Test
  void overtakenTransitionIsIgnored() {
    VoteTable table = new VoteTable(List.of("b"));
    assertThat(table.merge(transition(1, 2, X, false), 0)).containsExactly(X);
    assertThat(table.merge(transition(1, 1, X, true), 0)).isNull();
    assertThat(seen(table, X)).isEqualTo("down");
  }

  @Test
  void digestWithdrawsWhatItDoesNotName() {
    VoteTable table = new VoteTable(List.of("b"));
    table.merge(transition(1, 1, X, false), 0);
    assertThat(table.merge(digest(1, 2, vote(Y, true)), 0)).containsExactlyInAnyOrder(X, Y);
    assertThat(seen(table, X)).isEqualTo("none");
    assertThat(table.merge(transition(1, 1, X, false), 0)).isNull();
  }

  @Test
  void lateDigestDoesNotUndoNewerTransition() {
    VoteTable table = new VoteTable(List.of("b"));
    table.merge(transition(1, 3, X, false), 0);
    table.merge(digest(1, 2, vote(X, true), vote(Y, true)), 0);
    assertThat(seen(table, X)).isEqualTo("down");
    assertThat(seen(table, Y)).isEqualTo("up");
  }

  @Test
  void newEpochWinsWhateverItsSequence() {
    VoteTable table = new VoteTable(List.of("b"));
    table.merge(digest(7, 900, vote(X, true)), 0);
    table.merge(digest(8, 1), 0);
    assertThat(seen(table, X)).isEqualTo("none");
    assertThat(table.merge(digest(7, 901, vote(X, true)), 0)).isNull();
  }

  @Test
  void repetitionDoesNotRefresh() {
    VoteTable table = new VoteTable(List.of("b"));
    VoteMessage message = digest(1, 1, vote(X, true));
    table.merge(message, 0);
    long late = VoteTable.FRESH_MAX.toNanos();
    assertThat(table.merge(message, late)).isNull();
    assertThat(table.votes(X).getFirst().isFresh(late - 1)).isTrue();
    assertThat(table.votes(X).getFirst().isFresh(late)).isFalse();
  }

  @Test
  void silentOriginIsForgottenWithItsEpoch() {
    VoteTable table = new VoteTable(List.of("b"));
    table.merge(digest(9, 9, vote(X, true)), 0);
    table.forgetSilent(VoteTable.SILENCE_MAX.toNanos());
    assertThat(table.votes(X)).isNotEmpty();
    long later = VoteTable.SILENCE_MAX.plus(Duration.ofNanos(1)).toNanos();
    table.forgetSilent(later);
    assertThat(table.votes(X)).isEmpty();
    assertThat(table.silenceNanos("b", later)).isEqualTo(-1);
    assertThat(table.merge(digest(1, 1, vote(X, false)), later)).isNotNull();
  }

  /// What an origin said last about each target, by replaying its messages in the order it sent
  /// them.
  private static Map<String, Boolean> replay(List<VoteMessage> inOrder) {
    Map<String, Map<TargetKey, Boolean>> byOrigin = new HashMap<>();
    for (VoteMessage message : inOrder) {
      Map<TargetKey, Boolean> votes =
          byOrigin.computeIfAbsent(message.origin(), _ -> new HashMap<>());
      switch (message) {
        case VoteMessage.Transition one -> votes.put(one.vote().target(), one.vote().up());
        case VoteMessage.Digest all -> {
          votes.clear();
          all.votes().forEach(vote -> votes.put(vote.target(), vote.up()));
        }
      }
    }
    Map<String, Boolean> flat = new TreeMap<>();
    byOrigin.forEach(
        (origin, votes) -> votes.forEach((target, up) -> flat.put(origin + " " + target, up)));
    return flat;
  }

  private static Map<String, Boolean> contents(VoteTable table, List<TargetKey> targets) {
    Map<String, Boolean> flat = new TreeMap<>();
    for (TargetKey target : targets) {
      for (VoteTable.Heard heard : table.votes(target)) {
        flat.put(heard.origin() + " " + target, heard.vote().up());
      }
    }
    return flat;
  }

  @Seeded(200)
  void anyOrderAndAnyRepetitionGiveTheSameVotes(Random random) {
    List<String> origins = List.of("b", "c", "d");
    List<TargetKey> targets = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      targets.add(Samples.target(i, "").key());
    }
    List<VoteMessage> sent = new ArrayList<>();
    for (String origin : origins) {
      long epoch = random.nextInt(100);
      long sequence = 0;
      for (int i = 0; i < 25; i++) {
        if (random.nextInt(10) == 0) {
          epoch += 1 + random.nextInt(5);
          sequence = 0;
          // A new run of a node knows nothing of the transitions of the one before, and says so.
          sent.add(new VoteMessage.Digest(origin, epoch, ++sequence, List.of()));
        }
        sequence += 1 + random.nextInt(2);
        if (random.nextInt(4) == 0) {
          List<Vote> votes = new ArrayList<>();
          targets.forEach(
              target -> {
                if (random.nextBoolean()) {
                  votes.add(vote(target, random.nextBoolean()));
                }
              });
          sent.add(new VoteMessage.Digest(origin, epoch, sequence, votes));
        } else {
          TargetKey target = targets.get(random.nextInt(targets.size()));
          sent.add(
              new VoteMessage.Transition(
                  origin, epoch, sequence, vote(target, random.nextBoolean())));
        }
      }
    }
    List<VoteMessage> arriving = new ArrayList<>(sent);
    for (int i = 0; i < 30; i++) {
      arriving.add(sent.get(random.nextInt(sent.size())));
    }
    Collections.shuffle(arriving, random);
    VoteTable table = new VoteTable(origins);
    arriving.forEach(message -> table.merge(message, 0));
    assertThat(contents(table, targets)).isEqualTo(replay(sent));
  }
}
