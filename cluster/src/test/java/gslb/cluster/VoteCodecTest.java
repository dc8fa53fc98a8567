package gslb.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.health.TargetKey;
import gslb.health.Vote;
import gslb.health.VoteMessage;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class VoteCodecTest {
  private static VoteMessage randomMessage(Random random) {
    List<Vote> votes = new ArrayList<>();
    boolean transition = random.nextBoolean();
    for (int i = transition ? 1 : random.nextInt(50); i > 0; i--) {
      votes.add(
          new Vote(
              new TargetKey(random.nextLong(), random.nextLong()),
              random.nextBoolean(),
              1 + random.nextInt(Vote.REMAINING_MAX),
              random.nextInt(Integer.MAX_VALUE)));
    }
    String origin = "n\u00e4me-" + random.nextInt();
    long epoch = random.nextLong();
    long sequence = random.nextLong();
    return transition
        ? new VoteMessage.Transition(origin, epoch, sequence, votes.getFirst())
        : new VoteMessage.Digest(origin, epoch, sequence, votes);
  }

  @Seeded(200)
  void anyMessageComesBack(Random random) {
    VoteMessage message = randomMessage(random);
    assertThat(VoteCodec.decode(VoteCodec.encode(message))).hasValue(message);
  }

  @Test
  void theFormIsTheOneDocumented() {
    VoteMessage message =
        new VoteMessage.Transition("ab", 3, 4, new Vote(new TargetKey(5, 6), true, 65_535, 1_000));
    assertThat(HexFormat.of().formatHex(VoteCodec.encode(message)))
        .isEqualTo(
            "01"
                + "01"
                + "02"
                + "6162"
                + "0000000000000003"
                + "0000000000000004"
                + "00000001"
                + "0000000000000005"
                + "0000000000000006"
                + "01"
                + "ffff"
                + "000003e8");
  }

  @Seeded(200)
  void noTruncationIsAMessage(Random random) {
    byte[] encoded = VoteCodec.encode(randomMessage(random));
    int length = random.nextInt(encoded.length);
    assertThat(VoteCodec.decode(Arrays.copyOf(encoded, length))).isEmpty();
    assertThat(VoteCodec.decode(Arrays.copyOf(encoded, encoded.length + 1))).isEmpty();
  }

  @Seeded(2_000)
  void whateverIsDecodedEncodesToTheSameBytes(Random random) {
    byte[] bytes = VoteCodec.encode(randomMessage(random));
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[random.nextInt(Math.min(bytes.length, 40))] = (byte) random.nextInt();
    }
    VoteCodec.decode(bytes)
        .ifPresent(message -> assertThat(VoteCodec.encode(message)).isEqualTo(bytes));
  }

  @Test
  void aCountBeyondTheBytesIsRefusedBeforeAnythingIsAllocated() {
    byte[] encoded = VoteCodec.encode(new VoteMessage.Digest("a", 1, 1, List.of()));
    Arrays.fill(encoded, encoded.length - 4, encoded.length, (byte) 0x7f);
    assertThat(VoteCodec.decode(encoded)).isEmpty();
  }
}
