package gslb.base;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

/// Guided fuzzing of {@link ProxyHeader}: `JAZZER_FUZZ=1 ./mvnw verify -Pproof -pl base`. Without
/// `JAZZER_FUZZ` the committed inputs are tried; {@link ProxyHeaderTest} tries them in every build.
@Tag("proof")
final class ProxyHeaderFuzzTest {
  @FuzzTest(maxDuration = "10m")
  void anyBytesAreAHeaderOrNone(byte[] bytes) {
    check(bytes);
  }

  /// What must hold for any bytes.
  static void check(byte[] bytes) {
    ProxyHeader header = new ProxyHeader();
    int length = header.read(bytes, 0, bytes.length);
    if (length < ProxyHeader.MALFORMED || length > bytes.length) {
      throw new AssertionError("length " + length + " of " + bytes.length);
    }
    if (length == ProxyHeader.INCOMPLETE && bytes.length >= ProxyHeader.V2_LENGTH_MAX) {
      throw new AssertionError("incomplete beyond the longest header");
    }
    if (length > 0) {
      requireSelfContained(header, bytes, length);
    }
  }

  /// The header is the same without what follows, incomplete without its last octet, and says the
  /// same once written anew.
  private static void requireSelfContained(ProxyHeader first, byte[] bytes, int length) {
    ProxyHeader again = new ProxyHeader();
    if (again.read(bytes, 0, length) != length
        || again.read(bytes, 0, length - 1) != ProxyHeader.INCOMPLETE) {
      throw new AssertionError("the header does not end where it ends");
    }
    if (first.namesNobody) {
      return;
    }
    Address destination =
        first.sourceIsV4
            ? Address.v4((int) first.destinationLow)
            : Address.v6(first.destinationHigh, first.destinationLow);
    ProxyHeader.Flow flow =
        new ProxyHeader.Flow(
            first.source(), first.sourcePort, destination, first.destinationPort, false);
    byte[] written = ProxyHeader.v2(flow);
    byte[] longer = Arrays.copyOf(written, written.length + 1);
    if (again.read(longer, 0, longer.length) != written.length
        || !again.source().equals(first.source())
        || again.sourcePort != first.sourcePort
        || again.destinationPort != first.destinationPort) {
      throw new AssertionError("what was read does not survive being written");
    }
  }
}
