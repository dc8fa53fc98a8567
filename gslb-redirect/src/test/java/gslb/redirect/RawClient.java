package gslb.redirect;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 client that sends exactly the bytes it is given.
final class RawClient implements AutoCloseable {
  /// Nothing on loopback takes this long; it only keeps a broken test from hanging.
  private static final int READ_MILLIS_MAX = 15_000;

  private final Socket socket;
  private final InputStream in;

  RawClient(InetSocketAddress server) throws IOException {
    this(server, null);
  }

  /// @param local address to come from
  RawClient(InetSocketAddress server, @Nullable InetSocketAddress local) throws IOException {
    socket = new Socket();
    if (local != null) {
      socket.bind(local);
    }
    socket.setSoTimeout(READ_MILLIS_MAX);
    socket.setTcpNoDelay(true);
    socket.connect(server);
    in = socket.getInputStream();
  }

  /// A response's head and body. Header names are in lower case; of two equal ones the last stays.
  record Response(int status, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }

    boolean has(String name) {
      return headers.containsKey(name);
    }
  }

  static Response exchange(InetSocketAddress server, String request) throws IOException {
    try (RawClient client = new RawClient(server)) {
      client.send(request);
      return client.response(request.startsWith("HEAD "));
    }
  }

  static Response get(InetSocketAddress server, String host, String target) throws IOException {
    return exchange(server, "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  Response response() throws IOException {
    return response(false);
  }

  Response response(boolean headOnly) throws IOException {
    String[] statusLine = line().split(" ", 3);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = headOnly ? new byte[0] : in.readNBytes(length);
    return new Response(
        Integer.parseInt(statusLine[1]), headers, new String(body, StandardCharsets.ISO_8859_1));
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended after '" + line + "'");
      }
      line.write(c);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.substring(0, text.length() - 1);
  }

  /// Whether the server ends the connection without another byte.
  boolean isAtEnd() throws IOException {
    return in.read() < 0;
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
