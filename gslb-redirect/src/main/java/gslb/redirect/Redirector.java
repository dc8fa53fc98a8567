package gslb.redirect;

import gslb.base.Clock;
import gslb.base.CounterBlock;
import gslb.base.Counters;
import gslb.steering.ClientSketch;
import gslb.steering.ClientSketches;
import gslb.steering.Selection;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.Protocols;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers one request, on the I/O thread that read it: 302 or 307 to the base URL of the pool that
/// the policy gives this client, with path and query behind it as the client wrote them.
///
/// | request | answer |
/// |---|---|
/// | GET, HEAD | 302 |
/// | OPTIONS, also `OPTIONS *` | 204 with Allow |
/// | CONNECT, TRACE | 405 |
/// | any other method | 307: method and body must not change (RFC 9110 §15.4.8) |
/// | host that no service redirects | 404 |
/// | no pool for this client | 503 with Retry-After |
/// | Location longer than {@link #LOCATION_LENGTH_MAX} | 414 |
///
/// Scheme and authority of Location come from the configuration alone. The client is the socket's
/// peer; no header moves it.
final class Redirector implements HttpHandler {
  /// Characters of a Location, its base URL included.
  static final int LOCATION_LENGTH_MAX = 8_192;

  /// When a client that got 503 may ask again.
  private static final String RETRY_AFTER_SECONDS = "10";

  private static final String NOT_CACHED = "private, no-store";
  private static final String ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
  private static final byte[] EMPTY = {};

  private final Supplier<RedirectSnapshot> snapshots;
  private final Clock clock;
  private final Counters counters = RedirectCounters.create();
  private final ThreadLocal<Scratch> scratch;

  /// @param snapshots read once for each request
  /// @param sketches hear of every client that is steered
  Redirector(Supplier<RedirectSnapshot> snapshots, ClientSketches sketches, Clock clock) {
    this.snapshots = snapshots;
    this.clock = clock;
    scratch = ThreadLocal.withInitial(() -> new Scratch(counters.newBlock(), sketches.newSketch()));
  }

  /// What one I/O thread reuses for every request.
  private static final class Scratch {
    final CounterBlock counters;
    final RequestTarget target = new RequestTarget();
    final Selection selection = new Selection();
    final ClientSketch sketch;

    Scratch(CounterBlock counters, ClientSketch sketch) {
      this.counters = counters;
      this.sketch = sketch;
    }
  }

  Counters counters() {
    return counters;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    Scratch own = scratch.get();
    own.counters.increment(RedirectCounters.REQUESTS);
    if (exchange.getProtocol().equals(Protocols.HTTP_2_0)) {
      own.counters.increment(RedirectCounters.REQUESTS_H2);
    }
    HttpString method = exchange.getRequestMethod();
    if (method.equals(Methods.CONNECT) || method.equals(Methods.TRACE)) {
      reject(exchange, Rejection.METHOD, own);
      return;
    }
    if (method.equals(Methods.OPTIONS) && exchange.getRequestURI().equals("*")) {
      allow(exchange, own);
      return;
    }
    Rejection rejection = own.target.read(exchange);
    if (rejection != null) {
      reject(exchange, rejection, own);
      return;
    }
    RedirectSnapshot snapshot = snapshots.get();
    int service = own.target.service(snapshot);
    if (service == HostTable.UNKNOWN) {
      reject(exchange, Rejection.UNKNOWN_HOST, own);
    } else if (method.equals(Methods.OPTIONS)) {
      allow(exchange, own);
    } else {
      redirect(exchange, snapshot, service, own);
    }
  }

  private void redirect(
      HttpServerExchange exchange, RedirectSnapshot snapshot, int service, Scratch own) {
    String base = target(exchange, snapshot, service, own);
    if (base == null) {
      reject(exchange, Rejection.NO_TARGET, own);
      return;
    }
    if (own.target.lengthBehind(base) > LOCATION_LENGTH_MAX) {
      reject(exchange, Rejection.TOO_LONG, own);
      return;
    }
    HttpString method = exchange.getRequestMethod();
    boolean mayChangeMethod = method.equals(Methods.GET) || method.equals(Methods.HEAD);
    own.counters.increment(
        mayChangeMethod ? RedirectCounters.RESPONSES_302 : RedirectCounters.RESPONSES_307);
    exchange.setStatusCode(mayChangeMethod ? 302 : 307);
    HeaderMap headers = exchange.getResponseHeaders();
    headers.put(Headers.LOCATION, own.target.behind(base));
    // A shared cache that kept this would send a continent to one client's pool.
    headers.put(Headers.CACHE_CONTROL, NOT_CACHED);
    headers.put(Headers.CONTENT_LENGTH, "0");
    send(exchange, EMPTY, own);
  }

  /// The base URL for this client, or null if it gets none.
  private @Nullable String target(
      HttpServerExchange exchange, RedirectSnapshot snapshot, int service, Scratch own) {
    InetAddress peer =
        exchange.getConnection().getPeerAddress(InetSocketAddress.class).getAddress();
    byte[] bytes = peer.getAddress();
    long timeMillis = clock.currentTimeMillis();
    boolean isV4 = bytes.length == 4;
    long high = isV4 ? 0 : bits(bytes, 0, 8);
    long low = isV4 ? bits(bytes, 0, 4) : bits(bytes, 8, 8);
    if (!isV4 && high == 0 && low >>> 32 == 0xffff) { // RFC 4291 §2.5.5.2
      isV4 = true;
      low &= 0xffffffffL;
    }
    own.sketch.see(snapshot.sketchKey(service), isV4, high, low, timeMillis);
    int pool = snapshot.choose(service, isV4, high, low, timeMillis, own.selection);
    return pool == RedirectSnapshot.NO_POOL ? null : snapshot.target(pool);
  }

  private static long bits(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << 8 | bytes[i] & 0xff;
    }
    return value;
  }

  private static void allow(HttpServerExchange exchange, Scratch own) {
    own.counters.increment(RedirectCounters.RESPONSES_204);
    exchange.setStatusCode(204);
    exchange.getResponseHeaders().put(Headers.ALLOW, ALLOWED);
    send(exchange, EMPTY, own);
  }

  private static void reject(HttpServerExchange exchange, Rejection rejection, Scratch own) {
    own.counters.increment(rejection.counter());
    exchange.setStatusCode(rejection.status());
    HeaderMap headers = exchange.getResponseHeaders();
    if (rejection == Rejection.METHOD) {
      headers.put(Headers.ALLOW, ALLOWED); // RFC 9110 §15.5.6
    } else if (rejection == Rejection.NO_TARGET) {
      headers.put(Headers.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    headers.put(Headers.CACHE_CONTROL, NOT_CACHED);
    headers.put(Headers.CONTENT_TYPE, "text/plain");
    headers.put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff");
    headers.put(Headers.CONTENT_LENGTH, rejection.content().length);
    send(exchange, rejection.content(), own);
  }

  private static void send(HttpServerExchange exchange, byte[] content, Scratch own) {
    if (!exchange.isRequestComplete()) {
      EarlyAnswer.send(exchange, content, own.counters);
    } else if (content.length == 0) {
      exchange.endExchange();
    } else {
      exchange.getResponseSender().send(ByteBuffer.wrap(content));
    }
  }
}
