package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TargetKeyTest {
  private static final Address ADDRESS = Address.of("192.0.2.10");

  private static Monitor monitor(
      String name, Monitor.Check check, int port, long interval, int rise) {
    return new Monitor(
        name, check, port, Duration.ofMillis(interval), Duration.ofMillis(700), rise, 3);
  }

  private static Monitor.Check.Http http(
      boolean tls, @Nullable String host, String path, @Nullable String body, boolean verify) {
    return new Monitor.Check.Http(tls, host, path, 200, 299, body, verify);
  }

  @Test
  void nameIsNotPartOfTheDefinition() {
    Monitor.Check tcp = new Monitor.Check.Tcp();
    assertThat(TargetKey.of(ADDRESS, monitor("a", tcp, 80, 1000, 2)))
        .isEqualTo(TargetKey.of(ADDRESS, monitor("b", tcp, 80, 1000, 2)));
  }

  @Test
  void everythingElseIs() {
    Monitor.Check tcp = new Monitor.Check.Tcp();
    List<TargetKey> keys = new ArrayList<>();
    keys.add(TargetKey.of(ADDRESS, monitor("a", tcp, 80, 1000, 2)));
    keys.add(TargetKey.of(Address.of("192.0.2.11"), monitor("a", tcp, 80, 1000, 2)));
    keys.add(TargetKey.of(Address.of("::192.0.2.10"), monitor("a", tcp, 80, 1000, 2)));
    keys.add(TargetKey.of(ADDRESS, monitor("a", tcp, 81, 1000, 2)));
    keys.add(TargetKey.of(ADDRESS, monitor("a", tcp, 80, 1001, 2)));
    keys.add(TargetKey.of(ADDRESS, monitor("a", tcp, 80, 1000, 3)));
    for (boolean tls : new boolean[] {true, false}) {
      for (boolean verify : new boolean[] {true, false}) {
        for (@Nullable String text : new @Nullable String[] {null, "", "x"}) {
          keys.add(key(http(tls, text, "/", null, verify)));
          keys.add(key(http(tls, "h", "/", text, verify)));
          keys.add(key(http(tls, "h", "/" + text, "body", verify)));
        }
      }
    }
    assertThat(keys).doesNotHaveDuplicates();
  }

  private static TargetKey key(Monitor.Check check) {
    return TargetKey.of(ADDRESS, monitor("a", check, 80, 1000, 2));
  }

  @Test
  void bytesAndTextAreReadBack() {
    TargetKey key = Samples.target(1, "").key();
    assertThat(TargetKey.ofBytes(key.toBytes(), 0)).isEqualTo(key);
    assertThat(TargetKey.parse(key.toString())).contains(key);
    assertThat(TargetKey.parse("xyz")).isEmpty();
    assertThat(TargetKey.parse("g".repeat(32))).isEmpty();
  }

  /// A change of the encoding would split a cluster whose nodes are upgraded one by one.
  @Test
  void encodingIsStable() {
    assertThat(Samples.target(1, "").key().toString()).hasSize(32).isEqualTo(expected());
  }

  private static String expected() {
    try {
      java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(1 + 1 + 4 + 4 + 8 + 8 + 4 + 4 + 1);
      bytes.put((byte) 1).put((byte) 32).put(new byte[] {(byte) 192, 0, 2, 1});
      bytes.putInt(443).putLong(5_000_000_000L).putLong(2_000_000_000L).putInt(2).putInt(3);
      bytes.put((byte) 1);
      byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(bytes.array());
      return java.util.HexFormat.of().formatHex(digest, 0, 16);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
