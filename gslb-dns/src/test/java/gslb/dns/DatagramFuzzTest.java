package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Counters;
import gslb.base.Prefix;
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

  // RFC 9018 appendix A.1: a good cookie for one client at one time.
  private static final String SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf";
  private static final String COOKIE = "2464c4abcf10c957010000005cf79f111f8130c3eee29480";
  private static final long COOKIE_SECONDS = 1_559_731_985;
  private static final long COOKIE_CLIENT = Address.of("198.51.100.100").low();

  /// Where clients are limited, dropped and refused: three /24.
  private static final long TROUBLED = Address.of("192.0.2.1").low();

  private static final List<Prefix> EXEMPT =
      List.of(Prefix.of("0.0.0.0/1"), Prefix.of("128.0.0.0/2"), Prefix.of("198.51.100.0/24"));

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
    server.at(COOKIE_SECONDS).with(options(false));
    for (int i = 0; i < DATAGRAMS; i++) {
      if (i == DATAGRAMS / 4 * 3) {
        server.with(options(true));
      }
      switch (i % 8) {
        case 0 -> fillRandom(0);
        case 1, 2 -> fillBehindHeader();
        default -> mutate();
      }
      tryOne(i);
    }
    assertEachStageIsReached();
  }

  /// Everything that can be set.
  private static ServerOptions options(boolean isDryRun) {
    return new ServerOptions(
        new Identity("fra1", "gslb", "fra1"),
        CookieSecrets.of(List.of(HexFormat.of().parseHex(SECRET))),
        new RateLimit(1, 1, 2, isDryRun, EXEMPT, 1024),
        new AccessList(
            List.of(
                new AccessList.Rule(Prefix.of("192.0.3.0/24"), AccessList.Action.DROP),
                new AccessList.Rule(Prefix.of("192.0.4.0/24"), AccessList.Action.REFUSE))),
        List.of(Prefix.of("0.0.0.0/1")));
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
    if (random.nextInt(40) == 0) {
      return TestQuery.chaos("version.bind", Type.TXT).edns(option()).toBytes();
    }
    if (random.nextInt(80) == 0) {
      return TestQuery.empty().edns(option(), option()).toBytes();
    }
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
      case 3 -> query.edns(size, ttl, option(), subnet());
      case 5 -> query.edns(size, ttl, option(), subnet(), option(), option());
      case 4 ->
          query.edns(size, ttl, subnet()).additional(new byte[1], Type.TSIG, 255, 0, new byte[9]);
      default -> {
        // without EDNS
      }
    }
    return query.toBytes();
  }

  private byte[] option() {
    return switch (random.nextInt(8)) {
      case 0, 1 -> TestQuery.cookie(COOKIE.substring(0, 16));
      case 2 -> TestQuery.cookie(COOKIE);
      case 3 -> TestQuery.option(10, new byte[random.nextInt(45)]);
      case 4 -> TestQuery.nsid();
      case 5 -> TestQuery.option(11, new byte[random.nextInt(8) == 0 ? 2 : 0]);
      case 6 -> TestQuery.padding(random.nextInt(30));
      default -> TestQuery.option(15, (byte) 0, (byte) 20);
    };
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
    context.overTls = number % 32 == 31;
    context.clientLow = client();
    boolean isTroubled = context.clientLow >>> 16 == TROUBLED >>> 16;
    int replyLength;
    try {
      replyLength = server.responder.answer(in, length, out, context);
    } catch (RuntimeException | Error thrown) {
      throw new AssertionError(description(number), thrown);
    }
    if (replyLength == 0) {
      expect(isTroubled || length < 12 || (in[2] & 0x80) != 0, number);
      return;
    }
    expect(replyLength >= 12 && replyLength <= limit(replyLength), number);
    expect((out[2] & 0x80) != 0 && out[0] == in[0] && out[1] == in[1], number);
    expect((out[2] & 0x79) == (in[2] & 0x79) && (out[3] & 0xe0) == 0, number);
    byte[] reply = Arrays.copyOf(out, replyLength);
    int tail = endOfSubnet(reply) - FAMILY_0.length;
    if (Arrays.equals(reply, tail, tail + FAMILY_0.length, FAMILY_0, 0, FAMILY_0.length)) {
      reply[tail + FAMILY_OFFSET] = 1;
    }
    try {
      Message parsed = new Message(reply);
      expect(parsed.numBytes() == replyLength, number);
    } catch (IOException | RuntimeException thrown) {
      throw new AssertionError(description(number) + HexFormat.of().formatHex(reply), thrown);
    }
  }

  private long client() {
    return switch (random.nextInt(16)) {
      case 0 -> TROUBLED + (random.nextInt(3) << 8);
      case 1, 2 -> COOKIE_CLIENT;
      default -> random.nextInt() & 0x7fff_ffffL;
    };
  }

  /// Where the client subnet ends if the reply has one: at its end, or before the padding.
  private int endOfSubnet(byte[] reply) {
    if (!server.context.overTls) {
      return reply.length;
    }
    int end = reply.length;
    while (end > 12 && reply[end - 1] == 0) {
      end--;
    }
    // Of the option's head the zeros of a short length may have been taken for padding.
    for (int head = Math.min(end + 3, reply.length - 4); head > Math.max(12, end - 8); head--) {
      if (Wire.u16(reply, head) == 12 && Wire.u16(reply, head + 2) == reply.length - head - 4) {
        return head;
      }
    }
    return reply.length;
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
                + sum(DnsCounter.DROPPED_RESPONSE)
                + sum(DnsCounter.DROPPED_ACCESS))
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
