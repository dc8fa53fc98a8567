package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.dns.reference.ReferenceAnswerer;
import gslb.testkit.Seeded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// The responder against an answerer that was written from the RFCs alone: 24,000 questions to 120
/// sets of zones.
final class ReferenceTest {
  private static final int QUESTIONS = 200;

  @Seeded(120)
  void everyReplyIsThatOfTheReference(Random random) throws IOException {
    RandomZones generator = new RandomZones(random);
    List<TestZone> zones = generator.zones();
    ReferenceAnswerer reference =
        new ReferenceAnswerer(SteeringTruth::decide, Responder.CHAIN_LENGTH_MAX);
    zones.forEach(z -> reference.add(z.apex(), z.records(), z.services()));
    TestServer server = new TestServer(zones.toArray(TestZone[]::new));
    for (int i = 0; i < QUESTIONS; i++) {
      Message query = query(generator, zones, random);
      Address peer = client(random);
      server.from(peer.toString()).overTcp(true);
      Message expected = new Message(reference.answer(query, peer).toWire());
      Message actual = new Message(server.answer(query.toWire()));
      assertThat(plain(actual)).as(query.toString()).isEqualTo(plain(expected));
      assertShorterReplyIsTheSame(server, query, expected);
    }
  }

  /// Over UDP the reply is the same, or TC is set: then it has no answer.
  private static void assertShorterReplyIsTheSame(
      TestServer server, Message query, Message expected) throws IOException {
    byte[] bytes = server.overTcp(false).answer(query.toWire());
    int announced = query.getOPT() == null ? 512 : query.getOPT().getPayloadSize();
    assertThat(bytes.length).isLessThanOrEqualTo(Math.clamp(announced, 512, 1232));
    Message actual = new Message(bytes);
    if (!actual.getHeader().getFlag(Flags.TC)) {
      if (actual.getHeader().getFlag(Flags.AA)
          || expected.getSection(Section.ADDITIONAL).isEmpty()) {
        assertThat(plain(actual)).isEqualTo(plain(expected));
      }
    } else if (actual.getSection(Section.AUTHORITY).isEmpty()) {
      assertThat(actual.getSection(Section.ANSWER)).isEmpty();
    }
  }

  private static Message query(RandomZones generator, List<TestZone> zones, Random random) {
    int qclass = random.nextInt(50) == 0 ? DClass.CH : DClass.IN;
    Record question = Record.newRecord(generator.question(zones), generator.qtype(), qclass);
    Message query = Message.newQuery(question);
    Header header = query.getHeader();
    header.setID(random.nextInt(65_536));
    for (int flag : new int[] {Flags.RD, Flags.CD, Flags.AD}) {
      if (random.nextBoolean()) {
        header.setFlag(flag);
      } else {
        header.unsetFlag(flag);
      }
    }
    int flags = random.nextBoolean() ? 0x8000 : 0;
    int payload = random.nextInt(2000);
    switch (random.nextInt(4)) {
      case 0 -> query.addRecord(new OPTRecord(payload, 0, 0, flags), Section.ADDITIONAL);
      case 1, 2 -> {
        Prefix subnet = subnet(random);
        ClientSubnetOption option =
            new ClientSubnetOption(subnet.length(), subnet.address().toInetAddress());
        query.addRecord(new OPTRecord(payload, 0, 0, flags, List.of(option)), Section.ADDITIONAL);
      }
      default -> {
        // without EDNS
      }
    }
    return query;
  }

  private static Address client(Random random) {
    if (random.nextInt(5) == 0) {
      return Address.v4(random.nextInt());
    }
    List<Prefix> places = List.copyOf(TestSteering.CONTINENTS.keySet());
    Address base = places.get(random.nextInt(places.size())).address();
    return base.isV4()
        ? Address.v4((int) base.low() + random.nextInt(-200, 400))
        : Address.v6(base.high() + random.nextInt(-50, 50), random.nextLong());
  }

  private static Prefix subnet(Random random) {
    Address address = client(random);
    int bits = address.family().bits();
    return Prefix.around(address, random.nextInt(6) == 0 ? 0 : random.nextInt(bits / 2, bits + 1));
  }

  static List<String> plain(Message message) {
    List<String> plain = new ArrayList<>();
    Header header = message.getHeader();
    plain.add(header.getID() + " " + Rcode.string(message.getRcode()) + " " + header.printFlags());
    for (int section = 0; section < 4; section++) {
      List<String> records = new ArrayList<>();
      for (Record each : message.getSection(section)) {
        records.add(section + " " + each.toString().toLowerCase(Locale.ROOT));
      }
      records.sort(null);
      plain.addAll(records);
    }
    return plain;
  }
}
