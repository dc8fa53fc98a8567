package gslb.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import gslb.base.Diagnostic;
import gslb.steering.shift.Scenario;
import gslb.steering.shift.Weighting;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Asks a running node, for the verbs of the command line. Any number of threads may use it.
public final class AdminClient implements AutoCloseable {
  /// Bytes of an answer.
  static final long ANSWER_LENGTH_MAX = 67_108_864;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /// A reload reads and compiles everything.
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

  private final URI node;
  private final AdminToken token;
  private final AdminJson json = new AdminJson();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /// @param node such as `http://127.0.0.1:8053`
  public AdminClient(URI node, AdminToken token) {
    this.node = node;
    this.token = token;
  }

  /// An answer as it came, and read.
  ///
  /// @param json the answer's own text
  public record Answer<T>(T value, String json) {}

  public Answer<NodeStatus> status() throws AdminCallException {
    byte[] body = success(call("GET", "/api/v1/status"));
    try {
      return new Answer<>(json.status(body), new String(body, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /// Also a refusal by the configuration is an answer.
  public Answer<ReloadResult> reload() throws AdminCallException {
    HttpResponse<byte[]> response = call("POST", "/api/v1/reload");
    byte[] body = response.statusCode() == 422 ? response.body() : success(response);
    JsonNode read = read(body);
    long generation = read.path("generation").asLong();
    var diagnostics = json.readDiagnostics(read.path("diagnostics"));
    ReloadResult result =
        response.statusCode() == 422
            ? new ReloadResult.Refused(generation, diagnostics)
            : new ReloadResult.Applied(generation, diagnostics);
    return new Answer<>(result, new String(body, StandardCharsets.UTF_8));
  }

  /// An explanation, as the text for people.
  ///
  /// @param isAnswered whether the client gets what it asked for
  public record Explained(String text, boolean isAnswered) {}

  /// Asks why a client gets what it gets.
  ///
  /// @param parameters as {@link ExplainRequest#of} reads them
  public Answer<Explained> explain(Map<String, String> parameters) throws AdminCallException {
    StringBuilder query = new StringBuilder();
    new TreeMap<>(parameters)
        .forEach(
            (name, value) ->
                query
                    .append(query.isEmpty() ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    byte[] body = success(call("GET", "/api/v1/explain" + query));
    JsonNode read = read(body);
    return new Answer<>(
        new Explained(read.path("text").asText(), read.path("answered").asBoolean()),
        new String(body, StandardCharsets.UTF_8));
  }

  /// What a plan comes to.
  ///
  /// @param isRefused whether the configuration has errors
  /// @param text for people; empty if it is refused
  /// @param mostDisturbed share of the clients of one service at most that get another pool or lose
  ///     the addresses of a family, 0..1
  public record Planned(
      boolean isRefused, String text, double mostDisturbed, List<Diagnostic> diagnostics) {
    public Planned {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /// Also a refusal of the configuration is an answer.
  ///
  /// @param file absolute; null for the file that the node was started with
  public Answer<Planned> plan(@Nullable String file, Weighting weighting)
      throws AdminCallException {
    ObjectNode request = json.object().put("weight", weighting.name().toLowerCase(Locale.ROOT));
    if (file != null) {
      request.put("file", file);
    }
    HttpResponse<byte[]> response = call("POST", "/api/v1/plan", json.bytes(request));
    byte[] body = response.statusCode() == 422 ? response.body() : success(response);
    JsonNode read = read(body);
    return new Answer<>(
        new Planned(
            response.statusCode() == 422,
            read.path("text").asText(""),
            read.path("mostDisturbed").asDouble(1),
            json.readDiagnostics(read.path("diagnostics"))),
        new String(body, StandardCharsets.UTF_8));
  }

  /// The simulation as text for people.
  public Answer<String> simulate(Scenario scenario) throws AdminCallException {
    ObjectNode request =
        json.object().put("weight", scenario.weighting().name().toLowerCase(Locale.ROOT));
    ArrayNode down = request.putArray("down");
    scenario.down().forEach(down::add);
    ObjectNode drained = request.putObject("drain");
    scenario.drained().forEach(drained::put);
    ObjectNode demand = request.putObject("demand");
    scenario.demand().forEach(demand::put);
    byte[] body = success(call("POST", "/api/v1/simulate", json.bytes(request)));
    return new Answer<>(read(body).path("text").asText(), new String(body, StandardCharsets.UTF_8));
  }

  /// The metrics page.
  public String metrics() throws AdminCallException {
    return new String(success(call("GET", "/metrics")), StandardCharsets.UTF_8);
  }

  private HttpResponse<byte[]> call(String method, String path) throws AdminCallException {
    return call(method, path, new byte[0]);
  }

  private HttpResponse<byte[]> call(String method, String path, byte[] body)
      throws AdminCallException {
    HttpRequest request =
        HttpRequest.newBuilder(node.resolve(path))
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body))
            .header("Authorization", token.authorization())
            .timeout(ANSWER_TIMEOUT)
            .build();
    try {
      return http.send(
          request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_LENGTH_MAX));
    } catch (ConnectException e) {
      throw new AdminCallException(
          AdminCallException.Kind.UNREACHABLE,
          node + ": no node answers; is it running, and is this its 'listen: admin' address?");
    } catch (HttpTimeoutException e) {
      throw new AdminCallException(
          AdminCallException.Kind.UNREACHABLE,
          node + ": no answer within " + ANSWER_TIMEOUT.toSeconds() + " s");
    } catch (IOException e) {
      throw new AdminCallException(
          AdminCallException.Kind.UNREACHABLE, node + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AdminCallException(AdminCallException.Kind.FAILED, node + ": interrupted");
    }
  }

  private byte[] success(HttpResponse<byte[]> response) throws AdminCallException {
    int status = response.statusCode();
    if (status == 200) {
      return response.body();
    }
    AdminCallException.Kind kind =
        switch (status) {
          case 400 -> AdminCallException.Kind.WRONG;
          case 401, 403 -> AdminCallException.Kind.NOT_ALLOWED;
          case 404 -> AdminCallException.Kind.NOT_FOUND;
          default -> AdminCallException.Kind.FAILED;
        };
    JsonNode problem = read(response.body());
    String title = problem.path("title").asText("status " + status);
    String detail = problem.path("detail").asText("");
    throw new AdminCallException(
        kind,
        node + ": " + title + (detail.isEmpty() ? "" : "; " + detail),
        new String(response.body(), StandardCharsets.UTF_8));
  }

  private JsonNode read(byte[] body) throws AdminCallException {
    try {
      return json.tree(body);
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private AdminCallException malformed(IOException cause) {
    return new AdminCallException(
        AdminCallException.Kind.FAILED,
        node + ": the answer is not a node's; " + firstLine(String.valueOf(cause.getMessage())));
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  @Override
  public void close() {
    http.close();
  }
}
