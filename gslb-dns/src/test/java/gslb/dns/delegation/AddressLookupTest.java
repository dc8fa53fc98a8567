package gslb.dns.delegation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.DnsName;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// The lookup of hosts, against resolvers that say what a script says.
final class AddressLookupTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final DnsName HOST = DnsName.of("lb.example.net.");
  private static final Name OWNER = Name.fromConstantString("lb.example.net.");
  private static final Name ALIAS = Name.fromConstantString("lb7.example.org.");

  private final List<DatagramSocket> sockets = new ArrayList<>();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    sockets.forEach(DatagramSocket::close);
  }

  /// A resolver that fills in replies.
  private InetSocketAddress resolver(Consumer<Message> script) throws IOException {
    DatagramSocket udp = new DatagramSocket(0, LOOPBACK);
    sockets.add(udp);
    Thread.ofVirtual().start(() -> serve(udp, script));
    return new InetSocketAddress(LOOPBACK, udp.getLocalPort());
  }

  private void serve(DatagramSocket udp, Consumer<Message> script) {
    DatagramPacket in = new DatagramPacket(new byte[512], 512);
    try {
      while (true) {
        udp.receive(in);
        Message query = new Message(Arrays.copyOf(in.getData(), in.getLength()));
        asked.add(Type.string(type(query)) + (query.getHeader().getFlag(Flags.RD) ? " rd" : ""));
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        script.accept(reply);
        byte[] wire = reply.toWire();
        udp.send(new DatagramPacket(wire, wire.length, in.getSocketAddress()));
      }
    } catch (IOException _) {
      return; // closed with the test
    }
  }

  private static int type(Message message) {
    return message.getQuestion().getType();
  }

  private static AddressLookup.Found find(InetSocketAddress... resolvers) throws IOException {
    return AddressLookup.overNetwork(Clock.system(), new Random(1), List.of(resolvers)).find(HOST);
  }

  private static void answer(Message reply) {
    if (type(reply) == Type.A) {
      reply.addRecord(new CNAMERecord(OWNER, DClass.IN, 40, ALIAS), Section.ANSWER);
      for (int i = 1; i <= 2; i++) {
        reply.addRecord(
            new ARecord(ALIAS, DClass.IN, 60, InetAddress.ofLiteral("192.0.2." + i)),
            Section.ANSWER);
      }
    } else {
      reply.addRecord(
          new AAAARecord(OWNER, DClass.IN, 50, InetAddress.ofLiteral("2001:db8::1")),
          Section.ANSWER);
    }
  }

  private static Consumer<Message> rcode(int rcode) {
    return reply -> reply.getHeader().setRcode(rcode);
  }

  @Test
  void bothFamiliesAreFoundWithTheLeastTtlOnTheWay() throws IOException {
    AddressLookup.Found found = find(resolver(AddressLookupTest::answer));
    assertThat(found.addresses())
        .containsExactly(
            Address.of("192.0.2.1"), Address.of("192.0.2.2"), Address.of("2001:db8::1"));
    assertThat(found.ttlSeconds()).isEqualTo(40);
    assertThat(asked).containsExactly("A rd", "AAAA rd");
  }

  /// RFC 1034 §4.3.2, §5.3.3: an answer is the aliases from the name on, and what they lead to.
  @Test
  void onlyTheHostsOwnAddressesAreTaken() throws IOException {
    Name other = Name.fromConstantString("other.example.org.");
    Name second = Name.fromConstantString("lb8.example.org.");
    AddressLookup.Found found =
        find(
            resolver(
                reply -> {
                  if (type(reply) == Type.A) {
                    address(reply, other, 5, "192.0.2.66");
                    address(reply, second, 70, "192.0.2.8");
                    reply.addRecord(new CNAMERecord(ALIAS, DClass.IN, 60, second), Section.ANSWER);
                    reply.addRecord(new CNAMERecord(OWNER, DClass.IN, 50, ALIAS), Section.ANSWER);
                    reply.addRecord(new CNAMERecord(other, DClass.IN, 4, OWNER), Section.ANSWER);
                    address(reply, OWNER, 3, "192.0.2.67");
                  }
                }));
    assertThat(found.addresses()).containsExactly(Address.of("192.0.2.8"));
    assertThat(found.ttlSeconds()).isEqualTo(50);
  }

  @Test
  void aliasesInACircleLeadNowhere() throws IOException {
    assertThat(
            find(resolver(
                    reply -> {
                      reply.addRecord(new CNAMERecord(OWNER, DClass.IN, 50, ALIAS), Section.ANSWER);
                      reply.addRecord(new CNAMERecord(ALIAS, DClass.IN, 50, OWNER), Section.ANSWER);
                    }))
                .addresses())
        .isEmpty();
  }

  private static void address(Message reply, Name owner, int ttl, String address) {
    reply.addRecord(
        new ARecord(owner, DClass.IN, ttl, InetAddress.ofLiteral(address)), Section.ANSWER);
  }

  @Test
  void hostOfOneFamilyIsFound() throws IOException {
    InetSocketAddress resolver =
        resolver(
            reply -> {
              if (type(reply) == Type.AAAA) {
                answer(reply);
              }
            });
    assertThat(find(resolver).addresses()).containsExactly(Address.of("2001:db8::1"));
  }

  @Test
  void oneFamilyThatFailsIsAFailureOfAll() throws IOException {
    InetSocketAddress resolver =
        resolver(
            reply -> {
              if (type(reply) == Type.A) {
                answer(reply);
              } else {
                reply.getHeader().setRcode(Rcode.SERVFAIL);
              }
            });
    assertThatThrownBy(() -> find(resolver)).hasMessageEndingWith("says SERVFAIL");
  }

  @Test
  void nextResolverIsAskedWhenOneFailsOrRefuses() throws IOException {
    AddressLookup.Found found =
        find(
            resolver(rcode(Rcode.SERVFAIL)),
            resolver(rcode(Rcode.REFUSED)),
            resolver(AddressLookupTest::answer));
    assertThat(found.addresses()).hasSize(3);
  }

  @Test
  void nextResolverIsAskedWhenNobodyListens() throws IOException {
    DatagramSocket gone = new DatagramSocket(0, LOOPBACK);
    InetSocketAddress closed = new InetSocketAddress(LOOPBACK, gone.getLocalPort());
    gone.close();
    assertThat(find(closed, resolver(AddressLookupTest::answer)).addresses()).hasSize(3);
  }

  @Test
  void noMoreResolversAreAskedWhenTheTimeIsOver() throws IOException {
    AtomicLong now = new AtomicLong();
    Clock hasty =
        new Clock() {
          @Override
          public long nanoTime() {
            return now.getAndAdd(AddressLookup.LOOKUP_MAX.toNanos() / 2);
          }

          @Override
          public long currentTimeMillis() {
            return 0;
          }
        };
    InetSocketAddress resolver = resolver(AddressLookupTest::answer);
    AddressLookup lookup =
        AddressLookup.overNetwork(hasty, new Random(1), List.of(resolver, resolver, resolver));
    assertThatThrownBy(() -> lookup.find(HOST)).hasMessage("the resolvers do not answer in time");
  }

  @Test
  void nameThatDoesNotExistIsAnAnswer() throws IOException {
    InetSocketAddress first = resolver(rcode(Rcode.NXDOMAIN));
    InetSocketAddress second = resolver(AddressLookupTest::answer);
    assertThatThrownBy(() -> find(first, second)).hasMessage("the name does not exist");
    assertThat(asked).containsExactly("A rd");
  }

  @Test
  void hostWithoutAddressesIsFoundWithNone() throws IOException {
    assertThat(find(resolver(_ -> {})).addresses()).isEmpty();
  }

  @Test
  void withoutResolversThereIsNoAnswer() {
    assertThatThrownBy(AddressLookupTest::find).hasMessage("no resolver is configured");
  }
}
