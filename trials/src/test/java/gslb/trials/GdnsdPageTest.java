package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.base.Diagnostic;
import gslb.base.Diagnostics;
import gslb.base.Prefix;
import gslb.dns.QueryContext;
import gslb.dns.Responder;
import gslb.health.MonitoredEndpoints.Watched;
import gslb.health.TargetKey;
import gslb.health.TargetVerdicts;
import gslb.node.ScriptedWorld;
import gslb.steering.Verdict;
import gslb.testkit.MmdbWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// The two configurations of `docs/gdnsd.md`: gslb takes its own without an error, and answers as
/// gdnsd does, with a SCOPE that is never longer; what the page says is different is.
final class GdnsdPageTest {
  private static final Path ROOT = Path.of(System.getProperty("gslb.root"));
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```([a-z]+)\\n(.*?)^```");
  private static final int QUESTIONS = 200;

  /// Continent, country, subdivision, and where its clients are.
  private static final List<List<Object>> PLACES =
      List.of(
          List.of("EU", "DE", "BE", 52.5, 13.4),
          List.of("EU", "GB", "ENG", 51.5, -0.1),
          List.of("NA", "US", "CA", 37.4, -122.1),
          List.of("NA", "US", "NY", 40.7, -74.0),
          List.of("NA", "MX", "CMX", 19.4, -99.1),
          List.of("AS", "IN", "MH", 19.1, 72.9),
          List.of("AS", "JP", "13", 35.7, 139.7),
          List.of("OC", "AU", "NSW", -33.9, 151.2),
          List.of("SA", "BR", "SP", -23.5, -46.6),
          List.of("AF", "ZA", "WC", -33.9, 18.4),
          List.of("AN", "AQ", "X", -77.8, 166.7));

  /// The pair's own networks, and what is around them.
  private static final List<Prefix> NETWORKS =
      List.of(
          Prefix.of("10.0.0.0/8"),
          Prefix.of("203.0.113.0/24"),
          Prefix.of("203.0.113.128/25"),
          Prefix.of("2001:db8:1::/48"));

  @TempDir Path folder;

  private final Random random = new Random(7);
  private final PlacesOfClients clients = new PlacesOfClients(random);
  private final byte[] database = database();
  private final byte[] reply = new byte[Responder.MESSAGE_LENGTH_MAX];

  /// What is answered.
  private record Answered(Set<String> data, int scope) {
    static Answered of(Message message) {
      Set<String> data = new TreeSet<>(DnsClient.addresses(message));
      message.getSection(Section.ANSWER).stream()
          .filter(CNAMERecord.class::isInstance)
          .forEach(alias -> data.add(((CNAMERecord) alias).getTarget().toString()));
      return new Answered(data, DnsClient.scope(message));
    }
  }

