package gslb.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.ProxyHeader.Flow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String V4_ADDRESSES = "c6336407" + "c0000235" + "9c40" + "0035";
  private static final String V6_ADDRESSES =
      "20010db8000000000000000000000007" + "20010db8000000000000000000000053" + "9c40" + "0355";

  private final ProxyHeader header = new ProxyHeader();

  private int read(byte[] bytes) {
    return header.read(bytes, 0, bytes.length);
  }

  private int readText(String line) {
    return read(line.getBytes(StandardCharsets.ISO_8859_1));
  }

  private int readHex(String... parts) {
    return read(HexFormat.of().parseHex(SIGNATURE + String.join("", parts)));
  }

  /// The longest lines of the specification §2.1, with the lengths it gives for them.
  @Test
  void theLongestLinesOfTheSpecificationAreRead() {
    String v4 = "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n";
    assertThat(readText(v4)).isEqualTo(56).isEqualTo(v4.length());
    assertThat(header.source()).isEqualTo(Address.of("255.255.255.255"));
    assertThat(header.sourcePort).isEqualTo(65_535);
    String ones = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    String v6 = "PROXY TCP6 " + ones + " " + ones + " 65535 65535\r\n";
    assertThat(readText(v6)).isEqualTo(104).isEqualTo(v6.length());
    assertThat(header.source()).isEqualTo(Address.of(ones));
    String unknown = "PROXY UNKNOWN " + ones + " " + ones + " 65535 65535\r\n";
    assertThat(readText(unknown)).isEqualTo(107).isEqualTo(unknown.length());
    assertThat(header.namesNobody).isTrue();
    assertThat(readText("PROXY UNKNOWN\r\n")).isEqualTo(15);
  }

  @Test
  void aLineNamesBothEnds() {
    assertThat(readText("PROXY TCP4 198.51.100.7 192.0.2.53 40000 53\r\nwhat follows"))
        .isEqualTo(45);
    assertThat(header.namesNobody).isFalse();
    assertThat(header.sourceIsV4).isTrue();
    assertThat(header.source()).isEqualTo(Address.of("198.51.100.7"));
    assertThat(header.sourcePort).isEqualTo(40_000);
    assertThat(header.destinationLow).isEqualTo(Address.of("192.0.2.53").low());
    assertThat(header.destinationPort).isEqualTo(53);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 198.51.100.7 192.0.2.53 40000\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.53 40000 53 \r\n",
        "PROXY TCP4  198.51.100.7 192.0.2.53 40000 53\r\n",
        "PROXY TCP4 198.51.100.07 192.0.2.53 40000 53\r\n",
        "PROXY TCP4 198.51.100.256 192.0.2.53 40000 53\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.53 040000 53\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.53 65536 53\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.53 -1 53\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.53 +4000 53\r\n",
        "PROXY TCP4 2001:db8::7 2001:db8::53 40000 53\r\n",
        "PROXY TCP6 198.51.100.7 192.0.2.53 40000 53\r\n",
        "PROXY TCP4 198.51.100.7 2001:db8::53 40000 53\r\n",
        "PROXY TCP6 2001:db8::7%eth0 2001:db8::53 40000 53\r\n",
        "PROXY TCP6 [2001:db8::7] 2001:db8::53 40000 53\r\n",
        "PROXY UDP4 198.51.100.7 192.0.2.53 40000 53\r\n",
        "PROXY tcp4 198.51.100.7 192.0.2.53 40000 53\r\n",
        "proxy TCP4 198.51.100.7 192.0.2.53 40000 53\r\n",
        "PROXY TCP4 198.51.100.7 192.0.2.53 40000 53\n",
        "PROXY\tTCP4 198.51.100.7 192.0.2.53 40000 53\r\n",
        "PROXY UNKNOWNS\r\n",
        "PROXY \r\n",
        "PROXY \n",
        "PROXX",
        "GET / HTTP/1.1\r\n"
      })
  void whatIsNoLineIsMalformed(String line) {
    assertThat(readText(line)).isEqualTo(ProxyHeader.MALFORMED);
  }

  @Test
  void aLineThatDoesNotEndInTimeIsMalformed() {
    String start = "PROXY UNKNOWN " + "x".repeat(200);
    for (int length = 1; length < ProxyHeader.V1_LENGTH_MAX; length++) {
      assertThat(readText(start.substring(0, length))).isEqualTo(ProxyHeader.INCOMPLETE);
    }
    assertThat(readText(start.substring(0, ProxyHeader.V1_LENGTH_MAX)))
        .isEqualTo(ProxyHeader.MALFORMED);
    assertThat(readText(start.substring(0, ProxyHeader.V1_LENGTH_MAX - 1) + "\r\n"))
        .isEqualTo(ProxyHeader.MALFORMED);
  }

  /// Specification §2.2: the families that are defined, for streams and datagrams.
  @Test
  void bothFamiliesAreReadForStreamsAndDatagrams() {
    for (String protocol : List.of("1", "2")) {
      assertThat(readHex("211", protocol, "000c", V4_ADDRESSES)).isEqualTo(28);
      assertThat(header.namesNobody).isFalse();
      assertThat(header.source()).isEqualTo(Address.of("198.51.100.7"));
      assertThat(header.sourceHigh).isZero();
      assertThat(header.sourcePort).isEqualTo(40_000);
      assertThat(header.destinationLow).isEqualTo(Address.of("192.0.2.53").low());
      assertThat(header.destinationPort).isEqualTo(53);
      assertThat(readHex("212", protocol, "0024", V6_ADDRESSES)).isEqualTo(52);
      assertThat(header.source()).isEqualTo(Address.of("2001:db8::7"));
      assertThat(header.destinationHigh).isEqualTo(0x20010db8L << 32);
      assertThat(header.destinationLow).isEqualTo(0x53);
      assertThat(header.destinationPort).isEqualTo(853);
    }
  }

  /// "Discard the protocol block including the family which is ignored": some load balancers fill
  /// it with 84 octets in their health checks.
  @Test
  void localNamesNobodyWhateverItsBlockHolds() {
    assertThat(readHex("20", "00", "0000")).isEqualTo(16);
    assertThat(header.namesNobody).isTrue();
    assertThatThrownBy(header::source).isInstanceOf(IllegalStateException.class);
    assertThat(readHex("21", "11", "000c", V4_ADDRESSES)).isEqualTo(28);
    assertThat(header.namesNobody).isFalse();
    assertThat(readHex("20", "ff", "0054", "ff".repeat(84))).isEqualTo(100);
    assertThat(header.namesNobody).isTrue();
  }

  @Test
  void unspecifiedFamiliesAndUnixSocketsNameNobody() {
    assertThat(readHex("21", "00", "0000")).isEqualTo(16);
    assertThat(header.namesNobody).isTrue();
    assertThat(readHex("21", "31", "00d8", "00".repeat(216))).isEqualTo(232);
    assertThat(header.namesNobody).isTrue();
  }

  @Test
  void versionsCommandsFamiliesAndProtocolsThatAreNotDefinedAreMalformed() {
    for (int octet = 0; octet < 256; octet++) {
      String hex = HexFormat.of().toHexDigits((byte) octet);
      int byCommand = readHex(hex, "11", "000c", V4_ADDRESSES);
      assertThat(byCommand).isEqualTo(octet == 0x20 || octet == 0x21 ? 28 : ProxyHeader.MALFORMED);
      boolean isDefined = List.of(0, 0x11, 0x12, 0x21, 0x22, 0x31, 0x32).contains(octet);
      assertThat(readHex("21", hex, "00d8", "00".repeat(216)) == ProxyHeader.MALFORMED)
          .as("family and protocol %s", hex)
          .isEqualTo(!isDefined);
    }
  }

  @Test
  void blocksTooShortForTheirAddressesOrTooLongAreMalformed() {
    assertThat(readHex("21", "11", "000b", V4_ADDRESSES)).isEqualTo(ProxyHeader.MALFORMED);
    assertThat(readHex("21", "21", "0023", V6_ADDRESSES)).isEqualTo(ProxyHeader.MALFORMED);
    assertThat(readHex("21", "31", "00d7", "00".repeat(216))).isEqualTo(ProxyHeader.MALFORMED);
    String filling = "04" + "01f9" + "00".repeat(505); // NOOP
    assertThat(readHex("21", "11", "0208", V4_ADDRESSES, filling))
        .isEqualTo(ProxyHeader.V2_LENGTH_MAX);
    assertThat(readHex("21", "11", "0209", V4_ADDRESSES)).isEqualTo(ProxyHeader.MALFORMED);
    assertThat(readHex("20", "00", "0209")).isEqualTo(ProxyHeader.MALFORMED);
  }

  @Test
  void otherTlvsAreSkippedAndTheirLengthsMustFit() {
    String alpn = "01" + "0003" + "646f74";
    String custom = "ea" + "0000";
    assertThat(readHex("21", "11", "0015", V4_ADDRESSES, alpn, custom)).isEqualTo(37);
    assertThat(header.source()).isEqualTo(Address.of("198.51.100.7"));
    assertThat(readHex("21", "11", "0014", V4_ADDRESSES, alpn, "ea00"))
        .isEqualTo(ProxyHeader.MALFORMED);
    assertThat(readHex("21", "11", "0012", V4_ADDRESSES, "01" + "0004" + "646f74"))
        .isEqualTo(ProxyHeader.MALFORMED);
  }

  /// Specification §2.2.3: the checksum of the whole header with zeros in its own place.
  @Test
  void aChecksumMustBeRight() {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                SIGNATURE
                    + "2111"
                    + "0018"
                    + V4_ADDRESSES
                    + "04"
                    + "0002"
                    + "0000"
                    + "03"
                    + "0004");
    byte[] whole = Arrays.copyOf(bytes, bytes.length + 4);
    CRC32C checksum = new CRC32C();
    checksum.update(whole, 0, whole.length);
    for (int i = 0; i < 4; i++) {
      whole[bytes.length + i] = (byte) (checksum.getValue() >>> 24 - 8 * i);
    }
    assertThat(read(whole)).isEqualTo(whole.length);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] wrong = whole.clone();
      wrong[bit / 8] ^= (byte) (1 << bit % 8);
      // A flipped type of the checksum TLV hides it, and LOCAL discards the block.
      boolean isUnchecked = bit / 8 == whole.length - 7 || wrong[12] == 0x20;
      if (!isUnchecked) {
        assertThat(read(wrong)).as("bit %s", bit).isLessThanOrEqualTo(0);
      }
    }
  }

  @Test
  void everyCutIsIncompleteAndTheRestDecides() {
    for (byte[] whole : wellFormed()) {
      for (int length = 0; length < whole.length; length++) {
        assertThat(header.read(whole, 0, length)).isEqualTo(ProxyHeader.INCOMPLETE);
      }
      byte[] longer = Arrays.copyOf(whole, whole.length + 3);
      assertThat(read(longer)).isEqualTo(whole.length);
      byte[] shifted = new byte[whole.length + 5];
      System.arraycopy(whole, 0, shifted, 5, whole.length);
      assertThat(header.read(shifted, 5, shifted.length)).isEqualTo(whole.length);
    }
  }

  private static List<byte[]> wellFormed() {
    Flow v4 = new Flow(Address.of("198.51.100.7"), 1, Address.of("192.0.2.53"), 65_535, false);
    Flow v6 = new Flow(Address.of("2001:db8::7"), 0, Address.of("2001:db8::53"), 53, true);
    Flow mapped =
        new Flow(Address.of("::ffff:192.0.2.1"), 7, Address.of("2001:db8::53"), 53, false);
    return List.of(
        ProxyHeader.v1(v4),
        ProxyHeader.v2(v4),
        ProxyHeader.v2(v6),
        ProxyHeader.v1(mapped),
        ProxyHeader.v2Local(),
        "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void whatIsWrittenIsRead() {
    Random random = new Random(20_261_122);
    for (int i = 0; i < 2000; i++) {
      boolean isV4 = random.nextBoolean();
      Flow flow =
          new Flow(
              address(random, isV4),
              random.nextInt(65_536),
              address(random, isV4),
              random.nextInt(65_536),
              random.nextBoolean());
      byte[] bytes = flow.isDatagram() || i % 2 == 0 ? ProxyHeader.v2(flow) : ProxyHeader.v1(flow);
      assertThat(read(bytes)).isEqualTo(bytes.length);
      assertThat(header.source()).isEqualTo(flow.source());
      assertThat(header.sourcePort).isEqualTo(flow.sourcePort());
      assertThat(header.destinationHigh).isEqualTo(flow.destination().high());
      assertThat(header.destinationLow).isEqualTo(flow.destination().low());
      assertThat(header.destinationPort).isEqualTo(flow.destinationPort());
    }
  }

  private static Address address(Random random, boolean isV4) {
    return isV4 ? Address.v4(random.nextInt()) : Address.v6(random.nextLong(), random.nextLong());
  }

  @Test
  void endsOfTwoFamiliesAndDatagramsInVersion1AreRefused() {
    Address v4 = Address.of("192.0.2.1");
    Address v6 = Address.of("2001:db8::1");
    assertThatThrownBy(() -> new Flow(v4, 1, v6, 1, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Flow(v4, 65_536, v4, 1, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ProxyHeader.v1(new Flow(v4, 1, v4, 1, true)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void mutantsNeverEscapeTheBounds() {
    Random random = new Random(20_261_123);
    List<byte[]> seeds = wellFormed();
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
      int faults = random.nextInt(4);
      for (int f = 0; f < faults; f++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      ProxyHeaderFuzzTest.check(Arrays.copyOf(bytes, random.nextInt(bytes.length + 40)));
    }
  }

  /// The inputs that fuzzing found worth keeping, without its instrumentation.
  @Test
  void theCorpusIsReadWithinTheBounds() throws IOException {
    Path corpus =
        Path.of(System.getProperty("gslb.root"))
            .resolve("base/src/test/resources/gslb/base/ProxyHeaderFuzzTestInputs");
    try (Stream<Path> inputs = Files.walk(corpus)) {
      List<Path> files = inputs.filter(Files::isRegularFile).toList();
      assertThat(files).hasSizeGreaterThan(5);
      for (Path file : files) {
        ProxyHeaderFuzzTest.check(Files.readAllBytes(file));
      }
    }
  }
}
