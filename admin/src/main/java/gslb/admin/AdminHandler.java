package gslb.admin;

import com.fasterxml.jackson.databind.JsonNode;
import gslb.steering.shift.Scenario;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The API's routes. A request is checked on the I/O thread and then runs on a thread of its own.
///
/// | route | method | token |
/// |---|---|---|
/// | `/healthz` | GET | no |
/// | `/metrics` | GET | yes |
/// | `/api/v1/status` | GET | yes |
/// | `/api/v1/explain?name=&client=` | GET | yes |
/// |   and more, see {@link ExplainRequest} | | |
/// | `/api/v1/reload` | POST | yes |
/// | `/api/v1/plan` | POST | yes |
/// | `/api/v1/simulate` | POST | yes |
final class AdminHandler implements HttpHandler {
  /// Requests that run at the same time; further ones get 503.
  static final int REQUESTS_MAX = 32;

  /// Characters of a parameter's value.
  static final int PARAMETER_LENGTH_MAX = 4_096;

  private static final System.Logger LOG = System.getLogger(AdminHandler.class.getName());
  private static final byte[] HEALTHY = "ok\n".getBytes(StandardCharsets.US_ASCII);
  private static final String JSON = "application/json";
  private static final String BUSY = "another plan or simulation is running; ask again after it";

  private final AdminGate gate;
  private final Operations operations;
  private final Executor threads;
  private final AdminJson json = new AdminJson();
  private final Semaphore running = new Semaphore(REQUESTS_MAX);
  private final ReentrantLock reloading = new ReentrantLock();
  private final ReentrantLock planning = new ReentrantLock();
  private final ShiftJson shifts = new ShiftJson();

  AdminHandler(AdminGate gate, Operations operations, Executor threads) {
    this.gate = gate;
    this.operations = operations;
    this.threads = threads;
  }

  /// What can be asked for.
  private enum Route {
    HEALTH("/healthz", "GET", false, Set.of()),
    METRICS("/metrics", "GET", true, Set.of()),
    STATUS("/api/v1/status", "GET", true, Set.of()),
    EXPLAIN("/api/v1/explain", "GET", true, ExplainRequest.PARAMETERS),
    RELOAD("/api/v1/reload", "POST", true, Set.of()),
    PLAN("/api/v1/plan", "POST", true, Set.of()),
    SIMULATE("/api/v1/simulate", "POST", true, Set.of());

    private final String path;
    private final String method;
    private final boolean needsToken;
    private final Set<String> parameters;

    Route(String path, String method, boolean needsToken, Set<String> parameters) {
      this.path = path;
      this.method = method;
      this.needsToken = needsToken;
      this.parameters = parameters;
    }

