package gslb.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DnsNameTest {
  @Test
  void wireFormIsLengthOctetsAndLabels() {
    assertThat(DnsName.of("www.example.org").toWire())
        .isEqualTo("\3www\7example\3org\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertThat(DnsName.of(".").toWire()).containsExactly(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "a..b", ".a", "a\\", "a\\25", "a\\256", "\u00e9\u0100.org"})
  void malformedTextIsRefused(String text) {
    assertThat(DnsName.parse(text)).isEmpty();
  }

  @Test
  void lengthLimitsAreThoseOfRfc1035() {
    String label63 = "a".repeat(63);
    assertThat(DnsName.parse(label63)).isPresent();
    assertThat(DnsName.parse(label63 + "a")).isEmpty();
    // 3 × 64 + 62 octets of labels and the root: 255.
    String longest = (label63 + ".").repeat(3) + "a".repeat(61);
    assertThat(DnsName.of(longest).wireLength()).isEqualTo(255);
    assertThat(DnsName.of(longest + ".").wireLength()).isEqualTo(255);
    assertThat(DnsName.parse(longest + "a")).isEmpty();
    assertThat(DnsName.parse(longest + "a.")).isEmpty();
  }

  @Test
  void caseIsKeptButNotCompared() {
    DnsName mixed = DnsName.of("WwW.Example.ORG");
    assertThat(mixed).isEqualTo(DnsName.of("www.example.org")).hasToString("WwW.Example.ORG.");
    assertThat(mixed.hashCode()).isEqualTo(DnsName.of("www.example.org").hashCode());
    assertThat(DnsName.of("a\\[.org")).isNotEqualTo(DnsName.of("a\\{.org"));
  }

  @Test
  void anyOctetSurvivesTheTextualForm() {
    Random random = new Random(3);
    for (int i = 0; i < 5_000; i++) {
      byte[] wire = new byte[2 + random.nextInt(10)];
      random.nextBytes(wire);
      wire[0] = (byte) (wire.length - 2);
      wire[wire.length - 1] = 0;
      if (wire[0] == 0) {
        continue;
      }
      DnsName name = DnsName.ofWire(wire, 0);
      assertThat(DnsName.of(name.toString()).toWire()).isEqualTo(wire);
    }
  }

  @Test
  void orderIsThatOfRfc4034() {
    // RFC 4034 §6.1
    List<DnsName> ordered =
        List.of(
            DnsName.of("example"),
            DnsName.of("a.example"),
            DnsName.of("yljkjljk.a.example"),
            DnsName.of("Z.a.example"),
            DnsName.of("zABC.a.EXAMPLE"),
            DnsName.of("z.example"),
            DnsName.of("\\001.z.example"),
            DnsName.of("*.z.example"),
            DnsName.of("\\200.z.example"));
    List<DnsName> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(4));
    Collections.sort(shuffled);
    assertThat(shuffled).isEqualTo(ordered);
  }

  @Test
  void ancestryGoesByWholeLabels() {
    assertThat(DnsName.of("a.example.org").isAtOrBelow(DnsName.of("EXAMPLE.org"))).isTrue();
    assertThat(DnsName.of("example.org").isAtOrBelow(DnsName.of("example.org"))).isTrue();
    assertThat(DnsName.of("example.org").isAtOrBelow(DnsName.ROOT)).isTrue();
    assertThat(DnsName.of("badexample.org").isAtOrBelow(DnsName.of("example.org"))).isFalse();
    assertThat(DnsName.of("org").isAtOrBelow(DnsName.of("example.org"))).isFalse();
  }

  @Test
  void bytesThatAreNotOneNameAreRefused() {
    assertThatThrownBy(() -> DnsName.ofWire(new byte[] {1, 'a'}, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DnsName.ofWire(new byte[] {(byte) 0xc0, 0}, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DnsName.ofWire(new byte[300], 300))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyTheRootKeepsItsDot() {
    assertThat(DnsName.of("www.example.org").withoutDot()).isEqualTo("www.example.org");
    assertThat(DnsName.of("a\\.b.example.").withoutDot()).isEqualTo("a\\.b.example");
    assertThat(DnsName.of(".").withoutDot()).isEqualTo(".");
  }
}
