package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.dns.DnsSnapshot;
import gslb.steering.Policy;
import gslb.trials.ScopeOracle.Pieces;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Pool and scope of the reply on the wire, against {@link ScopeOracle}: several databases merged,
/// own networks on top, policies that look at everything there is of a place.
final class ScopeOracleTest {
  private final Random random = new Random(11);
  private final PlacesOfClients clients = new PlacesOfClients(random);
  private final List<Policy> policies = new ArrayList<>();
  private final List<Pieces> v4 = new ArrayList<>();
  private final List<Pieces> v6 = new ArrayList<>();
  private Asker asker;

  /// Judged replies by kind.
  private long judged;

  private long boundaries;
  private long embedded;
  private long longerThanBlock;

  @Test
  void everyScopeIsTheWidestPrefixOfOneClass() throws Exception {
    open(List.of(clients.cities(400, false), clients.asns(150)));
    judgeBoundaries();
    judgeRandom(20_000);
    judgeWidths(1_000);
  }

  @Tag("proof")
  @Test
  void everyScopeIsTheWidestPrefixOfOneClassAtAMillionAddressesAndEveryBoundary() throws Exception {
    byte[] country =
        Files.readAllBytes(
            Path.of(System.getProperty("gslb.root"), "deploy/geo/geo-whois-asn-country.mmdb"));
    open(List.of(clients.cities(4_000, false), clients.asns(2_000), country));
    judgeBoundaries();
    judgeRandom(1_000_000);
    judgeWidths(10_000);
    System.out.printf(
        "policies cut the world into %s pieces of IPv4 and %s of IPv6%n"
            + "%,d replies judged: %,d at boundaries, %,d of addresses that embed IPv4, %,d with a"
            + " scope longer than /24 or /48%n",
        v4.stream().map(p -> String.format("%,d", p.firsts().length)).toList(),
        v6.stream().map(p -> String.format("%,d", p.firsts().length)).toList(),
        judged,
        boundaries,
        embedded,
        longerThanBlock);
  }

  private void open(List<byte[]> files) throws Exception {
    Map<String, List<Prefix>> networks = clients.networks(3, 12);
    Policy nearest = new Policy.Nearest(clients.pools, 3);
    Policy nothing = new Policy.Failover(List.of());
    policies.add(
        new Policy.Geo(
            Map.of("net0", clients.list(), "net1", nothing),
            Map.of(64_500L, clients.list()),
            Map.of(1L, clients.list(), 2L, clients.list()),
            Map.of("DE-A1", clients.list(), "US-B2", clients.list(), "JP-C3", nothing),
            Map.of("DE", clients.list(), "GB", clients.list(), "BR", nothing),
            Map.of("EU", clients.list(), "AS", clients.list(), "OC", nothing),
            clients.list()));
    policies.add(nearest);
    policies.add(
        new Policy.Geo(
            Map.of("net2", nearest),
            Map.of("FR", clients.list(), "US", nearest),
            Map.of("AF", clients.list(), "NA", clients.list()),
            null));
    policies.add(
        new Policy.Failover(
            List.of(
                new Policy.Geo(
                    Map.of("net0", clients.list()),
                    Map.of(64_501L, nearest),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    clients.list()),
                clients.list())));
    ScopeOracle oracle = new ScopeOracle(files, networks);
    for (Policy policy : policies) {
      v4.add(oracle.pieces(policy, Family.V4));
      v6.add(oracle.pieces(policy, Family.V6));
    }
    DnsSnapshot snapshot = clients.serve(policies, files, networks);
    asker = new Asker(() -> snapshot);
  }

  /// Both sides of every place where what a policy comes to changes.
  private void judgeBoundaries() {
    for (int service = 0; service < policies.size(); service++) {
      for (Family family : Family.values()) {
        BigInteger[] firsts = (family == Family.V4 ? v4 : v6).get(service).firsts();
        for (int i = 0; i < firsts.length; i++) {
          judge(service, ScopeOracle.address(family, firsts[i]));
          if (i > 0) {
            judge(service, ScopeOracle.address(family, firsts[i].subtract(BigInteger.ONE)));
          }
          boundaries += i > 0 ? 2 : 1;
        }
      }
    }
  }

  private void judgeRandom(int count) {
    for (int i = 0; i < count; i++) {
      judge(random.nextInt(policies.size()), anyAddress());
    }
  }

  private Address anyAddress() {
    long v4Bits = random.nextInt() & 0xffff_ffffL;
    return switch (random.nextInt(8)) {
      case 0 -> Address.v6(0, 0xffffL << 32 | v4Bits);
      case 1 -> Address.v6(0x0064_ff9bL << 32, v4Bits);
      case 2 -> Address.v6(0x2002L << 48 | v4Bits << 16 | random.nextInt(1 << 16), 1);
      case 3, 4 -> Address.v6(0x2a00L << 48 | random.nextLong() >>> 8, random.nextLong());
      case 5 -> Address.v6(random.nextLong(), random.nextLong());
      default -> Address.v4((int) v4Bits);
    };
  }

  /// The pool is the oracle's, the prefix of the scope has one class, and one bit less has not.
  private void judge(int service, Address client) {
    Asker.Reply reply = ask(service, client);
    Address deciding = ScopeOracle.deciding(client);
    int offset = 0;
    if (!deciding.equals(client)) {
      offset = client.high() >>> 48 == 0x2002 ? 16 : 96;
      embedded++;
    }
    int scope = reply.scope() - offset;
    Pieces pieces = (deciding.isV4() ? v4 : v6).get(service);
    assertThat(scope).as("service %d, %s", service, client).isBetween(0, deciding.family().bits());
    assertThat(
            scope == deciding.family().bits()
                || ScopeOracle.isUniform(Prefix.around(deciding, scope), pieces))
        .as("service %d, %s: one class in /%d", service, client, scope)
        .isTrue();
    assertThat(scope == 0 || !ScopeOracle.isUniform(Prefix.around(deciding, scope - 1), pieces))
        .as("service %d, %s: no wider than /%d", service, client, scope)
        .isTrue();
    longerThanBlock += scope > (deciding.isV4() ? 24 : 48) ? 1 : 0;
    judged++;
  }

  /// Asks with the whole address, and compares the pool.
  private Asker.Reply ask(int service, Address client) {
    Asker.Reply reply = asker.ask(AnyWorld.host(service), Asker.A, client, client.family().bits());
    String order = ScopeOracle.outcome(client, v4.get(service), v6.get(service));
    String first = order.split(" ", 2)[0];
    assertThat(
            reply.addresses().isEmpty()
                ? "-"
                : "p" + AnyWorld.pool(reply.addresses().iterator().next()))
        .as("service %d, %s", service, client)
        .isEqualTo(first);
    return reply;
  }

  /// Scopes are those found by widening bit by bit.
  private void judgeWidths(int count) {
    for (int i = 0; i < count; i++) {
      int service = random.nextInt(policies.size());
      Address client = anyAddress();
      assertThat(ask(service, client).scope())
          .as("service %d, %s", service, client)
          .isEqualTo(ScopeOracle.scope(client, v4.get(service), v6.get(service)));
      judged++;
    }
  }
}
