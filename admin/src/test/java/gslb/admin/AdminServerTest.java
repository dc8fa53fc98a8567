package gslb.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gslb.base.Diagnostic;
import gslb.base.SourceSpan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The API as any program of the machine can reach it, byte for byte.
final class AdminServerTest {
  private static final String SECRET = "0123456789abcdef".repeat(4);
  private static final AdminToken TOKEN = AdminToken.parse(SECRET).orElseThrow();

  private final FakeNode node = new FakeNode();
  private AdminServer server;

  @BeforeEach
  void open() throws IOException {
    server = AdminServer.open(loopback(), TOKEN, node);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /// A whole response of a connection that then ends.
  private record Reply(int status, String head, String body) {
    boolean hasHeader(String line) {
      return head.toLowerCase(Locale.ROOT).contains("\r\n" + line.toLowerCase(Locale.ROOT));
    }

    JsonNode json() {
      try {
        return new ObjectMapper().readTree(body);
      } catch (IOException e) {
        throw new AssertionError(body, e);
      }
    }
  }

  private Reply raw(String request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(15_000);
      socket.connect(server.address());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = all.indexOf("\r\n\r\n");
      assertThat(end).as(all).isPositive();
      return new Reply(
          Integer.parseInt(all.substring(9, 12)), all.substring(0, end), all.substring(end + 4));
    }
  }

  private String host() {
    return "127.0.0.1:" + server.address().getPort();
  }

  private Reply ask(String method, String target, String... headers) throws IOException {
    StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    request.append("Connection: close\r\n");
    boolean hasHost = false;
    for (String header : headers) {
      request.append(header).append("\r\n");
      hasHost |= header.startsWith("Host:");
    }
    return raw(request + (hasHost ? "" : "Host: " + host() + "\r\n") + "\r\n");
  }

  private static String bearer() {
    return "Authorization: Bearer " + SECRET;
  }

