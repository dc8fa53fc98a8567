package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Counters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/// 1,000,000 seeded datagrams, none of which may break the responder or make it break a rule.
final class DatagramFuzzTest {
  private static final int DATAGRAMS = 1_000_000;
  private static final int LENGTH_MAX = 700;

  /// An empty client subnet of FAMILY 0, as `dig +subnet=0` sends it; dnsjava does not read it.
  private static final byte[] FAMILY_0 = {0, 8, 0, 4, 0, 0, 0, 0};

  private static final int FAMILY_OFFSET = 5;

  /// A name that its DNAME makes too long.
  private static final Name TOO_LONG = Name.fromConstantString("x".repeat(60) + ".d.long.example.");

  private static final int[] META_TYPES = {
    RrType.OPT, RrType.NXNAME, RrType.TSIG, RrType.TKEY, RrType.MAILB
  };

  private final Random random = new Random(20_261_121);
  private final RandomZones generator = new RandomZones(random);
  private final List<TestZone> zones = zones();
  private final TestServer server = new TestServer(zones.toArray(TestZone[]::new));
  private final byte[] in = new byte[LENGTH_MAX + 64];
  private final byte[] out = new byte[Responder.MESSAGE_LENGTH_MAX];
  private final byte[][] valid = new byte[4096][];
  private int length;

  private List<TestZone> zones() {
    List<TestZone> all = new ArrayList<>(generator.zones());
    String label = "y".repeat(63);
    StringBuilder text = new StringBuilder("@ 60 SOA ns h 1 1 1 1 60\n@ 60 NS ns\n");
    text.append("d 60 DNAME %1$s.%1$s.%1$s\n".formatted(label));
    text.append("sub 60 NS ns.sub\nsub 60 NS ns.example.net.\nns.sub 60 AAAA 2001:db8::1\n");
    for (int i = 0; i < 50; i++) {
      text.append("big 60 A 192.0.2.%d\n".formatted(i));
    }
    all.add(
        TestZone.of(
            "long.example",
            text.toString(),
            Map.of("www.long.example", TestSteering.ONE, "all.long.example", TestSteering.ALL)));
    return all;
  }

  @Test
  void everyReplyToAnyDatagramIsAMessageWithinItsLimit() {
    for (int i = 0; i < valid.length; i++) {
      valid[i] = query();
    }
    for (int i = 0; i < DATAGRAMS; i++) {
      switch (i % 8) {
        case 0 -> fillRandom(0);
        case 1, 2 -> fillBehindHeader();
        default -> mutate();
      }
      tryOne(i);
    }
    assertEachStageIsReached();
  }

  /// Nothing but noise from that offset on.
  private void fillRandom(int from) {
    length = from + random.nextInt(random.nextInt(4) == 0 ? LENGTH_MAX - from : 80);
    byte[] noise = new byte[length - from];
    random.nextBytes(noise);
    System.arraycopy(noise, 0, in, from, noise.length);
  }

  /// The header of a query, then noise, of which often a part is a question or a record.
  private void fillBehindHeader() {
    byte[] some = valid[random.nextInt(valid.length)];
    int keep = random.nextBoolean() ? 12 : 12 + random.nextInt(some.length - 11);
    System.arraycopy(some, 0, in, 0, keep);
    fillRandom(keep);
    in[2] = (byte) random.nextInt(8);
    in[10] = 0;
    in[11] = (byte) random.nextInt(3);
  }

