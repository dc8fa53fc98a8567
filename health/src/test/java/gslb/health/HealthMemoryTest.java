package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.testkit.Seeded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HealthMemoryTest {
  private static HealthMemory random(Random random) {
    List<HealthMemory.Remembered> targets = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      targets.add(
          new HealthMemory.Remembered(
              new TargetKey(random.nextLong(), random.nextLong()),
              Samples.verdict(random),
              Samples.verdict(random)));
    }
    return new HealthMemory(random.nextLong(), random.nextLong(), targets);
  }

  @Seeded(100)
  void readsWhatItWrote(Random random) {
    HealthMemory memory = random(random);
    List<String> warnings = new ArrayList<>();
    assertThat(HealthMemory.decode(memory.encode(), warnings::add)).isEqualTo(memory);
    assertThat(warnings).isEmpty();
  }

  @Seeded(100)
  void damageIsIgnoredWithOneWarning(Random random) {
    byte[] bytes = random(random).encode();
    if (random.nextBoolean()) {
      bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
    } else {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
    }
    List<String> warnings = new ArrayList<>();
    assertThat(HealthMemory.decode(bytes, warnings::add)).isEqualTo(HealthMemory.NONE);
    assertThat(warnings).hasSize(1);
  }

  @Test
  void strangersBytesAreIgnored() {
    List<String> warnings = new ArrayList<>();
    for (String text : List.of("", "\n", "end 0 0\n", "gslb-health 2\nend 0 0\n", "\nend -2 0\n")) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      assertThat(HealthMemory.decode(bytes, warnings::add)).isEqualTo(HealthMemory.NONE);
    }
    assertThat(warnings).hasSize(5);
  }

  @Test
  void usableForAnHourAndNotFromTheFuture() {
    HealthMemory memory = new HealthMemory(10_000_000, 1, List.of());
    assertThat(memory.isUsable(10_000_000)).isTrue();
    assertThat(memory.isUsable(10_000_000 + 3_599_999)).isTrue();
    assertThat(memory.isUsable(10_000_000 + 3_600_000)).isFalse();
    assertThat(memory.isUsable(10_000_000 - 60_000)).isTrue();
    assertThat(memory.isUsable(10_000_000 - 60_001)).isFalse();
  }
}
