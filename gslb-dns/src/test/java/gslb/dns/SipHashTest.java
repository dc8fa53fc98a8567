package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The vectors of the paper and of its authors' reference implementation: key 00 01 … 0f, input 00
/// 01 … of each length.
final class SipHashTest {
  @ParameterizedTest
  @CsvSource({
    "0, 726fdb47dd0e0e31",
    "1, 74f839c593dc67fd",
    "2, 0d6c8009d9a94f5a",
    "3, 85676696d7fb7e2d",
    "8, 93f5f5799a932462",
    "15, a129ca6149be45e5",
    "63, 958a324ceb064572"
  })
  void theHashIsThatOfTheReferenceImplementation(int length, String hash) {
    byte[] key = upwards(16);
    long actual =
        SipHash.hash(upwards(64), length, SipHash.get(key, 0), SipHash.get(key, Long.BYTES));
    assertThat(Long.toHexString(actual)).isEqualTo(hash.replaceFirst("^0+", ""));
  }

  private static byte[] upwards(int length) {
    byte[] octets = new byte[length];
    for (int i = 0; i < length; i++) {
      octets[i] = (byte) i;
    }
    return octets;
  }
}
