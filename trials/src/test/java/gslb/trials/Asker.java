package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.dns.DnsSnapshot;
import gslb.dns.QueryContext;
import gslb.dns.Responder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Asks the responder as a listener does, a hundred thousand times a second: builds queries and
/// reads replies octet by octet, because dnsjava takes a mapped address in a client subnet for
/// IPv4. Owned by one thread.
final class Asker {
  static final int A = 1;
  static final int AAAA = 28;
  static final int HTTPS = 65;

  private static final int NOERROR = 0;
  private static final int IPV4_HINT = 4;
  private static final int IPV6_HINT = 6;

  private final Responder responder;
  private final QueryContext context;
  private final byte[] reply = new byte[Responder.MESSAGE_LENGTH_MAX];

  Asker(Supplier<DnsSnapshot> snapshots) {
    responder = new Responder(snapshots::get);
    context = responder.newContext();
    context.clientIsV4 = true;
    context.clientLow = 0xc633_6401L;
  }

  /// @param addresses of the answer's records or hints, of both families
  /// @param scope of the client subnet, -1 without one
  record Reply(Set<Address> addresses, int scope, int ttl) {
    /// The addresses of one family.
    Set<Address> of(boolean v4) {
      Set<Address> some = new TreeSet<>();
      addresses.stream().filter(a -> a.isV4() == v4).forEach(some::add);
      return some;
    }
  }

  void at(long nowMillis) {
    context.nowMillis = nowMillis;
  }

  /// The socket's peer.
  void from(Address client) {
    context.clientIsV4 = client.isV4();
    context.clientHigh = client.high();
    context.clientLow = client.low();
  }

  /// Without EDNS, for the socket's peer.
  Reply ask(String name, int type) {
    return ask(name, type, null, 0);
  }

  /// For a client subnet, the first octets of the address.
  Reply ask(String name, int type, Address client, int source) {
    byte[] wire = DnsName.of(name).toWire();
    int octets = (source + 7) / 8;
    ByteBuffer query = ByteBuffer.allocate(12 + wire.length + 4 + 11 + 8 + octets);
    query.putShort((short) 7).putShort((short) 0).putShort((short) 1).putInt(0);
    query.putShort((short) (client == null ? 0 : 1));
    query.put(wire).putShort((short) type).putShort((short) 1);
    if (client != null) {
      query.put((byte) 0).putShort((short) 41).putShort((short) 1232).putInt(0);
      query.putShort((short) (8 + octets)).putShort((short) 8).putShort((short) (4 + octets));
      query.putShort((short) (client.isV4() ? 1 : 2)).put((byte) source).put((byte) 0);
      byte[] address = Arrays.copyOf(client.toBytes(), octets);
      if (source % 8 != 0) {
        address[octets - 1] &= (byte) (0xff << 8 - source % 8);
      }
      query.put(address);
    }
    int length = responder.answer(query.array(), query.position(), reply, context);
    ByteBuffer message = ByteBuffer.wrap(reply, 0, length);
    assertThat(message.get(3) & 0xf).as("RCODE for %s", client).isEqualTo(NOERROR);
    int scope = client == null ? -1 : reply[length - octets - 1] & 0xff;
    Set<Address> addresses = new TreeSet<>();
    int ttl = -1;
    message.position(12 + wire.length + 4);
    for (int i = message.getShort(6); i > 0; i--) {
      message.getShort(); // a pointer to the question
      int answered = message.getShort();
      message.getShort();
      ttl = message.getInt();
      int end = message.getShort() + message.position();
      if (answered == HTTPS) {
        readHints(message, end, addresses);
      } else {
        addresses.add(address(message, answered == A));
      }
      assertThat(message.position()).isEqualTo(end);
    }
    return new Reply(addresses, scope, ttl);
  }

  private static void readHints(ByteBuffer message, int end, Set<Address> addresses) {
    message.getShort(); // priority
    assertThat(message.get()).as("target .").isZero();
    while (message.position() < end) {
      int key = message.getShort();
      int paramEnd = message.getShort() + message.position();
      while ((key == IPV4_HINT || key == IPV6_HINT) && message.position() < paramEnd) {
        addresses.add(address(message, key == IPV4_HINT));
      }
      message.position(paramEnd);
    }
  }

  private static Address address(ByteBuffer message, boolean isV4) {
    return isV4 ? Address.v4(message.getInt()) : Address.v6(message.getLong(), message.getLong());
  }
}
