package gslb.redirect;

import static gslb.redirect.Fixture.BASE;
import static gslb.redirect.Fixture.HOST;
import static gslb.redirect.Fixture.PREFIXED_BASE;
import static org.assertj.core.api.Assertions.assertThat;

import gslb.redirect.RawClient.Response;
import gslb.testkit.FakeClock;
import gslb.testkit.Seeded;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// HTTP/1.1 as a client on a socket sees it.
final class RedirectTest {
  private static Fixture fixture;

  @BeforeAll
  static void open() throws ListenException {
    fixture = new Fixture();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  private static Response get(String target) throws IOException {
    return RawClient.get(fixture.address(), HOST, target);
  }

  private static Response send(String request) throws IOException {
    return RawClient.exchange(fixture.address(), request);
  }

  @Test
  void getIsRedirectedToThePool() throws IOException {
    Response response = get("/a/b?c=d");
    assertThat(response.status()).isEqualTo(302);
    assertThat(response.header("location")).isEqualTo(BASE + "/a/b?c=d");
    assertThat(response.header("cache-control")).isEqualTo("private, no-store");
    assertThat(response.header("content-length")).isEqualTo("0");
    assertThat(response.has("date")).isTrue();
    assertThat(response.has("server")).isFalse();
  }

  @Test
  void headIsRedirectedLikeGet() throws IOException {
    Response response = send("HEAD /a HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
    assertThat(response.status()).isEqualTo(302);
    assertThat(response.header("location")).isEqualTo(BASE + "/a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "PROPFIND", "BREW"})
  void otherMethodsKeepTheirMethod(String method) throws IOException {
    Response response =
        send(method + " /a HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: 0\r\n\r\n");
    assertThat(response.status()).isEqualTo(307);
    assertThat(response.header("location")).isEqualTo(BASE + "/a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "*"})
  void optionsIsAnsweredHere(String target) throws IOException {
    Response response = send("OPTIONS " + target + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
    assertThat(response.status()).isEqualTo(204);
    assertThat(response.header("allow")).contains("GET").contains("POST");
    assertThat(response.has("location")).isFalse();
  }

  @Test
  void traceIsNotAllowed() throws IOException {
    Response response = send("TRACE / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
    assertThat(response.status()).isEqualTo(405);
    assertThat(response.has("allow")).isTrue();
  }

  @Test
  void connectIsNotAllowed() throws IOException {
    Response response = send("CONNECT " + HOST + ":443 HTTP/1.1\r\nHost: " + HOST + ":443\r\n\r\n");
    assertThat(response.status()).isEqualTo(405);
    assertThat(response.has("location")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a%2Fb",
        "/%2e%2e/x",
        "/../../etc/passwd",
        "/a%0d%0aSet-Cookie:%20x=y",
        "/%00",
        "/a;matrix=1;b/c;d=e,f",
        "/a;b=c?d=e",
        "/;?",
        "//evil.example/x",
        "///evil.example",
        "/@evil.example/x",
        "/.evil.example",
        "/:80@evil.example",
        "/http://evil.example/",
        "/a//b",
        "/a+b%20c",
        "/?url=http://evil.example/",
        "/x?a=b=c&&d&=e",
        "/x?a=%26%3D%23",
        "/x?a?b?c",
        "/x??a=1",
        "/x???",
        "/x??a=1&?a=1",
        "/x?a=1&?a=1",
        "/x??&?=?",
        "/x?=&",
        "/%E4%BD%A0%E5%A5%BD?q=%C3%A9",
        "/~user/!$&'()*+,;=:@-._",
        "/a?/b/../c;d?e",
        "/[x]",
        "/x?y[z]=1"
      })
  void pathAndQueryArePassedByteForByte(String target) throws IOException {
    Response response = get(target);
    String mark = target.endsWith("?") && target.indexOf('?') == target.length() - 1 ? "?" : "";
    assertThat(response.status()).isEqualTo(302);
    // A question mark with nothing behind it is the one byte that the engine does not tell.
    assertThat(response.header("location") + mark).isEqualTo(BASE + target);
  }

  @Test
  void aPathPrefixOfThePoolStandsBeforeThePath() throws IOException {
    Response response = RawClient.get(fixture.address(), "us.gslb.example", "/a?b");
    assertThat(response.header("location")).isEqualTo(PREFIXED_BASE + "/a?b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/\\evil.example",
        "/a\tb",
        "/a\u0001b",
        "/a\u007fb",
        "/\u00e4",
        "/a#b",
        "/a\"b",
        "/a<b>",
        "/%zz",
        "/%",
        "@evil.example/x",
        ".evil.example/",
        "evil.example",
        "?x",
        "*",
        "\\\\evil.example"
      })
  void whatIsNoRequestTargetIsRefused(String target) throws IOException {
    Response response = get(target);
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.has("location")).isFalse();
  }

  @Test
  void rawLineBreaksInTheTargetMakeNoHeader() throws IOException {
    Response response = send("GET /a\r\nX-Injected: 1 HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.has("location")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "www.gslb.example",
        "WWW.GSLB.Example",
        "www.gslb.example:80",
        "www.gslb.example:8080",
        "www.gslb.example.",
        "www.gslb.example.:80"
      })
  void hostIsFoundInAnyCaseAndWithPort(String host) throws IOException {
    Response response = RawClient.get(fixture.address(), host, "/x");
    assertThat(response.header("location")).isEqualTo(BASE + "/x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"other.example", "127.0.0.1", "[::1]", "[::1]:80", "gslb.example", "www"})
  void anUnknownHostIsNotFound(String host) throws IOException {
    Response response = RawClient.get(fixture.address(), host, "/x");
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.has("location")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "www.gslb.example@evil.example",
        "evil.example/www.gslb.example",
        "www.gslb.example:",
        "www.gslb.example:x",
        "www.gslb.example:0",
        "www.gslb.example:65536",
        "www.gslb.example:80:80",
        "www.gslb.example, evil.example",
        "www%2egslb.example",
        "[::1",
        "[]",
        ":80",
        "."
      })
  void aHostThatIsNoneIsRefused(String host) throws IOException {
    Response response = RawClient.get(fixture.address(), host, "/x");
    assertThat(response.status()).isIn(400, 404);
    assertThat(response.has("location")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /x HTTP/1.1\r\n\r\n",
        "GET /x HTTP/1.0\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost:\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: www.gslb.example\r\nHost: us.gslb.example\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: www.gslb.example\r\nhost: www.gslb.example\r\n\r\n",
        "GET /x HTTP/1.0\r\nHost: www.gslb.example\r\nHost: us.gslb.example\r\n\r\n"
      })
  void exactlyOneHostIsNeeded(String request) throws IOException {
    assertThat(send(request).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length : 5\r\n",
        " Folded: 1\r\n",
        "Content-Length: +5\r\n",
        "Bad Name: 1\r\n"
      })
  void whatTwoServersMayReadDifferentlyIsRefused(String header) throws IOException {
    Response response = send("POST / HTTP/1.1\r\n" + header + "Host: " + HOST + "\r\n\r\nabcde");
    assertThat(response.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://www.gslb.example", "HTTP://www.gslb.example", "https://www.gslb.example"})
  void absoluteFormOfThisHostIsReduced(String authority) throws IOException {
    String head = " HTTP/1.1\r\nHost: www.gslb.example\r\n\r\n";
    assertThat(send("GET " + authority + "/p?q=1" + head).header("location"))
        .isEqualTo(BASE + "/p?q=1");
    assertThat(send("GET " + authority + head).header("location")).isEqualTo(BASE + "/");
    assertThat(send("GET " + authority + "?q=1" + head).header("location"))
        .isEqualTo(BASE + "/?q=1");
  }

  @Test
  void absoluteFormNamesTheHostOfAnOldRequest() throws IOException {
    Response response = send("GET http://www.gslb.example/p HTTP/1.0\r\n\r\n");
    assertThat(response.header("location")).isEqualTo(BASE + "/p");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example/p",
        "http://us.gslb.example/p",
        "http://user@www.gslb.example/p",
        "http://www.gslb.example:80/p",
        "http://www.gslb.example;x/p",
        "http:/p",
        "http:///p",
        "ftp://www.gslb.example/p",
        "javascript://www.gslb.example/p",
        "www.gslb.example/p"
      })
  void absoluteFormOfAnythingElseIsRefused(String target) throws IOException {
    Response response = get(target);
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.has("location")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-url.gslb.example", "none.gslb.example"})
  void withoutATargetTheClientIsToldToComeBack(String host) throws IOException {
    Response response = RawClient.get(fixture.address(), host, "/x");
    assertThat(response.status()).isEqualTo(503);
    assertThat(Integer.parseInt(response.header("retry-after"))).isBetween(5, 30);
    assertThat(response.header("cache-control")).isEqualTo("private, no-store");
    assertThat(response.has("location")).isFalse();
    assertThat(response.body()).isEqualTo("no pool can take this request now\n");
  }

  @Test
  void aRejectedHeadHasNoBody() throws IOException {
    try (RawClient client = new RawClient(fixture.address())) {
      client.send("HEAD /x HTTP/1.1\r\nHost: none.gslb.example\r\n\r\n");
      assertThat(client.response(true).status()).isEqualTo(503);
      client.send("GET /x HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
      assertThat(client.response().status()).isEqualTo(302);
    }
  }

  @Test
  void locationIsBounded() throws IOException {
    int room = Redirector.LOCATION_LENGTH_MAX - BASE.length();
    String longest = "/" + "a".repeat(room - 3) + "?" + "b";
    assertThat(get(longest).header("location")).isEqualTo(BASE + longest);
    Response tooLong = get(longest + "b");
    assertThat(tooLong.status()).isEqualTo(414);
    assertThat(tooLong.has("location")).isFalse();
  }

  @Test
  void aHeadBeyondItsBoundIsRefused() throws IOException {
    Response response =
        send("GET / HTTP/1.1\r\nHost: " + HOST + "\r\nX: " + "a".repeat(20_000) + "\r\n\r\n");
    assertThat(response.status()).isEqualTo(400);
  }

  @Test
  void whatAClientSaysOfItselfMovesNothing() throws Exception {
    Fixture.Recorder recorder = new Fixture.Recorder();
    try (Fixture own = new Fixture(recorder, RedirectServer.Bounds.DEFAULT)) {
      RawClient.exchange(
          own.address(),
          "GET /?ip=203.0.113.9 HTTP/1.1\r\nHost: "
              + HOST
              + "\r\nX-Forwarded-For: 203.0.113.9\r\nForwarded: for=203.0.113.9;host=evil.example;"
              + "proto=javascript\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: ftp\r\n"
              + "X-Real-IP: 203.0.113.9\r\nTrue-Client-IP: 203.0.113.9\r\n\r\n");
    }
    assertThat(recorder.last.get())
        .isEqualTo(new Fixture.Asked(0, true, 0, 0x7f000001L, new FakeClock().currentTimeMillis()));
  }

  @Test
  void aConnectionIsKeptAndPipelinedRequestsAreAnsweredInOrder() throws IOException {
    try (RawClient client = new RawClient(fixture.address())) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: ").append(HOST);
        requests.append("\r\n\r\n");
      }
      client.send(requests.toString());
      for (int i = 0; i < 50; i++) {
        assertThat(client.response().header("location")).isEqualTo(BASE + "/" + i);
      }
    }
  }

  @Test
  void aNewSnapshotAnswersTheNextRequestOfTheSameConnection() throws Exception {
    try (Fixture own = new Fixture();
        RawClient client = new RawClient(own.address())) {
      String request = "GET /x HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";
      assertThat(client.send(request).response().header("location")).startsWith(BASE);
      own.snapshot.set(
          Fixture.snapshot(2, (service, v4, high, low, time, selection) -> Fixture.US));
      assertThat(client.send(request).response().header("location")).startsWith(PREFIXED_BASE);
    }
  }

  /// Whatever a client sends, scheme and authority of Location are the configured ones, and the
  /// rest is what it sent.
  @Seeded(300)
  void locationIsTheBaseAndTheTarget(Random random) throws IOException {
    String alphabet = "/?#@:;&=%20aZ9.\\-+~[]\"<>{}|^`\t\u0001\u00ff!$'()*,";
    StringBuilder target = new StringBuilder(random.nextInt(4) == 0 ? "" : "/");
    int length = random.nextInt(40);
    for (int i = 0; i < length; i++) {
      target.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    Response response = get(target.toString());
    assertThat(response.status()).isIn(302, 400);
    if (response.status() == 302) {
      int mark = target.indexOf("?");
      boolean isLone = mark >= 0 && mark == target.length() - 1;
      assertThat(response.header("location"))
          .isEqualTo(BASE + (isLone ? target.substring(0, mark) : target));
    } else {
      assertThat(response.has("location")).isFalse();
    }
  }

  @Test
  void everyRequestIsCountedOnce() throws Exception {
    try (Fixture own = new Fixture()) {
      InetSocketAddress address = own.address();
      RawClient.get(address, HOST, "/");
      RawClient.exchange(
          address, "POST / HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: 0\r\n\r\n");
      RawClient.exchange(address, "OPTIONS * HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
      RawClient.get(address, "other.example", "/");
      RawClient.get(address, "none.gslb.example", "/");
      assertThat(own.count("gslb_redirect_requests_total")).isEqualTo(5);
      assertThat(own.count("gslb_redirect_responses_total{code=\"302\"}")).isEqualTo(1);
      assertThat(own.count("gslb_redirect_responses_total{code=\"307\"}")).isEqualTo(1);
      assertThat(own.count("gslb_redirect_responses_total{code=\"204\"}")).isEqualTo(1);
      assertThat(own.count("gslb_redirect_rejected_total{code=\"404\",reason=\"unknown_host\"}"))
          .isEqualTo(1);
      assertThat(own.count("gslb_redirect_rejected_total{code=\"503\",reason=\"no_target\"}"))
          .isEqualTo(1);
    }
  }
}
