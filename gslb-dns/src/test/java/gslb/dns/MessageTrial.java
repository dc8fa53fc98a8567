package gslb.dns;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.dns.reference.ReferenceAnswerer;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Tries one datagram: whatever it is, the responder must not throw, and what it replies must be a
/// message within the limit. Where it answers, the reference must answer the same.
final class MessageTrial {
  /// Types that no question may have, and those answered apart.
  private static final Set<Integer> META_TYPES =
      Set.of(Type.OPT, RrType.NXNAME, Type.TSIG, Type.TKEY, RrType.MAILB, RrType.MAILA);

  /// A client subnet of FAMILY 0.
  private static final byte[] FAMILY_0 = {0, 8, 0, 4, 0, 0, 0, 0};

  private static final String ZONE =
      """
      @ 60 SOA ns h 1 1 1 1 30
      @ 60 NS ns
      @ 60 MX 10 mail.w
      ns 60 A 192.0.2.1
      a.b.c 60 TXT "deep"
      *.w 60 A 192.0.2.2
      *.w 60 TXT "wild"
      alias 60 CNAME alias2
      alias2 60 CNAME www
      loop 60 CNAME pool
      pool 60 CNAME loop
      out 60 CNAME www.example.net.
      d 60 DNAME c
      sub 60 NS ns.sub
      sub 60 NS ns.sib
      sub 60 DS 1 13 2 abababababababababababababababababababababababababababababababab
      ns.sub 60 A 192.0.2.3
      sib 60 NS ns.sib
      ns.sib 60 AAAA 2001:db8::3
      big 60 TXT "0123456789012345678901234567890123456789012345678901234567890123456789"
      """;

  private final TestZone parent =
      TestZone.of(
          "f",
          ZONE,
          Map.of(
              "www.f", TestSteering.ONE,
              "all.f", TestSteering.ALL,
              "eu.f", TestSteering.FENCED,
              "cdn.f", TestSteering.ALIAS));
  private final TestZone child =
      TestZone.of("c.f", "@ 60 SOA ns h 1 1 1 1 60\n@ 60 NS ns\nns 60 A 192.0.2.9\n");
  private final TestServer server = new TestServer(parent, child);

  /// Says all that a server can say of itself, takes cookies, and limits those without.
  private final TestServer talkative =
      new TestServer(parent, child)
          .with(
              new ServerOptions(
                  new Identity("fra1", "gslb", "fra1.gslb.example"),
                  CookieSecrets.of(List.of(new byte[16])),
                  new RateLimit(1, 2, 2, false, List.of(), 1024),
                  AccessList.OPEN,
                  List.of(Prefix.of("0.0.0.0/0"), Prefix.of("::/0"))));
  private final ReferenceAnswerer reference =
      new ReferenceAnswerer(SteeringTruth::decide, Responder.CHAIN_LENGTH_MAX);

  MessageTrial() {
    for (TestZone zone : List.of(parent, child)) {
      reference.add(zone.apex(), zone.records(), zone.services());
    }
  }

  /// @throws AssertionError with the datagram if a rule is broken
  void tryOne(byte[] datagram) {
    byte[] overUdp = answer(datagram, false);
    byte[] overTcp = answer(datagram, true);
    if (overTcp.length == 0) {
      boolean mustBeSilent = datagram.length < 12 || (datagram[2] & 0x80) != 0;
      expect(mustBeSilent && overUdp.length == 0, datagram, "silence");
      return;
    }
    expect(overUdp.length <= Responder.UDP_RESPONSE_LENGTH_MAX, datagram, "too long over UDP");
    checkHeader(datagram, overUdp);
    checkHeader(datagram, overTcp);
    read(datagram, overUdp);
    Message reply = read(datagram, overTcp);
    tryTalkative(datagram);
    Message expected = reference(datagram, reply);
    if (expected != null) {
      List<String> right = ReferenceTest.plain(expected);
      if (!ReferenceTest.plain(reply).equals(right)) {
        expect(false, datagram, reply + "\nexpected " + expected);
      }
    }
  }

  private void tryTalkative(byte[] datagram) {
    byte[] overUdp = answer(talkative.overTcp(false), datagram);
    expect(overUdp.length <= Responder.UDP_RESPONSE_LENGTH_MAX, datagram, "too long over UDP");
    if (overUdp.length > 0) { // else it is limited
      checkHeader(datagram, overUdp);
      read(datagram, overUdp);
    }
    byte[] overTls = answer(talkative.overTls(), datagram);
    checkHeader(datagram, overTls);
    read(datagram, overTls);
  }

