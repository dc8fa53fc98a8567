package gslb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gslb.admin.NodeStatus.EndpointStatus;
import gslb.admin.NodeStatus.ProbeStatus;
import gslb.admin.NodeStatus.VoteStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// An explanation as people and as programs read it.
final class ExplainTextTest {
  private static ExplainResult explained(String... parameters) throws ExplainRefused {
    return FakeNode.explained(
        ExplainRequest.of(
            parameters.length == 0
                ? Map.of("name", "www.gslb.example", "client", "192.0.2.77")
                : Map.of("name", parameters[0], "client", parameters[1])));
  }

  /// The kilometres are 6371.0088 times the arc cosine of the dot product of the unit vectors.
  @Test
  void theAnswerComesFirstThenWhyThenWhatWouldChangeIt() throws ExplainRefused {
    assertThat(ExplainText.render(explained()))
        .isEqualTo(
            """
            www.gslb.example A at 2027-01-15T08:00:00Z on node fra1, generation 17

            answer   NOERROR, flags qr aa
                     www.gslb.example. 12 IN A 192.0.2.10
            ttl      12 s: 192.0.2.10 could flip in 12.3 s at the earliest
            scope    /24: outside 192.0.2.0/24 the policy can decide otherwise
            client   192.0.2.77, the client itself

            name     www.gslb.example. in zone gslb.example. is steered
            service  www: pool 'eu'
            place    EU, DE, DE-BE, city 2950159, at 51.00, 10.00, AS64500 (192.0.2.0/24)
            geo      country DE
            nearest  'eu' (136 km), 'us' (distance unknown)
            pool     'eu' usable: v4 1 of 1 up, needs 1; v6 1 of 1 up, needs 1
            pool     'us' not asked: one before it is chosen
            change   if 'eu' fails: pool 'eu', though none of its endpoints is up: no pool has any, 192.0.2.10
            beyond   192.0.3.0/24, continent unknown, country unknown, no coordinates; geo default: pool 'eu'
                       there too, for now

            octets   6 in the reply
                     0000  00 00 84 00 00 01
            """);
  }

  @Test
  void noLineIsWiderThanAHundredColumns() throws ExplainRefused {
    for (String name :
        List.of("www.gslb.example", "a.rather-long-name-that-does-not-exist.gslb.example")) {
      for (String client : List.of("192.0.2.77", "2001:db8:1234:5678:9abc:def0:1234:5678")) {
        assertThat(ExplainText.render(explained(name, client)).lines())
            .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(ExplainText.COLUMNS));
      }
    }
  }

  @Test
  void evidenceCountsSites() {
    ProbeStatus probe = FakeNode.sampleProbe();
    EndpointStatus down =
        new EndpointStatus("192.0.2.1", "", 1, "DOWN", "NONE", false, List.of(probe));
    assertThat(Evidence.of(down, 3))
        .isEqualTo("down: web: 2 of 3 sites see it down (unexpected status: 503)");
    assertThat(
            Evidence.of(
                new EndpointStatus("192.0.2.1", "", 1, "DOWN", "DRAIN", false, List.of(probe)), 3))
        .isEqualTo("drained");
    assertThat(
            Evidence.of(new EndpointStatus("192.0.2.1", "", 1, "UP", "NONE", false, List.of()), 3))
        .isEqualTo("up, nothing probes it");
    assertThat(
            Evidence.of(
                new EndpointStatus("192.0.2.1", "", 1, "DOWN", "NONE", false, List.of()), 3))
        .isEqualTo("taken as down");
    assertThat(
            Evidence.of(
                new EndpointStatus("192.0.2.1", "", 1, "UNKNOWN", "NONE", false, List.of(probe)),
                3))
        .isEqualTo("nothing is known of it yet");
  }

  @Test
  void whatTheGuardHoldsIsSaidToBeDown() {
    ProbeStatus probe = FakeNode.sampleProbe();
    assertThat(
            Evidence.of(
                new EndpointStatus("192.0.2.1", "", 1, "UP", "NONE", true, List.of(probe)), 3))
        .isEqualTo(
            "held by the capacity guard, though down: web: 2 of 3 sites see it down (unexpected"
                + " status: 503)");
  }

  /// A tie of a site's nodes is a vote for up, and stale votes are none.
  @Test
  void aSitesVoteIsTheMajorityOfItsFreshNodes() {
    assertThat(
            Evidence.sitesDown(
                List.of(
                    new VoteStatus("a1", "a", false, 0, true),
                    new VoteStatus("a2", "a", true, 0, true),
                    new VoteStatus("b1", "b", false, 0, true),
                    new VoteStatus("c1", "c", false, 0, false))))
        .isEqualTo(1);
  }

  /// The contract is docs/explain.md: the source names no key that is not there, and what is made
  /// has no other.
  @Test
  void everyKeyIsDocumented() throws Exception {
    Path root = Path.of(System.getProperty("gslb.root"));
    String page = Files.readString(root.resolve("docs/explain.md"));
    String source =
        Files.readString(root.resolve("admin/src/main/java/gslb/admin/ExplainJson.java"));
    TreeSet<String> keys = new TreeSet<>();
    Matcher named =
        Pattern.compile("\\.?(?:put\\w*|set|withArrayProperty)\\(\\s*\"(\\w+)\"").matcher(source);
    while (named.find()) {
      keys.add(named.group(1));
    }
    assertThat(keys).hasSizeGreaterThan(80).contains("answered", "blockStep", "location");
    assertThat(keys).allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
    TreeSet<String> made = new TreeSet<>();
    collect(new ObjectMapper().readTree(ExplainJson.of(explained())), made);
    assertThat(keys).containsAll(made);
  }

  private static void collect(JsonNode node, Set<String> keys) {
    node.fieldNames().forEachRemaining(keys::add);
    node.forEach(child -> collect(child, keys));
  }
}
