package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import com.maxmind.db.Reader;
import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.base.DnsName;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.base.SourceSpan;
import gslb.dns.DnsSnapshot;
import gslb.dns.QueryContext;
import gslb.dns.Responder;
import gslb.steering.AllDown;
import gslb.steering.Catalog;
import gslb.steering.Endpoint;
import gslb.steering.FlipDeadlines;
import gslb.steering.MinHealthy;
import gslb.steering.Policy;
import gslb.steering.Pool;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.steering.SteeringTables;
import gslb.steering.Verdict;
import gslb.steering.VerdictTable;
import gslb.steering.places.CountryTable;
import gslb.steering.places.GeoDatabase;
import gslb.steering.places.PlaceTable;
import gslb.zones.DynamicSlot;
import gslb.zones.FlatZone;
import gslb.zones.ZoneFile;
import gslb.zones.ZoneSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The place of a client, on the real country database, against others: Debian's `mmdblookup` for
/// the country, a second source for its continent, and a plain search for the maximal uniform
/// prefix. What is judged is the reply: the address answered and the client subnet's scope. Nothing
/// of the program takes part in what is expected.
final class GeoOracleTest {
  private static final Path FILE =
      Path.of(System.getProperty("gslb.root"), "deploy/geo/geo-whois-asn-country.mmdb");

  private static final Prefix MAPPED = Prefix.of("::ffff:0:0/96");
  private static final Prefix NAT64 = Prefix.of("64:ff9b::/96");
  private static final Prefix SIX_TO_FOUR = Prefix.of("2002::/16");
  private static final Prefix TEREDO = Prefix.of("2001::/32");
  private static final List<Prefix> BLOCKS = List.of(MAPPED, NAT64, SIX_TO_FOUR, TEREDO);

  /// What the second source says otherwise or leaves out. It has Russia in Asia; GeoNames, MaxMind
  /// and UN M49 have it in Europe. `AN` is no country since 2010.
  private static final Map<String, String> DECIDED = Map.of("RU", "EU", "AN", "NA");

  /// Continent → the pool that a policy of three pools and a default gives.
  private static final Map<String, Integer> POOL_OF_CONTINENT =
      Map.of("EU", 0, "AF", 0, "AS", 1, "OC", 1, "NA", 2, "SA", 2);

  private static final int DEFAULT_POOL = 3;

  private static final String NAME = "www.gslb.example";

  private static final String ZONE =
      """
      @ 60 IN SOA ns1 host 1 3600 600 604800 60
      @ 60 IN NS ns1
      ns1 60 IN A 192.0.2.9
      """;

  /// Pool n answers 198.51.100.n.
  private static final int POOL_ADDRESS = 0xc633_6400;

  private final Map<String, String> continentOf = secondSource();
  private final Responder responder = responder();
  private final QueryContext context = responder.newContext();
  private final byte[] reply = new byte[Responder.MESSAGE_LENGTH_MAX];

  /// Where the pool changes: the first address of each run but the first, ascending.
  private final Map<Family, List<BigInteger>> changes = new HashMap<>();

  private final Map<Family, List<Prefix>> networks = new HashMap<>();

  @Test
  void poolAndScopeAreRightAtRandomNetworksAndEmbeddedAddresses() throws Exception {
    agrees(300, 100);
  }

  @Tag("proof")
  @Test
  void poolAndScopeAreRightAtTwentyThousandNetworksOfEachFamily() throws Exception {
    agrees(20_000, 1000);
  }

