package gslb.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.testkit.Seeded;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EnvelopeTest {
  private static ClusterSecret secret(char filler) {
    byte[] bytes = new byte[ClusterSecret.LENGTH_MIN];
    Arrays.fill(bytes, (byte) filler);
    return new ClusterSecret(bytes);
  }

  private final Envelope envelope = new Envelope("prod", secret('a'));

  @Seeded(50)
  void anyBodyComesBack(Random random) {
    byte[] body = new byte[random.nextInt(5_000)];
    random.nextBytes(body);
    assertThat(envelope.open(envelope.seal(body))).hasValue(body);
  }

  @Test
  void anotherSecretOrClusterIsNotHeard() {
    byte[] sealed = envelope.seal("vote".getBytes(US_ASCII));
    assertThat(new Envelope("prod", secret('b')).open(sealed)).isEmpty();
    assertThat(new Envelope("test", secret('a')).open(sealed)).isEmpty();
    assertThat(new Envelope("prod", secret('a')).open(sealed)).isPresent();
  }

  @Test
  void anyChangedBitIsNoticed() {
    byte[] sealed = envelope.seal("vote".getBytes(US_ASCII));
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(envelope.open(changed)).as("bit " + bit).isEmpty();
    }
  }

  @Test
  void anyTruncationIsRefused() {
    byte[] sealed = envelope.seal("vote".getBytes(US_ASCII));
    for (int length = 0; length < sealed.length; length++) {
      assertThat(envelope.open(Arrays.copyOf(sealed, length))).as("length " + length).isEmpty();
    }
  }

  @Test
  void aMessageOverTheLimitIsNeverSent() {
    assertThatThrownBy(() -> envelope.seal(new byte[Envelope.MESSAGE_LENGTH_MAX]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aShortSecretIsRefusedAndNoneIsShown() {
    assertThatThrownBy(() -> new ClusterSecret(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(secret('a')).hasToString("ClusterSecret[32 bytes]");
  }
}
