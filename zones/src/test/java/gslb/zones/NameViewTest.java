package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.DnsName;
import gslb.testkit.Seeded;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NameViewTest {
  private final NameView view = new NameView();

  @Test
  void aNewViewIsTheRoot() {
    assertThat(view.labelCount()).isZero();
    assertThat(view.wireLength()).isEqualTo(1);
    assertThat(view.hash(0)).isEqualTo(DnsName.ROOT.hashCode());
  }

  @Test
  void labelsAndHashesAreThoseOfTheName() {
    byte[] bytes = "xx\3wWw\7eXample\3org\0yy".getBytes(StandardCharsets.US_ASCII);
    assertThat(view.set(bytes, 2, bytes.length)).isEqualTo(bytes.length - 2);
    assertThat(view.bytes()).isSameAs(bytes);
    assertThat(view.labelCount()).isEqualTo(3);
    assertThat(view.wireLength()).isEqualTo(17);
    assertThat(new int[] {view.labelOffset(0), view.labelOffset(1), view.labelOffset(3)})
        .containsExactly(2, 6, 18);
    assertThat(view.hash(0)).isEqualTo(DnsName.of("www.example.org").hashCode());
    assertThat(view.hash(1)).isEqualTo(DnsName.of("EXAMPLE.org").hashCode());
    assertThat(view.hash(3)).isEqualTo(DnsName.ROOT.hashCode());
  }

  @Test
  void theLongestNamesAreRead() {
    byte[] deep = DnsName.of("a.".repeat(127)).toWire();
    assertThat(view.set(deep, 0, deep.length)).isEqualTo(255);
    assertThat(view.labelCount()).isEqualTo(127);
    byte[] deeper = new byte[257];
    for (int i = 0; i < 256; i += 2) {
      deeper[i] = 1;
    }
    assertThat(view.set(deeper, 0, deeper.length)).isEqualTo(-1);
  }

  @Test
  void pointersAndReservedLabelTypesAreNoUncompressedName() {
    for (int first : new int[] {0x40, 0x80, 0xc0, 0xff}) {
      byte[] bytes = new byte[300];
      bytes[0] = (byte) first;
      assertThat(view.set(bytes, 0, bytes.length)).as("%x", first).isEqualTo(-1);
    }
  }

  @Test
  void aNameThatIsCutOffIsRefused() {
    byte[] wire = DnsName.of("www.example.org").toWire();
    for (int end = 0; end < wire.length; end++) {
      assertThat(view.set(wire, 0, end)).isEqualTo(-1);
    }
    assertThat(view.set(wire, wire.length, wire.length)).isEqualTo(-1);
    assertThat(view.set(wire, -1, wire.length)).isEqualTo(-1);
    assertThat(view.set(wire, 0, wire.length + 100)).isEqualTo(wire.length);
  }

  /// The oracle is {@link DnsName#ofWire}, which copies.
  @Seeded(200)
  void anyBytesAreReadAsByTheSlowReader(Random random) {
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[random.nextInt(400)];
      random.nextBytes(bytes);
      int bound = 1 + random.nextInt(80);
      for (int at = 0; at < bytes.length; at += 1 + random.nextInt(bound)) {
        bytes[at] = (byte) random.nextInt(bound);
      }
      int offset = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
      int end = offset + random.nextInt(bytes.length - offset + 1);
      int behind = view.set(bytes, offset, end);
      DnsName name = slow(bytes, offset, end);
      if (name == null) {
        assertThat(behind).isEqualTo(-1);
      } else {
        assertThat(behind).isEqualTo(offset + name.wireLength());
        assertThat(view.wireLength()).isEqualTo(name.wireLength());
        assertThat(view.labelCount()).isEqualTo(name.labelCount());
        assertThat(view.hash(0)).isEqualTo(name.hashCode());
      }
    }
  }

  private static @Nullable DnsName slow(byte[] bytes, int offset, int end) {
    try {
      return DnsName.ofWire(Arrays.copyOf(bytes, end), offset);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