  private void agrees(int networkCount, int embeddedCount) throws Exception {
    readNetworks();
    Random random = new Random(7);
    Set<Address> asked = new LinkedHashSet<>();
    for (Family family : Family.values()) {
      List<Prefix> all = networks.getOrDefault(family, List.of());
      for (int i = 0; i < networkCount; i++) {
        Prefix network = all.get(random.nextInt(all.size()));
        asked.add(network.address());
        asked.add(network.last());
        asked.add(next(network.address(), -1));
        asked.add(next(network.last(), 1));
      }
    }
    for (int i = 0; i < embeddedCount; i++) {
      asked.addAll(embedding(random.nextInt() & 0xffffffffL, random));
    }
    Map<Address, String> countries =
        countries(asked.stream().map(GeoOracleTest::deciding).toList());
    List<String> wrong = new ArrayList<>();
    for (Address address : asked) {
      String country = countries.getOrDefault(deciding(address), "");
      int pool = isWhereFilesKeepIpv4(address) ? DEFAULT_POOL : pool(country);
      Answered answered = ask(address);
      Answered expected = new Answered(pool, scope(address));
      if (!answered.equals(expected)) {
        wrong.add(address + ": " + answered + "; expected " + expected);
      }
    }
    assertThat(wrong).as("of %d addresses", asked.size()).isEmpty();
    assertThat(countries.values().stream().distinct().count()).isGreaterThan(50);
  }

  // The program's side: a service of four pools by continent, asked as a resolver asks.

  /// @param pool by the address answered
  /// @param scope as the reply's client subnet says
  private record Answered(int pool, int scope) {}

