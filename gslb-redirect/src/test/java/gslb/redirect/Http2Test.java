package gslb.redirect;

import static gslb.redirect.Fixture.BASE;
import static gslb.redirect.Fixture.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import gslb.redirect.RawH2Client.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// HTTP/2 over clear text, frame by frame: the engine checks little of it.
final class Http2Test {
  private static Fixture fixture;

  @BeforeAll
  static void open() throws ListenException {
    fixture = new Fixture();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  private static List<String> fields(String method, String scheme, String authority, String path) {
    return List.of(":method", method, ":scheme", scheme, ":authority", authority, ":path", path);
  }

  private static Outcome get(String authority, String path) throws IOException {
    return RawH2Client.request(fixture.address(), fields("GET", "http", authority, path));
  }

  private static void assertNotRedirected(Outcome outcome) {
    assertThat(outcome.status()).isNotIn(301, 302, 303, 307, 308);
    assertThat(outcome.header("location")).isEmpty();
    assertThat(outcome.status() == 0 ? outcome.resetCode() > 0 : outcome.status() >= 400)
        .as("%s", outcome)
        .isTrue();
  }

  @Test
  void getIsRedirected() throws IOException {
    Outcome outcome = get(HOST, "/a?b");
    assertThat(outcome.status()).isEqualTo(302);
    assertThat(outcome.header("location")).isEqualTo(BASE + "/a?b");
    assertThat(outcome.header("cache-control")).isEqualTo("private, no-store");
  }

  @Test
  void headIsRedirected() throws IOException {
    Outcome outcome =
        RawH2Client.request(fixture.address(), fields("HEAD", "https", HOST + ":443", "/a"));
    assertThat(outcome.status()).isEqualTo(302);
    assertThat(outcome.header("location")).isEqualTo(BASE + "/a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a%2Fb",
        "/a%0d%0aSet-Cookie:%20x=y",
        "/a;b=c?d=e",
        "/a;b?c;d=e",
        "/a;b",
        "/a;b/c?d",
        "//evil.example/x",
        "/@evil.example",
        "/x??a=1",
        "/x?a?b",
        "/x?a=1&?a=1",
        "/a+b?c+d",
        "/%zz",
        "/x?url=http://evil.example/;y"
      })
  void pathAndQueryArePassedByteForByte(String path) throws IOException {
    Outcome outcome = get(HOST, path);
    assertThat(outcome.status()).isEqualTo(302);
    assertThat(outcome.header("location")).isEqualTo(BASE + path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@evil.example/x",
        ".evil.example/x",
        ":80@evil.example/x",
        "http://evil.example/x",
        "http://www.gslb.example/x",
        "evil.example",
        "*",
        "?x",
        "\\evil.example",
        "/\\evil.example",
        "/a b",
        "/a\r\nSet-Cookie: x=y",
        "/a\u0000b",
        "/\u00e4",
        "/a#b"
      })
  void aPathThatIsNoneIsRefused(String path) throws IOException {
    assertNotRedirected(get(HOST, path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "www.gslb.example@evil.example",
        "evil.example@www.gslb.example",
        "www.gslb.example/evil?x",
        "www.gslb.example:",
        "www.gslb.example:99999",
        "www.gslb.example\r\nx: y",
        "evil.example",
        ""
      })
  void anAuthorityThatIsNoneIsRefused(String authority) throws IOException {
    assertNotRedirected(get(authority, "/x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp", "javascript", "ws", ""})
  void aSchemeThatIsNotOfTheWebIsRefused(String scheme) throws IOException {
    assertNotRedirected(RawH2Client.request(fixture.address(), fields("GET", scheme, HOST, "/x")));
  }

  @Test
  void aHostHeaderDoesNotStandForTheAuthority() throws IOException {
    assertNotRedirected(
        RawH2Client.request(
            fixture.address(),
            List.of(":method", "GET", ":scheme", "http", ":path", "/x", "host", HOST)));
  }

  @Test
  void aHostHeaderDoesNotMoveTheAuthority() throws IOException {
    List<String> fields = new ArrayList<>(fields("GET", "http", HOST, "/x"));
    fields.addAll(List.of("host", "us.gslb.example"));
    Outcome outcome = RawH2Client.request(fixture.address(), fields);
    assertThat(outcome.status()).isEqualTo(302);
    assertThat(outcome.header("location")).isEqualTo(BASE + "/x");
  }

  @Test
  void connectIsNotAllowed() throws IOException {
    assertNotRedirected(
        RawH2Client.request(
            fixture.address(), List.of(":method", "CONNECT", ":authority", HOST + ":443")));
  }

  private static List<String> upload(String... more) {
    List<String> fields = new ArrayList<>(fields("POST", "http", HOST, "/up?load"));
    fields.addAll(List.of(more));
    return fields;
  }

  @Test
  void aBodyUnderWayIsAnsweredAndTheConnectionStays() throws IOException {
    try (RawH2Client client = new RawH2Client(fixture.address())) {
      for (int stream = 1; stream < 600; stream += 2) {
        Outcome outcome = client.request(upload("content-length", "1200"), false);
        assertThat(outcome.status()).as("stream %d: %s", stream, outcome).isEqualTo(307);
        assertThat(outcome.header("location")).isEqualTo(BASE + "/up?load");
        client.data(stream, new byte[600], false);
        client.data(stream, new byte[600], true);
      }
      assertThat(client.request(fields("GET", "http", HOST, "/next"), true).status())
          .isEqualTo(302);
    }
  }

  @Test
  void aBodyThatDoesNotComeIsStoppedWithoutError() throws IOException {
    try (RawH2Client client = new RawH2Client(fixture.address())) {
      assertThat(client.request(upload(), false).status()).isEqualTo(307);
      assertThat(client.request(upload("content-length", "20000000"), false).status())
          .isEqualTo(307);
      assertThat(client.request(upload("expect", "100-continue"), false).status()).isEqualTo(307);
      assertThat(client.resetOf(1)).isZero(); // NO_ERROR, RFC 9113 §8.1
      assertThat(client.resetOf(3)).isZero();
      assertThat(client.resetOf(5)).isZero();
      assertThat(client.request(fields("GET", "http", HOST, "/next"), true).status())
          .isEqualTo(302);
    }
  }

  @Test
  void aHeadBeyondItsBoundIsRefused() throws IOException {
    List<String> fields = new ArrayList<>(fields("GET", "http", HOST, "/x"));
    for (int i = 0; i < 5; i++) {
      fields.addAll(List.of("x" + i, "a".repeat(3_900)));
    }
    try (RawH2Client client = new RawH2Client(fixture.address())) {
      assertNotRedirected(client.request(fields, true));
    }
  }

  /// `Upgrade: h2c`, as java.net.http asks for it.
  @Test
  void aConnectionIsUpgraded() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://localhost:" + fixture.address().getPort() + "/x?y"))
              .build();
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("nothing is redirected for this host\n");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!!!!!!!!", "AAMAAABkAAQ", "AAMAAABkAARAAAAAAAIAAAA="})
  void anUpgradeWithoutSettingsIsIgnored(String settings) throws IOException {
    RawClient.Response response =
        RawClient.exchange(
            fixture.address(),
            "GET /x HTTP/1.1\r\nHost: "
                + HOST
                + "\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: "
                + settings
                + "\r\n\r\n");
    assertThat(response.status()).isIn(302, settings.isEmpty() ? 101 : 302);
  }
}