  /// A valid query with up to two changes.
  private void mutate() {
    byte[] some = valid[random.nextInt(valid.length)];
    length = some.length;
    System.arraycopy(some, 0, in, 0, length);
    int changes = random.nextInt(3);
    for (int i = 0; i < changes && length > 0; i++) {
      int at = random.nextInt(length);
      switch (random.nextInt(6)) {
        case 0 -> in[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> in[at] = (byte) random.nextInt(256);
        case 2 -> in[at] = (byte) new int[] {0, 1, 0x3f, 0x40, 0xc0, 0xff}[random.nextInt(6)];
        case 3 -> length = at;
        case 4 -> replace(at, Math.min(length, at + random.nextInt(6)), new byte[0]);
        default -> {
          int from = random.nextInt(length);
          byte[] copy = Arrays.copyOfRange(in, from, Math.min(length, from + random.nextInt(24)));
          replace(at, at, copy);
        }
      }
    }
  }

  private void replace(int from, int to, byte[] with) {
    byte[] tail = Arrays.copyOfRange(in, to, length);
    if (from + with.length + tail.length > in.length) {
      return;
    }
    System.arraycopy(with, 0, in, from, with.length);
    System.arraycopy(tail, 0, in, from + with.length, tail.length);
    length = from + with.length + tail.length;
  }

  private byte[] query() {
    Name name = random.nextInt(40) == 0 ? TOO_LONG : generator.question(zones);
    TestQuery query =
        TestQuery.empty()
            .id(random.nextInt(65_536))
            .flags(random.nextInt(8) == 0 ? random.nextInt(0x10000) & 0x7fff : 0x100)
            .question(
                name.toWire(),
                random.nextInt(30) == 0 ? META_TYPES[random.nextInt(5)] : generator.qtype(),
                random.nextInt(20) == 0 ? random.nextInt(256) : 1);
    int ttl = random.nextBoolean() ? 0x8000 : random.nextInt(40) == 0 ? 0x10000 : 0;
    int size = random.nextInt(4) == 0 ? random.nextInt(65_536) : 1232;
    switch (random.nextInt(8)) {
      case 0 -> query.edns(size, ttl);
      case 1, 2 -> query.edns(size, ttl, subnet());
      case 3 -> query.edns(size, ttl, TestQuery.option(10, new byte[8]), subnet());
      case 4 ->
          query.edns(size, ttl, subnet()).additional(new byte[1], Type.TSIG, 255, 0, new byte[9]);
      default -> {
        // without EDNS
      }
    }
    return query.toBytes();
  }

  private byte[] subnet() {
    return switch (random.nextInt(6)) {
      case 0 -> TestQuery.subnet("0.0.0.0/0");
      case 1 -> TestQuery.subnet("198.51.100.200/32");
      case 2 -> TestQuery.subnet("2001:db8:8000::/56");
      case 3 -> TestQuery.subnet("203.0.112.0/20");
      case 4 -> TestQuery.option(8, new byte[4]);
      default -> TestQuery.subnet("192.0.2.0/24");
    };
  }

  private void tryOne(int number) {
    QueryContext context = server.context;
    context.overTcp = number % 16 == 15;
    context.clientLow = random.nextInt() & 0xffffffffL;
    int replyLength;
    try {
      replyLength = server.responder.answer(in, length, out, context);
    } catch (RuntimeException | Error thrown) {
      throw new AssertionError(description(number), thrown);
    }
    if (replyLength == 0) {
      expect(length < 12 || (in[2] & 0x80) != 0, number);
      return;
    }
    expect(replyLength >= 12 && replyLength <= limit(replyLength), number);
    expect((out[2] & 0x80) != 0 && out[0] == in[0] && out[1] == in[1], number);
    expect((out[2] & 0x79) == (in[2] & 0x79) && (out[3] & 0xe0) == 0, number);
    byte[] reply = Arrays.copyOf(out, replyLength);
    int tail = replyLength - FAMILY_0.length;
    if (Arrays.equals(reply, tail, replyLength, FAMILY_0, 0, FAMILY_0.length)) {
      reply[tail + FAMILY_OFFSET] = 1;
    }
    try {
      Message parsed = new Message(reply);
      expect(parsed.numBytes() == replyLength, number);
    } catch (IOException | RuntimeException thrown) {
      throw new AssertionError(description(number) + HexFormat.of().formatHex(reply), thrown);
    }
  }

  private int limit(int replyLength) {
    if (server.context.overTcp) {
      return Responder.MESSAGE_LENGTH_MAX;
    }
    if (replyLength <= 512) {
      return 512;
    }
    // Longer than any reply without EDNS: something in the query must have been an OPT record.
    int announced = 512;
    for (int i = 12; i + 5 <= length; i++) {
      if (in[i] == 0 && in[i + 1] == 0 && in[i + 2] == Type.OPT) {
        announced = Math.max(announced, Math.min(Wire.u16(in, i + 3), 1232));
      }
    }
    return announced;
  }

  private void expect(boolean holds, int number) {
    if (!holds) {
      throw new AssertionError(description(number));
    }
  }

  private String description(int number) {
    return "datagram %d: %s ".formatted(number, HexFormat.of().formatHex(in, 0, length));
  }

  /// Enough of the million get past each ring.
  private void assertEachStageIsReached() {
    Counters counters = server.responder.counters();
    for (int i = 0; i < counters.names().size(); i++) {
      assertThat(counters.sum(i)).as(counters.names().get(i)).isGreaterThan(DATAGRAMS / 4_000);
    }
    assertThat(
            sum(DnsCounter.QUERIES)
                + sum(DnsCounter.DROPPED_SHORT)
                + sum(DnsCounter.DROPPED_RESPONSE))
        .isEqualTo(DATAGRAMS);
    assertThat(sum(DnsCounter.QUERIES)).isGreaterThan(DATAGRAMS / 2);
    assertThat(sum(DnsCounter.REPLIES_NOERROR)).isGreaterThan(DATAGRAMS / 10);
    assertThat(sum(DnsCounter.STEERED)).isGreaterThan(DATAGRAMS / 200);
    assertThat(sum(DnsCounter.ECS)).isGreaterThan(DATAGRAMS / 20);
    assertThat(sum(DnsCounter.REPLIES_NXDOMAIN)).isGreaterThan(DATAGRAMS / 50);
  }

  private long sum(DnsCounter counter) {
    return server.responder.counters().sum(Arrays.asList(DnsCounter.values()).indexOf(counter));
  }
}
