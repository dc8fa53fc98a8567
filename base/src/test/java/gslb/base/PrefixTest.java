package gslb.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PrefixTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "::1/64",
        "::/129",
        "/8",
        "10.0.0.0/8/8"
      })
  void textWithHostBitsOrBadLengthIsRefused(String text) {
    assertThat(Prefix.parse(text)).isEmpty();
  }

  @Test
  void aBareAddressIsABlockOfOne() {
    assertThat(Prefix.of("192.0.2.1")).hasToString("192.0.2.1/32");
    assertThat(Prefix.of("2001:db8::1")).hasToString("2001:db8::1/128");
  }

  @Test
  void boundsAndMembershipAgreeWithBigIntegers() {
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      int width = bytes.length * 8;
      int length = random.nextInt(width + 1);
      Prefix prefix = Prefix.around(Address.of(bytes), length);
      BigInteger value = new BigInteger(1, bytes);
      BigInteger size = BigInteger.ONE.shiftLeft(width - length);
      BigInteger first = value.subtract(value.mod(size));
      assertThat(new BigInteger(1, prefix.address().toBytes())).isEqualTo(first);
      assertThat(new BigInteger(1, prefix.last().toBytes()))
          .isEqualTo(first.add(size).subtract(BigInteger.ONE));
      assertThat(prefix.contains(Address.of(bytes))).isTrue();
      assertThat(Prefix.of(prefix.toString())).isEqualTo(prefix);
      if (length > 0) {
        bytes[(length - 1) / 8] ^= (byte) (0x80 >>> (length - 1) % 8);
        assertThat(prefix.contains(Address.of(bytes))).isFalse();
      }
    }
  }
}
