package gslb.trials;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/// A web server that can be killed and revived on the same address.
final class TestPool implements AutoCloseable {
  private final String address;
  private final int port;
  private HttpServer server;

  TestPool(String address, int port) throws IOException {
    this.address = address;
    this.port = port;
    revive();
  }

  String address() {
    return address;
  }

  void revive() throws IOException {
    server = HttpServer.create(new InetSocketAddress(address, port), 64);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "ok".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  void kill() {
    server.stop(0);
  }

  @Override
  public void close() {
    kill();
  }
}
