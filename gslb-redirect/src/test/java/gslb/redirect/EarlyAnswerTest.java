package gslb.redirect;

import static gslb.redirect.Fixture.BASE;
import static gslb.redirect.Fixture.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gslb.redirect.RawClient.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests with a body are answered while the body is under way.
final class EarlyAnswerTest {
  private static final int UPLOAD = 20 << 20;
  private static Fixture fixture;

  @BeforeAll
  static void open() throws ListenException {
    fixture = new Fixture();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  private static String post(String headers) {
    return "POST /up?load HTTP/1.1\r\nHost: " + HOST + "\r\n" + headers + "\r\n";
  }

  private static void assertRedirected(Response response) {
    assertThat(response.status()).isEqualTo(307);
    assertThat(response.header("location")).isEqualTo(BASE + "/up?load");
    assertThat(response.header("connection")).isEqualTo("close");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 1048576\r\n",
        "Content-Length: 1048576\r\nExpect: 100-continue\r\n",
        "Content-Length: 9999999999999\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n"
      })
  void aBodyThatIsDeclaredButNotSentIsAnswered(String headers) throws IOException {
    try (RawClient client = new RawClient(fixture.address())) {
      assertRedirected(client.send(post(headers)).response());
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  /// The engine's own upgrade would wait for the body.
  @Test
  void aBodyIsNotReadForAnUpgrade() throws IOException {
    String upgrade = "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n";
    String settings = "HTTP2-Settings: AAMAAABk\r\nContent-Length: 100\r\n";
    try (RawClient client = new RawClient(fixture.address())) {
      assertRedirected(client.send(post(upgrade + settings)).response());
    }
  }

  @Test
  void aLargeBodyInFlightIsAnswered() throws Exception {
    try (RawClient client = new RawClient(fixture.address())) {
      client.send(post("Content-Length: " + UPLOAD + "\r\n"));
      CompletableFuture<Void> upload =
          CompletableFuture.runAsync(
              () -> {
                byte[] piece = new byte[65_536];
                try {
                  for (int sent = 0; sent < UPLOAD; sent += piece.length) {
                    client.send(piece);
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertRedirected(client.response());
      // The server takes a bounded part and then ends the connection under the rest.
      assertThatThrownBy(upload::get).hasRootCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void aSmallBodyIsTakenAndTheConnectionEndsInOrder() throws IOException {
    try (RawClient client = new RawClient(fixture.address())) {
      assertRedirected(client.send(post("Content-Length: 5\r\n") + "hello").response());
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void aChunkedBodyIsTakenAndTheConnectionEndsInOrder() throws IOException {
    try (RawClient client = new RawClient(fixture.address())) {
      client.send(post("Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n");
      assertRedirected(client.response());
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void aBodyThatComesAfterTheAnswerResetsNothing() throws IOException {
    try (RawClient client = new RawClient(fixture.address())) {
      client.send(post("Content-Length: 65536\r\n"));
      assertRedirected(client.response());
      client.send(new byte[65_536]);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void brokenChunksEndTheConnection() throws IOException {
    try (RawClient client = new RawClient(fixture.address())) {
      client.send(post("Transfer-Encoding: chunked\r\n") + "zz\r\n");
      assertRedirected(client.response());
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void aRequestSmuggledInABodyIsNotAnswered() throws IOException {
    String hidden = "GET /hidden HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";
    try (RawClient client = new RawClient(fixture.address())) {
      client.send(post("Content-Length: " + hidden.length() + "\r\n") + hidden + hidden);
      assertRedirected(client.response());
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.example", "none.gslb.example"})
  void aRejectionComesBeforeTheBodyToo(String host) throws IOException {
    try (RawClient client = new RawClient(fixture.address())) {
      client.send("PUT /x HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 1048576\r\n\r\n");
      Response response = client.response();
      assertThat(response.status()).isIn(404, 503);
      assertThat(response.body()).endsWith("\n");
      assertThat(response.header("connection")).isEqualTo("close");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_1_1", "HTTP_2"})
  void aCommonClientGetsTheAnswerToItsLargeUpload(HttpClient.Version version) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
      // The first request takes the connection to the version asked for.
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(
              URI.create("http://localhost:" + fixture.address().getPort() + "/up"));
      HttpResponse<String> first =
          client.send(builder.GET().build(), HttpResponse.BodyHandlers.ofString());
      assertThat(first.version()).isEqualTo(version);
      HttpResponse<String> response =
          client.send(
              builder.POST(HttpRequest.BodyPublishers.ofByteArray(new byte[UPLOAD])).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.version()).isEqualTo(version);
      assertThat(response.statusCode()).isEqualTo(404); // nothing is redirected for localhost
      HttpResponse<String> next =
          client.send(builder.GET().build(), HttpResponse.BodyHandlers.ofString());
      assertThat(next.statusCode()).isEqualTo(404);
    }
  }

  @Test
  void earlyAnswersAreCounted() throws Exception {
    try (Fixture own = new Fixture();
        RawClient client = new RawClient(own.address())) {
      client.send(post("Content-Length: 1\r\n"));
      assertRedirected(client.response());
      assertThat(client.isAtEnd()).isTrue();
      assertThat(own.count("gslb_redirect_early_answers_total")).isEqualTo(1);
    }
  }
}
