package gslb.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gslb.base.Diagnostic;
import gslb.base.SourceSpan;
import gslb.steering.shift.PlanShift;
import gslb.steering.shift.Scenario;
import gslb.steering.shift.Shares;
import gslb.steering.shift.Weighting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Plans and simulations over the API, with the client of the command line and byte for byte.
final class ShiftApiTest {
  private static final AdminToken TOKEN =
      AdminToken.parse("0123456789abcdef".repeat(4)).orElseThrow();

  private final FakeNode node = new FakeNode();
  private AdminServer server;
  private AdminClient client;

  @BeforeEach
  void open() throws IOException {
    server =
        AdminServer.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), TOKEN, node);
    client = new AdminClient(at(""), TOKEN);
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private static JsonNode tree(String json) throws IOException {
    return new ObjectMapper().readTree(json);
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(at(path))
              .header("Authorization", TOKEN.authorization())
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /// The node's sample plan has `us` down; up again it takes the tenth that its weight gives it,
  /// and all of Germany's two nearest stay.
  @Test
  void aPlanIsATreeAndText() throws Exception {
    AdminClient.Answer<AdminClient.Planned> answer = client.plan("/etc/new.yaml", Weighting.V4);
    assertThat(node.plannedFile).isEqualTo("/etc/new.yaml");
    assertThat(answer.value().isRefused()).isFalse();
    assertThat(answer.value().text()).contains("of clients move", "eu    us");
    JsonNode json = tree(answer.json());
    assertThat(json.path("generation").asLong()).isEqualTo(17);
    assertThat(json.path("weight").asText()).isEqualTo("v4");
    JsonNode service = json.path("services").path(0);
    assertThat(service.path("service").asText()).isEqualTo("www");
    assertThat(service.path("fate").asText()).isEqualTo("kept");
    JsonNode move = service.path("moves").path(0);
    assertThat(move.path("from").asText()).isEqualTo("eu");
    assertThat(move.path("to").asText()).isEqualTo("us");
    assertThat(move.at("/share/v4").asDouble()).isEqualTo(0.1, within(1e-6));
    assertThat(move.at("/share").has("traffic")).isFalse();
    assertThat(move.at("/continents/unknown/v4").asDouble()).isEqualTo(0.1, within(1e-6));
    assertThat(answer.value().mostDisturbed()).isEqualTo(service.path("disturbed").asDouble());
    assertThat(
            StreamSupport.stream(service.path("pools").spliterator(), false)
                .mapToDouble(pool -> pool.at("/after/v4").asDouble())
                .sum())
        .isEqualTo(1, within(1e-9));
  }

  /// What `--fail-above` is held against: half of all clients move, all of one service's do.
  @Test
  void mostDisturbedIsTheWorstServiceAndNotAllTogether() throws Exception {
    node.planResult =
        new PlanResult.Planned(
            17,
            Weighting.V4,
            new PlanShift(List.of(service("www", 1), service("api", 0)), List.of(), false),
            List.of());
    AdminClient.Answer<AdminClient.Planned> answer = client.plan(null, Weighting.V4);
    assertThat(answer.value().mostDisturbed()).isEqualTo(1);
    assertThat(tree(answer.json()).path("moved").asDouble()).isEqualTo(0.5);
  }

  private static PlanShift.ServiceShift service(String name, double moved) {
    return new PlanShift.ServiceShift(
        name,
        PlanShift.Fate.KEPT,
        new Shares(moved, moved, 0),
        Shares.NONE,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        new TreeMap<>(),
        0);
  }

  @Test
  void aPlanWithoutAFileIsOfTheNodesOwn() throws Exception {
    client.plan(null, Weighting.V6);
    assertThat(node.plannedFile).isEqualTo("own");
    assertThat(post("/api/v1/plan", "").statusCode()).isEqualTo(200);
  }

  @Test
  void aConfigurationWithErrorsIsAnAnswer() throws Exception {
    node.planResult =
        new PlanResult.Refused(
            17,
            List.of(
                Diagnostic.error(SourceSpan.file("/etc/new.yaml"), "it is wrong", "a rule", "")));
    AdminClient.Answer<AdminClient.Planned> answer = client.plan("/etc/new.yaml", Weighting.V4);
    assertThat(answer.value().isRefused()).isTrue();
    assertThat(answer.value().diagnostics()).hasSize(1);
    assertThat(tree(answer.json()).path("status").asInt()).isEqualTo(422);
  }

  @Test
  void clientsThatNobodySawAreNotFound() {
    node.planResult = new PlanResult.Unweighed("this node has seen no clients");
    assertThatThrownBy(() -> client.plan(null, Weighting.TRAFFIC))
        .isInstanceOf(AdminCallException.class)
        .hasMessageContaining("this node has seen no clients");
  }

  @Test
  void aSimulationIsATreeAndText() throws Exception {
    AdminClient.Answer<String> answer =
        client.simulate(
            new Scenario(
                List.of("eu", "198.51.100.10"),
                Map.of("us", 0.25),
                Map.of("www", 500L),
                Weighting.V6));
    Scenario asked = node.scenario;
    assertThat(asked.down()).containsExactly("eu", "198.51.100.10");
    assertThat(asked.drained()).containsEntry("us", 0.25);
    assertThat(asked.demand()).containsEntry("www", 500L);
    assertThat(asked.weighting()).isEqualTo(Weighting.V6);
    assertThat(answer.value()).contains("eu down");
    JsonNode json = tree(answer.json());
    assertThat(json.path("generation").asLong()).isEqualTo(17);
    assertThat(json.path("demand").asDouble()).isEqualTo(500);
    assertThat(json.at("/services/0/pools/0/share").properties()).hasSize(3);
    assertThat(json.path("pools").path(0).path("offered").has("second")).isTrue();
  }

  @Test
  void aScenarioThatDoesNotFitIsNotFound() throws Exception {
    HttpResponse<String> reply = post("/api/v1/simulate", "{\"down\":[\"xx\"]}");
    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(tree(reply.body()).path("detail").asText()).contains("no pool 'xx'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{",
        "7",
        "{\"files\":\"/a\"}",
        "{\"file\":\"relative.yaml\"}",
        "{\"file\":7}",
        "{\"weight\":\"v5\"}",
        "{\"file\":\"/a\"} {\"file\":\"/b\"}",
        "{\"file\":\"/a\",\"file\":\"/b\"}",
        " "
      })
  void aBodyThatIsNoPlanIsRefused(String body) throws Exception {
    HttpResponse<String> reply = post("/api/v1/plan", body);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(400);
    assertThat(node.plannedFile).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"down\":\"eu\"}",
        "{\"down\":[7]}",
        "{\"drain\":[\"eu\"]}",
        "{\"drain\":{\"eu\":0}}",
        "{\"drain\":{\"eu\":1.01}}",
        "{\"drain\":{\"eu\":\"50%\"}}",
        "{\"demand\":{\"www\":-1}}",
        "{\"demand\":{\"www\":1.5}}",
        "{\"demand\":{\"www\":1000000001}}",
        "{\"demand\":{\"www\":18446744073709551617}}",
        "{\"down\":null}"
      })
  void aBodyThatIsNoScenarioIsRefused(String body) throws Exception {
    assertThat(post("/api/v1/simulate", body).statusCode()).isEqualTo(400);
  }

  @Test
  void longNamesAndScenariosAreRefused() throws Exception {
    String path = "/" + "a".repeat(RequestBody.FILE_LENGTH_MAX);
    assertThat(post("/api/v1/plan", "{\"file\":\"" + path + "\"}").statusCode()).isEqualTo(400);
    String names = "\"a\",".repeat(Scenario.CHANGES_MAX) + "\"a\"";
    HttpResponse<String> reply = post("/api/v1/simulate", "{\"down\":[" + names + "]}");
    assertThat(reply.statusCode()).isEqualTo(400);
  }

  @Test
  void aLongBodyIsRefused() throws Exception {
    String long66k = "{\"file\":\"/" + "a".repeat(66_000) + "\"}";
    assertThat(post("/api/v1/plan", long66k).statusCode()).isEqualTo(400);
  }

  @Test
  void plansAreNotForGet() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (String path : List.of("/api/v1/plan", "/api/v1/simulate")) {
        HttpRequest request =
            HttpRequest.newBuilder(at(path)).header("Authorization", TOKEN.authorization()).build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
            .isEqualTo(405);
      }
    }
  }
}