    static @Nullable Route of(String path) {
      for (Route route : values()) {
        if (route.path.equals(path)) {
          return route;
        }
      }
      return null;
    }
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    Route route = Route.of(exchange.getRequestPath());
    AdminGate.Refusal refusal = gate.refusal(exchange, route == null || route.needsToken);
    if (refusal != null) {
      if (refusal.status() == 401) {
        exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer realm=\"gslb\"");
      }
      fail(exchange, refusal.status(), refusal.title(), refusal.detail());
    } else if (route == null) {
      fail(exchange, 404, "no such page", "nothing is at " + exchange.getRequestPath());
    } else if (!exchange.getRequestMethod().equalToString(route.method)) {
      exchange.getResponseHeaders().put(Headers.ALLOW, route.method);
      fail(exchange, 405, "wrong method", route.path + " takes " + route.method + " alone");
    } else if (exchange.getRequestContentLength() > AdminServer.BODY_LENGTH_MAX) {
      fail(
          exchange,
          413,
          "body too large",
          "a body has at most " + AdminServer.BODY_LENGTH_MAX + " bytes");
    } else if (route == Route.HEALTH) {
      send(exchange, 200, "text/plain", HEALTHY);
    } else if (!running.tryAcquire()) {
      exchange.getResponseHeaders().put(Headers.RETRY_AFTER, "1");
      fail(exchange, 503, "too busy", REQUESTS_MAX + " requests are running");
    } else {
      exchange.dispatch(threads, next -> run(route, next));
    }
  }

  private void run(Route route, HttpServerExchange exchange) {
    try {
      String wrong = wrongParameter(route, exchange.getQueryParameters());
      if (wrong != null) {
        fail(exchange, 400, "wrong parameters", wrong);
        return;
      }
      answer(route, exchange);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "admin request failed path=" + route.path, e);
      fail(exchange, 500, "internal error", "the node's log says more");
    } finally {
      running.release();
    }
  }

  private static @Nullable String wrongParameter(
      Route route, Map<String, Deque<String>> parameters) {
    for (String name : parameters.keySet()) {
      if (!route.parameters.contains(name)) {
        return "unknown parameter '" + clipped(name) + "'";
      }
    }
    for (String name : route.parameters) {
      Deque<String> values = parameters.get(name);
      if (values == null) {
        continue;
      }
      if (values.size() != 1 || values.getFirst().isEmpty()) {
        return "parameter '" + name + "' must be given once, and not empty";
      }
      if (values.getFirst().length() > PARAMETER_LENGTH_MAX) {
        return "parameter '" + name + "' has more than " + PARAMETER_LENGTH_MAX + " characters";
      }
    }
    return null;
  }

  private static String clipped(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private void answer(Route route, HttpServerExchange exchange) {
    switch (route) {
      case HEALTH -> send(exchange, 200, "text/plain", HEALTHY);
      case METRICS ->
          send(
              exchange,
              200,
              MetricsPage.CONTENT_TYPE,
              operations.metrics().getBytes(StandardCharsets.UTF_8));
      case STATUS -> send(exchange, 200, JSON, json.bytes(operations.status()));
      case EXPLAIN -> explain(exchange);
      case RELOAD -> reload(exchange);
      case PLAN -> plan(exchange);
      case SIMULATE -> simulate(exchange);
    }
  }

  private void explain(HttpServerExchange exchange) {
    Map<String, String> parameters = new TreeMap<>();
    // wrongParameter has seen that each is there once
    exchange
        .getQueryParameters()
        .forEach((name, values) -> parameters.put(name, values.getFirst()));
    try {
      ExplainResult result = operations.explain(ExplainRequest.of(parameters));
      send(exchange, 200, JSON, json.bytes(ExplainJson.tree(result)));
    } catch (ExplainRefused e) {
      fail(exchange, 400, "wrong parameters", String.valueOf(e.getMessage()));
    }
  }

  private void reload(HttpServerExchange exchange) {
    if (!reloading.tryLock()) {
      fail(exchange, 409, "already reloading", "another reload is running; ask again after it");
      return;
    }
    try {
      switch (operations.reload()) {
        case ReloadResult.Applied applied ->
            send(exchange, 200, JSON, json.bytes(json.applied(applied)));
        case ReloadResult.Refused refused -> problem(exchange, 422, json.refused(refused));
      }
    } finally {
      reloading.unlock();
    }
  }

  private void plan(HttpServerExchange exchange) {
    RequestBody.Plan asked;
    try {
      asked = RequestBody.plan(body(exchange), json);
    } catch (RequestBody.Wrong e) {
      fail(exchange, 400, "wrong body", e.detail());
      return;
    }
    if (!planning.tryLock()) {
      fail(exchange, 409, "already planning", BUSY);
      return;
    }
    try {
      switch (operations.plan(asked.file(), asked.weighting())) {
        case PlanResult.Planned planned ->
            send(exchange, 200, JSON, json.bytes(shifts.plan(planned)));
        case PlanResult.Refused refused -> problem(exchange, 422, json.refused(refused));
        case PlanResult.Unweighed(String problem) ->
            fail(exchange, 404, "no clients were seen", problem);
      }
    } finally {
      planning.unlock();
    }
  }

  private void simulate(HttpServerExchange exchange) {
    Scenario scenario;
    try {
      scenario = RequestBody.scenario(body(exchange), json);
    } catch (RequestBody.Wrong e) {
      fail(exchange, 400, "wrong body", e.detail());
      return;
    }
    if (!planning.tryLock()) {
      fail(exchange, 409, "already planning", BUSY);
      return;
    }
    try {
      switch (operations.simulate(scenario)) {
        case SimulateResult.Simulated simulated ->
            send(exchange, 200, JSON, json.bytes(shifts.simulation(simulated)));
        case SimulateResult.Refused(String problem) ->
            fail(exchange, 404, "the scenario does not fit", problem);
      }
    } finally {
      planning.unlock();
    }
  }

  private static byte[] body(HttpServerExchange exchange) throws RequestBody.Wrong {
    exchange.startBlocking();
    try {
      return exchange.getInputStream().readNBytes(RequestBody.LENGTH_MAX + 1);
    } catch (IOException e) {
      throw new RequestBody.Wrong("the body could not be read");
    }
  }

  private void fail(HttpServerExchange exchange, int status, String title, String detail) {
    problem(exchange, status, json.problem(status, title, detail));
  }

  private void problem(HttpServerExchange exchange, int status, JsonNode problem) {
    send(exchange, status, "application/problem+json", json.bytes(problem));
  }

  private static void send(HttpServerExchange exchange, int status, String type, byte[] content) {
    if (!exchange.isRequestComplete()) {
      // Else the engine would read the body first, and answer nothing if that is too large.
      exchange.setPersistent(false);
    }
    exchange.setStatusCode(status);
    HeaderMap headers = exchange.getResponseHeaders();
    headers.put(Headers.CONTENT_TYPE, type);
    headers.put(Headers.CACHE_CONTROL, "no-store");
    headers.put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff");
    headers.put(Headers.CONTENT_SECURITY_POLICY, "default-src 'none'");
    headers.put(Headers.CONTENT_LENGTH, content.length);
    exchange.getResponseSender().send(ByteBuffer.wrap(content));
  }
}