  private static List<String> blocks(String language) throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(ROOT.resolve("docs/gdnsd.md")));
    while (block.find()) {
      if (block.group(1).equals(language)) {
        blocks.add(block.group(2));
      }
    }
    return blocks;
  }

  @Test
  void gslbTakesItsHalfWithoutErrors() throws Exception {
    assertThat(read().configuration().catalog().services()).hasSize(7);
  }

  @Test
  void bothAnswerAlikeWhateverIsUp() throws Exception {
    ScriptedWorld world = read();
    try (Gdnsd gdnsd = gdnsd()) {
      for (List<String> down :
          List.of(
              List.<String>of(),
              List.of("192.0.2.10", "192.0.2.11", "192.0.2.20", "192.0.2.25"),
              List.of("192.0.2.12", "203.0.113.10", "198.51.100.10", "198.51.100.25"))) {
        compare(gdnsd, world, down);
      }
    }
  }

  @Test
  void formsOfIpv4AddressesAreTakenAsThePageSays() throws Exception {
    ScriptedWorld world = read();
    try (Gdnsd gdnsd = gdnsd()) {
      DnsClient client = gdnsd.start("www.example.org.");
      Asked asked = asked(world, List.of());
      Set<String> ofTheNetwork =
          DnsClient.addresses(client.ask("www.example.org.", Type.A, "203.0.113.0/25"));
      assertThat(ofTheNetwork).containsExactly("203.0.113.10");
      for (String alike :
          List.of(
              "64:ff9b::cb00:7101/128", "2002:cb00:7101::/48", "2001:0:1:2:3:4:34ff:8efe/128")) {
        assertThat(DnsClient.addresses(client.ask("www.example.org.", Type.A, alike)))
            .as("gdnsd, %s", alike)
            .isEqualTo(ofTheNetwork);
        assertThat(asked.ask("www", alike).data()).as("gslb, %s", alike).isEqualTo(ofTheNetwork);
      }
      for (String other : List.of("::cb00:7101/128", "::ffff:0:cb00:7101/128")) {
        assertThat(DnsClient.addresses(client.ask("www.example.org.", Type.A, other)))
            .as("gdnsd, %s", other)
            .isEqualTo(ofTheNetwork);
        assertThat(asked.ask("www", other).data())
            .as("gslb, %s: as an unknown place", other)
            .containsExactly("198.51.100.10", "198.51.100.11");
      }
    }
  }

  private void compare(Gdnsd gdnsd, ScriptedWorld world, List<String> down) throws Exception {
    StringBuilder forced = new StringBuilder();
    down.forEach(address -> forced.append(address).append("/* => DOWN\n"));
    gdnsd.write("state/admin_state", forced.toString());
    DnsClient client = gdnsd.start("www.example.org.");
    Asked asked = asked(world, down);
    Map<String, Set<String>> theirDraws = new TreeMap<>();
    Map<String, Set<String>> ourDraws = new TreeMap<>();
    for (int i = 0; i < QUESTIONS; i++) {
      String subnet = subnet().toString();
      for (String name : List.of("www", "api", "shop", "eu", "mail")) {
        Answered theirs = Answered.of(client.ask(name + ".example.org.", Type.A, subnet));
        Answered ours = asked.ask(name, subnet);
        assertThat(ours.data())
            .as("%s, %s, down %s", name, subnet, down)
            .isEqualTo(withoutWhatIsDown(theirs.data(), down));
        // A metafo that goes on behind a geoip forgets that others would not have come there.
        boolean isForgotten = theirs.data().contains("sorry.example.net.");
        assertThat(theirs.scope() == 0 && ours.scope() > 0)
            .as("%s, %s: SCOPE %d of gdnsd, %d of gslb", name, subnet, theirs.scope(), ours.scope())
            .isEqualTo(isForgotten);
        if (!isForgotten) {
          assertThat(ours.scope())
              .as("%s, %s: SCOPE", name, subnet)
              .isLessThanOrEqualTo(theirs.scope());
        }
      }
      for (String name : List.of("files", "cdn")) {
        theirDraws
            .computeIfAbsent(name, _ -> new TreeSet<>())
            .addAll(Answered.of(client.ask(name + ".example.org.", Type.A, subnet)).data());
        ourDraws.computeIfAbsent(name, _ -> new TreeSet<>()).addAll(asked.ask(name, subnet).data());
      }
    }
    assertThat(ourDraws).as("down %s", down).isEqualTo(theirDraws);
  }

  /// What the page says that gslb answers: without enough of anything up, gdnsd answers with all
  /// of the first choice, and gslb with what is up of it.
  private static Set<String> withoutWhatIsDown(Set<String> data, List<String> down) {
    Set<String> up = new TreeSet<>(data);
    down.forEach(up::remove);
    return up.isEmpty() ? data : up;
  }

  // gslb's half.

  private ScriptedWorld read() throws IOException {
    Path config = folder.resolve("gslb.yaml");
    Files.write(folder.resolve("GeoLite2-City.mmdb"), database);
    Files.writeString(folder.resolve("example.org.zone"), blocks("zone").getLast());
    Files.writeString(config, "node: {state-directory: none}\n" + blocks("yaml").getFirst());
    Diagnostics diagnostics = new Diagnostics();
    return ScriptedWorld.read(config, diagnostics)
        .orElseThrow(() -> new AssertionError(errors(diagnostics)));
  }

  private static String errors(Diagnostics diagnostics) {
    return String.join("\n", diagnostics.sorted().stream().map(Diagnostic::toString).toList());
  }

  /// A responder to ask.
  private final class Asked {
    private final Responder responder;
    private final QueryContext context;

    Asked(Responder responder) {
      this.responder = responder;
      this.context = responder.newContext();
      context.clientIsV4 = true;
      context.clientLow = Address.of("198.18.0.1").low();
    }

    Answered ask(String name, String subnet) throws IOException {
      byte[] query = DnsClient.query(name + ".example.org.", Type.A, subnet).toWire();
      int length = responder.answer(query, query.length, reply, context);
      return Answered.of(new Message(Arrays.copyOf(reply, length)));
    }
  }

  /// @param down addresses; everything else is up
  private Asked asked(ScriptedWorld world, List<String> down) {
    Map<TargetKey, Verdict> verdicts = new HashMap<>();
    for (Watched watched : world.monitored().endpoints()) {
      Address address =
          world.configuration().catalog().endpoints().get(watched.endpoint()).address();
      Verdict verdict = down.contains(address.toString()) ? Verdict.DOWN : Verdict.UP;
      watched.targets().forEach(target -> verdicts.put(target, verdict));
    }
    ScriptedWorld.Served served = world.serve(1, new TargetVerdicts(verdicts), null, 0, 0);
    return new Asked(new Responder(served::dns));
  }

  // gdnsd's half.

  /// The page's, first as it is written, then with probes that need no network.
  private Gdnsd gdnsd() throws IOException, InterruptedException {
    Gdnsd gdnsd = new Gdnsd(folder.resolve("gdnsd"));
    gdnsd.write("geoip/GeoLite2-City.mmdb", database);
    gdnsd.write("zones/example.org", blocks("zone").getFirst());
    String config =
        blocks("gdnsd").getFirst().replaceFirst("options => \\{ listen => \\[[^\\]]*\\] \\}", "");
    gdnsd.configure(config);
    gdnsd.configure(
        config
            .replaceFirst(
                "(?s)service_types => \\{.*?\\n\\}",
                "service_types => { web => { plugin => static, state => UP, ttl => 300 }"
                    + " smtp => { plugin => static, state => UP, ttl => 300 } }")
            .replaceFirst("plugins => \\{", "plugins => { static => {}"));
    return gdnsd;
  }

  private byte[] database() {
    List<Map<String, Object>> records = new ArrayList<>();
    for (List<Object> place : PLACES) {
      Map<String, Object> record = new LinkedHashMap<>();
      record.put("continent", Map.of("code", place.get(0)));
      record.put("country", Map.of("iso_code", place.get(1)));
      record.put("subdivisions", List.of(Map.of("iso_code", place.get(2))));
      record.put("location", Map.of("latitude", place.get(3), "longitude", place.get(4)));
      records.add(record);
    }
    Map<Prefix, Map<String, Object>> byPrefix = new LinkedHashMap<>();
    for (int i = 0; i < 1_000; i++) {
      byPrefix.put(clients.prefix(), records.get(random.nextInt(records.size())));
    }
    return MmdbWriter.write(6, 28, "GeoIP2-City", byPrefix);
  }

  /// Of a network, where the database has something, or anywhere.
  private Prefix subnet() {
    Prefix near =
        random.nextInt(4) == 0 ? NETWORKS.get(random.nextInt(NETWORKS.size())) : clients.prefix();
    Address address = near.address();
    return address.isV4()
        ? Prefix.around(
            Address.v4((int) address.low() | random.nextInt(256)), 8 + random.nextInt(25))
        : Prefix.around(address, 16 + random.nextInt(49));
  }
}