  private static Responder responder() {
    try {
      GeoDatabase database = GeoDatabase.read("country", Files.readAllBytes(FILE));
      PlaceTable table = PlaceTable.compile(List.of(database), Map.of(), CountryTable.standard());
      List<Endpoint> endpoints = new ArrayList<>();
      List<Pool> pools = new ArrayList<>();
      for (int i = 0; i <= DEFAULT_POOL; i++) {
        Endpoint endpoint = new Endpoint(i, Address.v4(POOL_ADDRESS + i), 1);
        endpoints.add(endpoint);
        pools.add(new Pool(i, "pool" + i, null, MinHealthy.ONE_ENDPOINT, null, List.of(endpoint)));
      }
      Map<String, Policy> continents = new HashMap<>();
      POOL_OF_CONTINENT.forEach(
          (name, pool) -> continents.put(name, new Policy.Use(pools.get(pool))));
      Service service =
          new Service(
              0,
              "www",
              List.of(DnsName.of(NAME)),
              new Service.Ttl(30, 30),
              gslb.steering.Families.ANY,
              Service.Answers.ONE,
              new AllDown.Answer(),
              new Policy.Geo(
                  Map.of(), Map.of(), continents, new Policy.Use(pools.get(DEFAULT_POOL))),
              null);
      Catalog catalog = new Catalog(List.of(), Map.of(), endpoints, pools, List.of(service));
      SteeringPlan plan =
          SteeringTables.compile(catalog, table)
              .plan(VerdictTable.all(endpoints.size(), Verdict.UP), 0);
      FlatZone zone =
          ZoneFile.read(
                  "zone",
                  ZONE,
                  DnsName.of("gslb.example"),
                  List.of(new DynamicSlot(0, DnsName.of(NAME), SourceSpan.file("test"))),
                  new Diagnostics())
              .orElseThrow();
      DnsSnapshot snapshot =
          DnsSnapshot.compile(
              1, plan, ZoneSet.of(List.of(zone)), new FlipDeadlines(endpoints.size()));
      return new Responder(() -> snapshot);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// One question with the whole address as the client's subnet.
  private Answered ask(Address client) {
    byte[] address = client.toBytes();
    byte[] name = DnsName.of(NAME).toWire();
    ByteBuffer query = ByteBuffer.allocate(12 + name.length + 4 + 11 + 8 + address.length);
    query.putShort((short) 7).putShort((short) 0).putShort((short) 1).putInt(0);
    query.putShort((short) 1).put(name).putShort((short) 1).putShort((short) 1);
    query.put((byte) 0).putShort((short) 41).putShort((short) 1232).putInt(0);
    query.putShort((short) (8 + address.length)).putShort((short) 8);
    query.putShort((short) (4 + address.length)).putShort((short) (client.isV4() ? 1 : 2));
    query.put((byte) client.family().bits()).put((byte) 0).put(address);
    int length = responder.answer(query.array(), query.position(), reply, context);
    // Read here and not by dnsjava, which takes a mapped address in a client subnet for IPv4. One
    // answer follows the question: pointer, type, class, TTL, length, and the address 12 octets on.
    ByteBuffer message = ByteBuffer.wrap(reply, 0, length);
    assertThat(message.getInt(4)).as("QDCOUNT, ANCOUNT").isEqualTo(0x0001_0001);
    int pool = message.getInt(12 + name.length + 4 + 12) - POOL_ADDRESS;
    // The client subnet ends the message: SCOPE PREFIX-LENGTH stands before its address.
    return new Answered(pool, reply[length - address.length - 1] & 0xff);
  }

  // The others' side.

  private static Map<String, String> secondSource() {
    Map<String, String> continentOf = new HashMap<>();
    try (InputStream in = GeoOracleTest.class.getResourceAsStream("continents-second-source.txt")) {
      if (in == null) {
        throw new AssertionError("the second source is missing");
      }
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.isEmpty() && line.charAt(0) != '#') {
          continentOf.put(line.substring(0, 2), line.substring(3));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    continentOf.putAll(DECIDED);
    return continentOf;
  }

  private int pool(String country) {
    return POOL_OF_CONTINENT.getOrDefault(continentOf.getOrDefault(country, ""), DEFAULT_POOL);
  }

  /// Asks `mmdblookup`, one process for each address, from two shells at once.
  private static Map<Address, String> countries(List<Address> addresses) throws Exception {
    Peer mmdblookup = Peer.named("mmdblookup");
    List<Address> distinct = addresses.stream().distinct().toList();
    int half = distinct.size() / 2;
    Map<Address, String> countries = new HashMap<>();
    try (ExecutorService shells = Executors.newFixedThreadPool(2)) {
      List<Callable<Map<Address, String>>> halves =
          List.of(
              () -> ask(mmdblookup, distinct.subList(0, half)),
              () -> ask(mmdblookup, distinct.subList(half, distinct.size())));
      for (Future<Map<Address, String>> part : shells.invokeAll(halves)) {
        countries.putAll(part.get());
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
    return countries;
  }

  private static Map<Address, String> ask(Peer mmdblookup, List<Address> addresses)
      throws IOException, InterruptedException {
    String script =
        "while read -r a; do echo \"> $a\"; \"$0\" --file \"$1\" --ip \"$a\" country_code 2>&1;"
            + " done";
    Process shell =
        new ProcessBuilder("sh", "-c", script, mmdblookup.program().toString(), FILE.toString())
            .start();
    Thread feeder =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (Writer in = shell.outputWriter(StandardCharsets.US_ASCII)) {
                    for (Address address : addresses) {
                      in.write(address + "\n");
                    }
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    Map<Address, String> countries = new HashMap<>();
    int answered = 0;
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8))) {
      Address asked = Address.v4(0);
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        String text = line.strip();
        if (text.startsWith("> ")) {
          asked = Address.of(text.substring(2));
        } else if (text.startsWith("\"")) {
          countries.put(asked, text.substring(1, 3));
          answered++;
        } else if (text.startsWith("Could not find an entry")) {
          answered++;
        } else if (!text.isEmpty()) {
          throw new AssertionError("mmdblookup says of " + asked + ": " + text);
        }
      }
    } finally {
      shell.destroy();
    }
    feeder.join();
    assertThat(answered).isEqualTo(addresses.size());
    return countries;
  }

  /// Reads the networks with MaxMind's reader, and where the pool changes between them.
  private void readNetworks() throws Exception {
    Map<Family, BigInteger> reached = new HashMap<>();
    Map<Family, Integer> current = new HashMap<>();
    for (Family family : Family.values()) {
      networks.put(family, new ArrayList<>());
      changes.put(family, new ArrayList<>());
      reached.put(family, BigInteger.ZERO);
      current.put(family, DEFAULT_POOL);
    }
    try (Reader reader = new Reader(FILE.toFile(), Reader.FileMode.MEMORY)) {
      var all = reader.networks(Map.class);
      while (all.hasNext()) {
        var record = all.next();
        Prefix network =
            new Prefix(
                Address.of(record.network().networkAddress()), record.network().prefixLength());
        Family family = network.address().family();
        networks.getOrDefault(family, List.of()).add(network);
        BigInteger first = number(network.address());
        if (first.compareTo(reached.getOrDefault(family, BigInteger.ZERO)) > 0) {
          enter(family, reached.getOrDefault(family, BigInteger.ZERO), DEFAULT_POOL, current);
        }
        enter(family, first, pool(String.valueOf(record.data().get("country_code"))), current);
        reached.put(family, number(network.last()).add(BigInteger.ONE));
      }
    }
    for (Family family : Family.values()) {
      BigInteger end = reached.getOrDefault(family, BigInteger.ZERO);
      if (end.bitLength() <= family.bits()) {
        enter(family, end, DEFAULT_POOL, current);
      }
    }
  }

  private void enter(Family family, BigInteger at, int pool, Map<Family, Integer> current) {
    Integer before = current.put(family, pool);
    if (before == null || before != pool) {
      changes.getOrDefault(family, List.of()).add(at);
    }
  }

  /// The shortest length whose prefix around the address has one pool.
  private int scope(Address address) {
    for (Prefix block : BLOCKS) {
      if (block.contains(address)) {
        int offset = block.equals(SIX_TO_FOUR) ? 16 : 96;
        return offset + scope(deciding(address));
      }
    }
    int length = 0;
    while (!isUniform(Prefix.around(address, length))) {
      length++;
    }
    return length;
  }

  private boolean isUniform(Prefix prefix) {
    for (Prefix block : BLOCKS) {
      if (prefix.contains(block.address())) {
        return false; // all pools of IPv4 are inside
      }
    }
    List<BigInteger> at = changes.getOrDefault(prefix.address().family(), List.of());
    BigInteger first = number(prefix.address());
    BigInteger last = number(prefix.last());
    int low = 0;
    int high = at.size();
    while (low < high) {
      int middle = low + high >>> 1;
      if (at.get(middle).compareTo(first) > 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == at.size() || at.get(low).compareTo(last) > 0;
  }

  private static BigInteger number(Address address) {
    return new BigInteger(1, address.toBytes());
  }

  /// The IPv4 address that an IPv6 address carries, or the address itself: RFC 4291 §2.5.5.2,
  /// RFC 6052 §2.1, RFC 3056 §2, RFC 4380 §4.
  private static Address deciding(Address address) {
    if (MAPPED.contains(address) || NAT64.contains(address)) {
      return Address.v4((int) address.low());
    }
    if (SIX_TO_FOUR.contains(address)) {
      return Address.v4((int) (address.high() >>> 16));
    }
    return TEREDO.contains(address) ? Address.v4((int) ~address.low()) : address;
  }

  private static boolean isWhereFilesKeepIpv4(Address address) {
    return Prefix.of("::/96").contains(address);
  }

  private static List<Address> embedding(long v4, Random random) {
    return List.of(
        Address.v6(0, 0xffffL << 32 | v4),
        Address.v6(0x0064_ff9bL << 32, v4),
        Address.v6(0x2002L << 48 | v4 << 16 | random.nextInt(1 << 16), random.nextLong()),
        Address.v6(
            0x2001_0000L << 32 | random.nextInt() & 0xffffffffL,
            random.nextLong() & 0xffffffff_00000000L | ~v4 & 0xffffffffL));
  }

  private static Address next(Address address, int by) {
    if (address.isV4()) {
      return Address.v4((int) address.low() + by);
    }
    BigInteger moved = number(address).add(BigInteger.valueOf(by));
    return Address.v6(moved.shiftRight(64).longValue(), moved.longValue());
  }
}
