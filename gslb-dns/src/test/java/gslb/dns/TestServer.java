package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.steering.Catalog;
import gslb.steering.ClientSketches;
import gslb.steering.FlipDeadlines;
import gslb.zones.ZoneSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A responder with its zones, asked without a socket.
final class TestServer {
  private static final int Z_BIT = 9;

  final FlipDeadlines deadlines;
  final ClientSketches sketches = new ClientSketches(new SplittableRandom(1));
  final Responder responder;
  final QueryContext context;
  private final byte[] out = new byte[Responder.MESSAGE_LENGTH_MAX];
  private DnsSnapshot snapshot;

  TestServer(TestZone... zones) {
    this(TestSteering.catalog(), zones);
  }

  /// Every endpoint is up.
  TestServer(Catalog catalog, TestZone... zones) {
    deadlines = new FlipDeadlines(Math.max(16, catalog.endpoints().size()));
    snapshot =
        DnsSnapshot.compile(
            1,
            TestSteering.plan(catalog),
            ZoneSet.of(Arrays.stream(zones).map(z -> z.flat(4711)).toList()),
            deadlines);
    responder = new Responder(() -> snapshot, new RateLimiter(new SplittableRandom(1)), sketches);
    context = responder.newContext();
    from("100.64.0.1");
  }

  DnsSnapshot snapshot() {
    return snapshot;
  }

  void publish(DnsSnapshot next) {
    snapshot = next;
  }

  /// The socket peer of the next queries.
  TestServer from(String address) {
    Address client = Address.of(address);
    context.clientIsV4 = client.isV4();
    context.clientHigh = client.high();
    context.clientLow = client.low();
    return this;
  }

  TestServer overTcp(boolean overTcp) {
    context.overTcp = overTcp;
    context.overTls = false;
    return this;
  }

  TestServer overTls() {
    context.overTcp = true;
    context.overTls = true;
    return this;
  }

  /// The same zones and services under other options.
  TestServer with(ServerOptions options) {
    snapshot = snapshot.with(snapshot.generation() + 1, options);
    return this;
  }

  TestServer with(Identity identity) {
    ServerOptions now = snapshot.options();
    return with(new ServerOptions(identity, now.cookies(), now.rateLimit(), now.access()));
  }

  /// @param secrets in hexadecimal; none for no cookies
  TestServer withCookies(String... secrets) {
    ServerOptions now = snapshot.options();
    CookieSecrets cookies =
        secrets.length == 0
            ? CookieSecrets.NONE
            : CookieSecrets.of(Arrays.stream(secrets).map(HexFormat.of()::parseHex).toList());
    return with(new ServerOptions(now.identity(), cookies, now.rateLimit(), now.access()));
  }

  /// Makes it that many seconds since 1970.
  TestServer at(long seconds) {
    context.nowMillis = seconds * 1000;
    return this;
  }

  /// The reply, or nothing for silence.
  byte[] answer(byte[] query) {
    byte[] in = Arrays.copyOf(query, query.length + 3); // what follows is not the query's
    in[query.length] = 1;
    int length = responder.answer(in, query.length, out, context);
    return Arrays.copyOf(out, length);
  }

  Message reply(TestQuery query) {
    byte[] reply = answer(query.toBytes());
    try {
      return new Message(reply);
    } catch (IOException e) {
      throw new AssertionError("the reply is no message", e);
    }
  }

  /// The reply as text: RCODE and flags but QR, a line for each record, a line for OPT.
  String ask(TestQuery query) {
    return text(reply(query));
  }

  /// Asks `name TYPE` without EDNS.
  String ask(String question) {
    List<String> words = List.of(question.split(" "));
    return ask(TestQuery.of(words.getFirst(), Type.value(words.getLast(), true)));
  }

  static String text(Message reply) {
    StringBuilder text = new StringBuilder(Rcode.string(reply.getRcode()));
    assertThat(reply.getHeader().getFlag(Flags.QR)).isTrue();
    for (int flag = Flags.AA; flag <= Flags.CD; flag++) {
      if (reply.getHeader().getFlag(flag)) {
        text.append(' ').append(flag == Z_BIT ? "z" : Flags.string(flag));
      }
    }
    text.append('\n');
    append(text, "answer", reply.getSection(Section.ANSWER));
    append(text, "authority", reply.getSection(Section.AUTHORITY));
    append(text, "additional", reply.getSection(Section.ADDITIONAL));
    return text.toString();
  }

  private static void append(StringBuilder text, String section, List<Record> records) {
    for (Record each : records) {
      text.append(section).append(' ');
      if (each instanceof OPTRecord opt) {
        append(text, opt);
      } else {
        text.append(each.toString().replace("\tIN\t", "\t").replaceAll("\t+", " "));
      }
      text.append('\n');
    }
  }

  private static void append(StringBuilder text, OPTRecord opt) {
    text.append("OPT ").append(opt.getPayloadSize());
    if (opt.getVersion() != 0) {
      text.append(" version ").append(opt.getVersion());
    }
    if (opt.getFlags() != 0) {
      text.append(opt.getFlags() == 0x8000 ? " do" : " flags " + opt.getFlags());
    }
    for (EDNSOption option : opt.getOptions()) {
      if (option instanceof ClientSubnetOption subnet) {
        text.append(" subnet ")
            .append(Address.of(subnet.getAddress()))
            .append('/')
            .append(subnet.getSourcePrefixLength())
            .append('/')
            .append(subnet.getScopePrefixLength());
      } else {
        append(text, option);
      }
    }
  }

  /// INFO-CODE, and EXTRA-TEXT in quotes.
  private static String error(byte[] wire) {
    String said = new String(wire, 6, wire.length - 6, StandardCharsets.UTF_8);
    int code = (wire[4] & 0xff) << 8 | wire[5] & 0xff;
    return code + (said.isEmpty() ? "" : " '" + said + "'");
  }

  private static void append(StringBuilder text, EDNSOption option) {
    byte[] wire = option.toWire();
    String data = HexFormat.of().formatHex(wire, 4, wire.length);
    switch (option.getCode()) {
      case EDNSOption.Code.NSID -> text.append(" nsid ").append(data);
      case EDNSOption.Code.COOKIE -> text.append(" cookie ").append(data);
      case EDNSOption.Code.TCP_KEEPALIVE ->
          text.append(" keepalive ").append(Integer.parseInt(data, 16));
      case EDNSOption.Code.PADDING -> text.append(" padding ").append(wire.length - 4);
      case EDNSOption.Code.EDNS_EXTENDED_ERROR -> text.append(" error ").append(error(wire));
      default -> text.append(" option ").append(option.getCode()).append(' ').append(data);
    }
  }
}
