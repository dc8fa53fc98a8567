package gslb.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.base.Diagnostic;
import gslb.base.SourceSpan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The client against the server.
final class AdminClientTest {
  private static final AdminToken TOKEN = AdminToken.parse("ab".repeat(32)).orElseThrow();

  private final FakeNode node = new FakeNode();
  private AdminServer server;
  private AdminClient client;

  @BeforeEach
  void open() throws IOException {
    server =
        AdminServer.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), TOKEN, node);
    client = new AdminClient(uri(), TOKEN);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private URI uri() {
    return URI.create("http://127.0.0.1:" + server.address().getPort());
  }

  @Test
  void statusArrivesWhole() throws Exception {
    AdminClient.Answer<NodeStatus> answer = client.status();
    assertThat(answer.value()).isEqualTo(node.status);
    assertThat(answer.json()).startsWith("{").contains("\"uptimeSeconds\":93784");
  }

  @Test
  void reloadArrivesWhole() throws Exception {
    assertThat(client.reload().value()).isEqualTo(node.reloadResult);
    node.reloadResult =
        new ReloadResult.Refused(
            17,
            List.of(
                Diagnostic.error(
                    new SourceSpan("gslb.yaml", 7, 3),
                    "unknown key 'ttll'",
                    "",
                    "did you mean it?"),
                Diagnostic.warning(new SourceSpan("b.zone", 0, 0), "old", "rule", "")));
    assertThat(client.reload().value()).isEqualTo(node.reloadResult);
  }

  @Test
  void explainIsTheTextOfTheExplanation() throws Exception {
    Map<String, String> parameters = Map.of("name", "www.gslb.example", "client", "192.0.2.77");
    AdminClient.Explained explained = client.explain(parameters).value();
    assertThat(explained.isAnswered()).isTrue();
    assertThat(explained.text())
        .isEqualTo(ExplainText.render(FakeNode.explained(ExplainRequest.of(parameters))));
    assertThat(client.explain(Map.of("name", "a b&c.example", "client", "::1")).value())
        .satisfies(
            other -> {
              assertThat(other.isAnswered()).isFalse();
              assertThat(other.text()).contains("'www.gslb.example.'");
            });
  }

  @Test
  void whatCannotBeExplainedIsSaid() {
    assertThatThrownBy(
            () -> client.explain(Map.of("name", "a.example", "client", "::1", "down", "nowhere")))
        .isInstanceOf(AdminCallException.class)
        .hasMessage(uri() + ": wrong parameters; there is no pool and no endpoint 'nowhere'")
        .satisfies(
            e ->
                assertThat(((AdminCallException) e).json())
                    .contains("\"title\":\"wrong parameters\",\"status\":400,"))
        .extracting("kind", InstanceOfAssertFactories.type(AdminCallException.Kind.class))
        .isEqualTo(AdminCallException.Kind.WRONG);
  }

  @Test
  void asManyEndpointsAreTakenAsDownAsThereMayBe() throws Exception {
    String down =
        IntStream.range(0, ExplainRequest.DOWN_MAX)
            .mapToObj(i -> "2001:db8:ffff:ffff:ffff:ffff:ffff:" + Integer.toHexString(0xff00 + i))
            .collect(Collectors.joining(","));
    assertThat(
            client
                .explain(Map.of("name", "www.gslb.example", "client", "::1", "down", down))
                .value()
                .text())
        .isNotEmpty();
  }

  @Test
  void aWrongTokenIsSaidWithWhatToDo() {
    AdminToken wrong = AdminToken.parse("cd".repeat(32)).orElseThrow();
    try (AdminClient other = new AdminClient(uri(), wrong)) {
      assertThatThrownBy(other::status)
          .isInstanceOf(AdminCallException.class)
          .hasMessageContaining("wrong token")
          .extracting("kind", InstanceOfAssertFactories.type(AdminCallException.Kind.class))
          .isEqualTo(AdminCallException.Kind.NOT_ALLOWED);
    }
  }

  @Test
  void aNodeThatDoesNotRunIsSaid() {
    server.close();
    assertThatThrownBy(client::status)
        .isInstanceOf(AdminCallException.class)
        .hasMessageStartingWith(uri() + ": no node answers; is it running")
        .extracting("kind", InstanceOfAssertFactories.type(AdminCallException.Kind.class))
        .isEqualTo(AdminCallException.Kind.UNREACHABLE);
  }

  @Test
  void aFaultOfTheNodeIsSaid() {
    node.failure = new IllegalStateException("x");
    assertThatThrownBy(client::status)
        .hasMessage(uri() + ": internal error; the node's log says more");
  }
}