  private byte[] answer(byte[] datagram, boolean overTcp) {
    return answer(server.overTcp(overTcp), datagram);
  }

  private static byte[] answer(TestServer server, byte[] datagram) {
    try {
      return server.answer(datagram);
    } catch (RuntimeException thrown) {
      throw new AssertionError(HexFormat.of().formatHex(datagram), thrown);
    }
  }

  private static void checkHeader(byte[] datagram, byte[] reply) {
    expect((reply[2] & 0x80) != 0, datagram, "no response");
    expect(reply[0] == datagram[0] && reply[1] == datagram[1], datagram, "another ID");
    expect((reply[2] & 0x79) == (datagram[2] & 0x79), datagram, "another OPCODE or RD");
    expect((reply[3] & 0xe0) == 0, datagram, "RA, Z or AD");
  }

  private static Message read(byte[] datagram, byte[] reply) {
    Message message = parse(reply);
    // dnsjava reads no client subnet of FAMILY 0, which `dig +subnet=0` sends.
    for (int at = 12; !isWhole(message, reply) && at + FAMILY_0.length <= reply.length; at++) {
      if (Arrays.equals(reply, at, at + FAMILY_0.length, FAMILY_0, 0, FAMILY_0.length)) {
        byte[] readable = reply.clone();
        readable[at + 5] = 1;
        message = parse(readable);
      }
    }
    if (!isWhole(message, reply)) {
      throw new AssertionError(
          HexFormat.of().formatHex(datagram) + " gets " + HexFormat.of().formatHex(reply));
    }
    return Objects.requireNonNull(message);
  }

  /// With TC set, dnsjava drops what it cannot read.
  private static boolean isWhole(@Nullable Message message, byte[] reply) {
    return message != null && message.numBytes() == reply.length;
  }

  private static @Nullable Message parse(byte[] bytes) {
    try {
      return new Message(bytes);
    } catch (IOException | RuntimeException _) {
      return null;
    }
  }

  /// What the reference answers, or null where one of the two does not accept the query.
  private @Nullable Message reference(byte[] datagram, Message reply) {
    Message query = parse(datagram);
    if (query == null) {
      return null;
    }
    Record question = query.getQuestion();
    boolean isAccepted =
        query.getHeader().getOpcode() == Opcode.QUERY
            && !query.getHeader().getFlag(Flags.TC) // dnsjava then swallows what it cannot read
            && query.getHeader().getCount(Section.QUESTION) == 1
            && Set.of(Rcode.NOERROR, Rcode.NXDOMAIN, Rcode.YXDOMAIN, Rcode.REFUSED)
                .contains(reply.getRcode())
            && !META_TYPES.contains(question.getType())
            && question.getDClass() == DClass.IN;
    if (!isAccepted || !hasPlainSubnet(query.getOPT()) || hasLostFlags(query, reply)) {
      return null;
    }
    try {
      return new Message(reference.answer(query, Address.of("100.64.0.1")).toWire());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Whether dnsjava holds the client subnet as it was sent: it takes mapped IPv4 for IPv4.
  private static boolean hasPlainSubnet(@Nullable OPTRecord opt) {
    if (opt == null) {
      return true;
    }
    for (EDNSOption option : opt.getOptions(EDNSOption.Code.CLIENT_SUBNET)) {
      ClientSubnetOption subnet = (ClientSubnetOption) option;
      boolean isMapped =
          subnet.getFamily() == 2 && subnet.getAddress() instanceof java.net.Inet4Address;
      if (isMapped) {
        return false;
      }
    }
    return true;
  }

  /// Whether dnsjava lost the flags of the query's OPT record: it takes a TTL with the highest bit
  /// for 0 (RFC 2181 §8), there too.
  private static boolean hasLostFlags(Message query, Message reply) {
    OPTRecord asked = query.getOPT();
    OPTRecord given = reply.getOPT();
    return asked != null && given != null && asked.getTTL() == 0 && given.getFlags() != 0;
  }

  private static void expect(boolean holds, byte[] datagram, String problem) {
    if (!holds) {
      throw new AssertionError(HexFormat.of().formatHex(datagram) + ": " + problem);
    }
  }
}