  private static void assertProblem(Reply reply, int status) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.hasHeader("content-type: application/problem+json")).isTrue();
    assertThat(reply.json().path("status").asInt()).isEqualTo(status);
    assertThat(reply.json().path("title").asText()).isNotEmpty();
    assertThat(reply.json().path("detail").asText()).isNotEmpty();
  }

  @Test
  void statusIsJsonThatNothingKeeps() throws IOException {
    Reply reply = ask("GET", "/api/v1/status", bearer());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.hasHeader("content-type: application/json")).isTrue();
    assertThat(reply.hasHeader("cache-control: no-store")).isTrue();
    JsonNode json = reply.json();
    assertThat(json.path("node").asText()).isEqualTo("fra1");
    assertThat(json.path("generation").asLong()).isEqualTo(17);
    assertThat(json.at("/pools/0/endpoints/1/probes/0/last").asText())
        .isEqualTo("unexpected status: status 503");
    assertThat(json.at("/cluster/members/2/heardMillis").asLong()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/status", "/api/v1/explain?name=a&client=b", "/metrics", "/nothing", "/"})
  void withoutTheTokenNothingIsTold(String target) throws IOException {
    Reply reply = ask("GET", target);
    assertProblem(reply, 401);
    assertThat(reply.hasHeader("www-authenticate: Bearer")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer ",
        "Bearer 0",
        "Basic 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "Bearer 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdee",
        "Bearer 0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
        "Bearer 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0"
      })
  void aWrongTokenIsRefused(String authorization) throws IOException {
    assertProblem(ask("GET", "/api/v1/status", "Authorization: " + authorization), 401);
    assertProblem(ask("POST", "/api/v1/reload", "Authorization: " + authorization), 401);
    assertThat(node.reloads).hasValue(0);
  }

  @Test
  void twoTokensAreNone() throws IOException {
    assertProblem(ask("GET", "/api/v1/status", bearer(), bearer()), 401);
  }

  @Test
  void theTokenIsNotInItsText() {
    assertThat(TOKEN.toString()).doesNotContain("0123");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]"})
  void namesOfThisMachineAreServed(String name) throws IOException {
    String host = "Host: " + name + ":" + server.address().getPort();
    assertThat(ask("GET", "/api/v1/status", bearer(), host).status()).isEqualTo(200);
  }

  /// What a browser sends once a page has rebound its own name to 127.0.0.1.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rebound.example:PORT",
        "localhost.rebound.example:PORT",
        "127.0.0.1.rebound.example:PORT",
        "192.0.2.1:PORT",
        "0.0.0.0:PORT",
        "127.0.0.1",
        "localhost:1",
        "localhost:0PORT"
      })
  void aHostThatIsNotThisMachineIsRefused(String host) throws IOException {
    String sent = "Host: " + host.replace("PORT", "" + server.address().getPort());
    for (String target : List.of("/api/v1/status", "/metrics", "/healthz")) {
      assertProblem(ask("GET", target, bearer(), sent), 403);
    }
    assertProblem(ask("POST", "/api/v1/reload", bearer(), sent), 403);
    assertThat(node.reloads).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example",
        "https://HOST",
        "null",
        "http://localhost:1",
        "",
        "http://HOST.evil.example"
      })
  void anotherOriginIsRefused(String origin) throws IOException {
    String sent = "Origin: " + origin.replace("HOST", host());
    assertProblem(ask("POST", "/api/v1/reload", bearer(), sent), 403);
    assertProblem(ask("GET", "/healthz", sent), 403);
    assertThat(node.reloads).hasValue(0);
  }

  @Test
  void theOwnOriginIsServed() throws IOException {
    assertThat(ask("POST", "/api/v1/reload", bearer(), "Origin: http://" + host()).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
  void onlyPostReloads(String method) throws IOException {
    Reply reply = ask(method, "/api/v1/reload", bearer());
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.hasHeader("allow: POST")).isTrue();
    assertThat(node.reloads).hasValue(0);
  }

  @Test
  void postDoesNotRead() throws IOException {
    assertProblem(ask("POST", "/api/v1/status", bearer()), 405);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/api/v1", "/api/v1/status/", "/api/v2/status", "/healthz/../metrics"})
  void anUnknownPageIsNotFound(String target) throws IOException {
    assertProblem(ask("GET", target, bearer()), 404);
  }

  @Test
  void healthNeedsNoToken() throws IOException {
    Reply reply = ask("GET", "/healthz");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("ok\n");
  }

  @Test
  void anAppliedReloadSaysItsGenerationAndWarnings() throws IOException {
    node.reloadResult =
        new ReloadResult.Applied(
            18,
            List.of(Diagnostic.warning(new SourceSpan("a.yaml", 3, 5), "odd", "rule", "remedy")));
    JsonNode json = ask("POST", "/api/v1/reload", bearer()).json();
    assertThat(json.path("generation").asLong()).isEqualTo(18);
    assertThat(json.at("/diagnostics/0/text").asText())
        .isEqualTo("a.yaml:3:5: warning: odd; rule; remedy");
    assertThat(node.reloads).hasValue(1);
  }

  @Test
  void aRefusedReloadListsItsDiagnosticsInOrder() throws IOException {
    List<Diagnostic> diagnostics = new ArrayList<>();
    for (int line = 1; line <= 50; line++) {
      diagnostics.add(
          Diagnostic.error(
              new SourceSpan("gslb.yaml", line, 1), "problem \"" + line + "\"", "", ""));
    }
    node.reloadResult = new ReloadResult.Refused(17, diagnostics);
    Reply reply = ask("POST", "/api/v1/reload", bearer());
    assertProblem(reply, 422);
    JsonNode listed = reply.json().path("diagnostics");
    assertThat(listed).hasSize(50);
    for (int i = 0; i < 50; i++) {
      assertThat(listed.get(i).path("line").asInt()).isEqualTo(i + 1);
      assertThat(listed.get(i).path("text").asText()).isEqualTo(diagnostics.get(i).toString());
    }
  }

  @Test
  void twoReloadsDoNotRunAtOnce() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    node.gate = gate;
    CompletableFuture<Reply> first =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return ask("POST", "/api/v1/reload", bearer());
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    node.waiting.acquire();
    assertProblem(ask("POST", "/api/v1/reload", bearer()), 409);
    gate.countDown();
    assertThat(first.get().status()).isEqualTo(200);
    assertThat(node.reloads).hasValue(1);
  }

  /// A request that hangs must not keep the node from ending.
  @Test
  void closingEndsRequestsThatRun() throws Exception {
    node.gate = new CountDownLatch(1);
    try (Socket socket = new Socket()) {
      socket.connect(server.address());
      String request =
          "GET /api/v1/status HTTP/1.1\r\nHost: " + host() + "\r\n" + bearer() + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      node.waiting.acquire();
      assertTimeoutPreemptively(Duration.ofSeconds(30), server::close);
    }
  }

  @Test
  void requestsThatRunAreBoundedAndHealthIsAnsweredBesideSlowOnes() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    node.gate = gate;
    List<Socket> sockets = new ArrayList<>();
    try {
      String request =
          "GET /api/v1/status HTTP/1.1\r\nHost: " + host() + "\r\n" + bearer() + "\r\n\r\n";
      for (int i = 0; i < AdminHandler.REQUESTS_MAX; i++) {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.connect(server.address());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      }
      node.waiting.acquire(AdminHandler.REQUESTS_MAX);
      Reply turnedAway = ask("GET", "/metrics", bearer());
      assertProblem(turnedAway, 503);
      assertThat(turnedAway.hasHeader("retry-after: ")).isTrue();
      assertThat(ask("GET", "/healthz").status()).isEqualTo(200);
    } finally {
      gate.countDown();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void aFaultIsAnsweredWithoutItsDetails() throws IOException {
    node.failure = new IllegalStateException("secret detail");
    Reply reply = ask("GET", "/api/v1/status", bearer());
    assertProblem(reply, 500);
    assertThat(reply.body()).doesNotContain("secret detail");
    node.failure = null;
    assertThat(ask("GET", "/api/v1/status", bearer()).status()).isEqualTo(200);
  }

  @Test
  void explainSaysWhereAClientGoesAndWhy() throws IOException {
    Reply reply = ask("GET", "/api/v1/explain?name=www.gslb.example&client=192.0.2.77", bearer());
    assertThat(reply.status()).isEqualTo(200);
    JsonNode json = reply.json();
    assertThat(json.path("generation").asLong()).isEqualTo(17);
    JsonNode decision = json.at("/links/0/decisions/0");
    assertThat(decision.at("/place/country").asText()).isEqualTo("DE");
    assertThat(decision.at("/place/subdivisions/0").asText()).isEqualTo("DE-BE");
    assertThat(decision.at("/place/city").asLong()).isEqualTo(2_950_159);
    assertThat(decision.at("/place/asn").asLong()).isEqualTo(64_500);
    assertThat(decision.at("/place/scope").asText()).isEqualTo("192.0.2.0/24");
    assertThat(decision.at("/steps/0/step").asText()).isEqualTo("geo");
    assertThat(decision.at("/steps/1/step").asText()).isEqualTo("nearest");
    assertThat(decision.at("/decision/pools/0").asText()).isEqualTo("eu");
    assertThat(decision.at("/decision/a/answered/0/address").asText()).isEqualTo("192.0.2.10");
    assertThat(decision.at("/decision/aaaa/answered/0/address").asText()).isEqualTo("2001:db8::10");
    assertThat(json.path("text").asText()).endsWith("\n").contains("eu");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?name=www.gslb.example",
        "?client=192.0.2.1",
        "",
        "?name=&client=192.0.2.1",
        "?name=www.gslb.example&client=nonsense",
        "?name=www.gslb.example&client=192.0.2.1/24",
        "?name=www.gslb.example&name=b&client=192.0.2.1",
        "?name=www.gslb.example&client=192.0.2.1&x=y",
        "?name=www.gslb.example&client=192.0.2.1&via=carrier",
        "?name=www.gslb.example&client=192.0.2.1&via=http&type=A",
        "?name=www.gslb.example&client=192.0.2.1&path=/",
        "?name=www.gslb.example&client=192.0.2.1&at=noon",
        "?name=www.gslb.example&client=192.0.2.1&down=nowhere"
      })
  void explainWithoutWhatItNeedsIsRefused(String query) throws IOException {
    assertProblem(ask("GET", "/api/v1/explain" + query, bearer()), 400);
  }

  /// Also what is not there is explained.
  @Test
  void explainOfANameThatDoesNotExistSaysSo() throws IOException {
    JsonNode json = ask("GET", "/api/v1/explain?name=no.example&client=192.0.2.1", bearer()).json();
    assertThat(json.path("answered").asBoolean()).isFalse();
    assertThat(json.at("/links/0/finding/kind").asText()).isEqualTo("MISSING");
    assertThat(json.at("/links/0/finding/hint").asText())
        .isEqualTo("did you mean 'www.gslb.example.'?");
  }

  @Test
  void aLargeBodyIsRefused() throws IOException {
    Reply reply = ask("POST", "/api/v1/reload", bearer(), "Content-Length: 1048577");
    assertProblem(reply, 413);
    assertThat(node.reloads).hasValue(0);
  }

  @Test
  void aLargeHeadIsRefused() throws IOException {
    assertThat(ask("GET", "/healthz", "X: " + "a".repeat(20_000)).status()).isEqualTo(400);
  }

  @Test
  void aLongParameterIsRefused() throws IOException {
    String name = "a".repeat(AdminHandler.PARAMETER_LENGTH_MAX + 1);
    assertProblem(ask("GET", "/api/v1/explain?name=" + name + "&client=::1", bearer()), 400);
  }

  @Test
  void offLoopbackItDoesNotOpen() {
    for (String address : List.of("0.0.0.0", "::", "192.0.2.1")) {
      InetSocketAddress listen =
          new InetSocketAddress(gslb.base.Address.of(address).toInetAddress(), 0);
      assertThatThrownBy(() -> AdminServer.open(listen, TOKEN, node))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not a loopback address");
    }
  }

  @Test
  void anAddressInUseIsSaid() {
    assertThatThrownBy(() -> AdminServer.open(server.address(), TOKEN, node))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("admin " + host() + ": address already in use; ");
  }

  @Test
  void closingLeavesNoThread() throws InterruptedException {
    server.close();
    server.close();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("admin")) {
        thread.join(10_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }
}
