package gslb.node.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A regional pool of the demo: one small web server per endpoint, all on loopback. Killed, its
/// ports refuse connections. Confined to one thread.
final class DemoPool implements AutoCloseable {
  private final String name;
  private final String place;
  private final List<String> addresses;
  private final int port;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<HttpServer> servers = new ArrayList<>();

  DemoPool(String name, String place, List<String> addresses, int port) {
    this.name = name;
    this.place = place;
    this.addresses = List.copyOf(addresses);
    this.port = port;
  }

  String name() {
    return name;
  }

  List<String> addresses() {
    return addresses;
  }

  boolean isAlive() {
    return !servers.isEmpty();
  }

  void revive() throws IOException {
    if (isAlive()) {
      return;
    }
    try {
      for (String address : addresses) {
        HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 64);
        server.setExecutor(executor);
        server.createContext("/", this::answer);
        server.start();
        servers.add(server);
      }
    } catch (IOException e) {
      kill();
      throw new IOException("web server of pool '" + name + "': " + e.getMessage(), e);
    }
  }

  void kill() {
    for (HttpServer server : servers) {
      server.stop(0);
    }
    servers.clear();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body =
          exchange.getRequestURI().getPath().equals("/healthz")
              ? "ok\n".getBytes(UTF_8)
              : ("hello from pool "
                      + name
                      + " in "
                      + place
                      + ": you asked for "
                      + exchange.getRequestURI()
                      + "\n")
                  .getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(200, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    kill();
    executor.shutdownNow();
  }
}
