package gslb.dns;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.dns.reference.ReferenceSteering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.xbill.DNS.Name;

/// What the services of {@link TestSteering} say, computed from its tables alone.
final class SteeringTruth {
  /// Octets before the IPv4 address in the IPv6 addresses that carry one, in hexadecimal.
  private static final List<String> EMBEDDINGS =
      List.of("00000000000000000000ffff", "0064ff9b0000000000000000", "2002");

  /// RFC 4380 §4: the server's address and other things stand between; the client's is inverted.
  private static final String TEREDO = "20010000";

  private SteeringTruth() {}

  static ReferenceSteering.Decision decide(int service, Address client) {
    int pool = pool(service, client);
    int scope = client.family().bits();
    while (scope > 0 && isUniform(service, Prefix.around(client, scope - 1), pool)) {
      scope--;
    }
    return new ReferenceSteering.Decision(
        pool < 0 || pool == TestSteering.ALIASED
            ? List.of()
            : TestSteering.POOLS.get(pool).stream().map(Address::of).toList(),
        pool == TestSteering.ALIASED ? Name.fromConstantString(TestSteering.ALIAS_TARGET) : null,
        service == TestSteering.ALIAS,
        TestSteering.HTTPS.get(service),
        scope,
        TestSteering.TTL_MAX);
  }

  /// Whether every address of a block gets the same: the places begin and end only where a prefix
  /// of the table does, be it embedded in IPv6.
  private static boolean isUniform(int service, Prefix block, int expected) {
    return TestSteering.CONTINENTS.keySet().stream()
        .flatMap(prefix -> edges(prefix, block))
        .filter(a -> a.family() == block.address().family())
        .filter(a -> Prefix.truncate(a, block.length()).equals(block.address()))
        .allMatch(a -> pool(service, a) == expected);
  }

  /// The first and last addresses inside and outside of a prefix, in every form.
  private static Stream<Address> edges(Prefix prefix, Prefix block) {
    Address first = prefix.address();
    if (!first.isV4()) {
      return Stream.of(first, Address.v6(first.high() + (1L << 64 - prefix.length()), 0));
    }
    int low = (int) first.low();
    int behind = low + (int) (1L << 32 - prefix.length());
    List<Address> edges = new ArrayList<>();
    for (int v4 : new int[] {low, behind, low - 1, behind - 1}) {
      edges.add(Address.v4(v4));
      for (String embedding : EMBEDDINGS) {
        edges.add(embedded(embedding, v4));
      }
      edges.add(embedded(TEREDO + "0".repeat(16), ~v4));
      edges.add(teredoBeside(block.address(), v4));
    }
    return edges.stream();
  }

  private static Address embedded(String before, int v4) {
    String text = before + "%08x".formatted(v4);
    byte[] bytes = HexFormat.of().parseHex(text + "0".repeat(32 - text.length()));
    return Address.v6(number(bytes, 0, 8), number(bytes, 8, 16));
  }

  /// Of the many Teredo addresses of a client, the one that has all else from another address.
  private static Address teredoBeside(Address other, int v4) {
    byte[] bytes = other.isV4() ? new byte[16] : other.toBytes();
    return embedded(hex(bytes).substring(0, 24), ~v4);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static long number(byte[] bytes, int from, int to) {
    long number = 0;
    for (byte each : Arrays.copyOfRange(bytes, from, to)) {
      number = number << 8 | each & 0xff;
    }
    return number;
  }

  /// Where the client is: at its IPv4 address if its IPv6 address carries one.
  private static Address whereabouts(Address client) {
    if (client.isV4()) {
      return client;
    }
    byte[] bytes = client.toBytes();
    String text = hex(bytes);
    if (text.startsWith(TEREDO)) {
      return Address.v4(~(int) number(bytes, 12, 16));
    }
    for (String embedding : EMBEDDINGS) {
      if (text.startsWith(embedding)) {
        int at = embedding.length() / 2;
        return Address.v4((int) number(bytes, at, at + 4));
      }
    }
    return client;
  }

  /// The pool, or -1 for none.
  private static int pool(int service, Address client) {
    Address place = whereabouts(client);
    String continent =
        TestSteering.CONTINENTS.entrySet().stream()
            .filter(e -> e.getKey().address().family() == place.family())
            .filter(e -> Prefix.truncate(place, e.getKey().length()).equals(e.getKey().address()))
            .max((a, b) -> Integer.compare(a.getKey().length(), b.getKey().length()))
            .map(Map.Entry::getValue)
            .orElse("");
    boolean isEurope = continent.equals("EU");
    return switch (service) {
      case TestSteering.ONE -> isEurope ? TestSteering.EUROPE : TestSteering.AMERICA;
      case TestSteering.ALL -> isEurope ? TestSteering.EUROPE : TestSteering.LARGE;
      case TestSteering.FENCED -> isEurope ? TestSteering.EUROPE : -1;
      case TestSteering.ALIAS -> isEurope ? TestSteering.EUROPE : TestSteering.ALIASED;
      default -> -1;
    };
  }
}
