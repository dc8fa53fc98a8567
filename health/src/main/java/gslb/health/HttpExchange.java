package gslb.health;

import gslb.health.Observation.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 exchange of a probe over an open connection: a GET, and as much of the response as
/// the monitor asks for. Every length is bounded; time is bounded by whoever owns the socket.
final class HttpExchange {
  /// Bytes of all response heads together, interim ones (RFC 9110 §15.2) included.
  static final int HEAD_LENGTH_MAX = 16_384;

  /// Bytes of chunk framing: sizes, extensions and line ends.
  static final int FRAMING_LENGTH_MAX = 4 * Monitor.Check.Http.BODY_LENGTH_MAX;

  private static final int STATUS_LINE_PREFIX = "HTTP/1.1 200".length();

  private final Monitor.Check.Http http;
  private final InputStream in;
  private final byte[] buffer = new byte[8192];
  private int at;
  private int end;
  private int budget = HEAD_LENGTH_MAX;

  private boolean chunked;
  private long contentLength = -1;

  private HttpExchange(Monitor.Check.Http http, InputStream in) {
    this.http = http;
    this.in = in;
  }

  /// Sends the request and judges the response.
  ///
  /// @return a detail for the observation
  static String run(
      ProbeTarget target, Monitor.Check.Http http, String agent, InputStream in, OutputStream out)
      throws IOException, ProbeFailure {
    out.write(request(target, http, agent));
    out.flush();
    return new HttpExchange(http, in).judge();
  }

  static byte[] request(ProbeTarget target, Monitor.Check.Http http, String agent) {
    String text =
        "GET "
            + http.path()
            + " HTTP/1.1\r\nHost: "
            + authority(target, http)
            + "\r\nUser-Agent: "
            + agent
            + "\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// RFC 9110 §7.2: the port is left out when it is the scheme's own.
  private static String authority(ProbeTarget target, Monitor.Check.Http http) {
    String host = http.host();
    String text = host != null ? host : target.address().toString();
    int port = target.monitor().port();
    boolean bracketed = text.indexOf(':') >= 0 && !text.startsWith("[");
    String authority = bracketed ? "[" + text + "]" : text;
    return port == (http.tls() ? 443 : 80) ? authority : authority + ":" + port;
  }

  private String judge() throws IOException, ProbeFailure {
    int status = readHead();
    while (status >= 100 && status < 200 && status != 101) {
      status = readHead(); // RFC 9110 §15.2: interim responses precede the final one
    }
    if (status < http.statusMin() || status > http.statusMax()) {
      throw new ProbeFailure(Failure.STATUS, String.valueOf(status));
    }
    String text = http.body();
    if (text == null) {
      return "status " + status;
    }
    boolean empty = status == 204 || status == 304 || status == 101; // RFC 9112 §6.3
    BodySearch search = new BodySearch(text);
    if (!search.found && !empty) {
      readBody(search);
    }
    if (!search.found) {
      throw new ProbeFailure(
          Failure.BODY,
          "status " + status + ", '" + text + "' is not in the first " + search.length + " bytes");
    }
    return "status " + status + ", body holds the text";
  }

  private int readHead() throws IOException, ProbeFailure {
    String statusLine = readHeadLine();
    int status = parseStatus(statusLine);
    if (status < 0) {
      throw new ProbeFailure(Failure.RESPONSE_MALFORMED, "it begins '" + statusLine + "'");
    }
    chunked = false;
    contentLength = -1;
    while (true) {
      String line = readHeadLine();
      if (line.isEmpty()) {
        return status;
      }
      readField(line);
    }
  }

  private static int parseStatus(String line) {
    boolean shaped =
        line.length() >= STATUS_LINE_PREFIX
            && line.startsWith("HTTP/1.")
            && isDigit(line.charAt(7))
            && line.charAt(8) == ' '
            && (line.length() == STATUS_LINE_PREFIX || line.charAt(STATUS_LINE_PREFIX) == ' ');
    if (!shaped) {
      return -1;
    }
    int status = 0;
    for (int i = 9; i < STATUS_LINE_PREFIX; i++) {
      if (!isDigit(line.charAt(i))) {
        return -1;
      }
      status = status * 10 + line.charAt(i) - '0';
    }
    return status < 100 ? -1 : status;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void readField(String line) throws ProbeFailure {
    int colon = line.indexOf(':');
    if (colon <= 0) {
      return;
    }
    String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
    String value = line.substring(colon + 1).strip();
    if (name.equals("transfer-encoding")) {
      // RFC 9112 §6.1: chunked is the last coding.
      chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
    } else if (name.equals("content-length")) {
      long length = parseLength(value, 10);
      if (length < 0 || contentLength >= 0 && contentLength != length) {
        throw new ProbeFailure(Failure.RESPONSE_MALFORMED, "content-length '" + value + "'");
      }
      contentLength = length;
    }
  }

  private static long parseLength(String text, int radix) {
    if (text.isEmpty() || text.length() > 15) {
      return -1;
    }
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      length = length * radix + digit;
    }
    return length;
  }

  private String readHeadLine() throws IOException, ProbeFailure {
    return readLine(Failure.RESPONSE_HEAD_TOO_LARGE, "more than " + HEAD_LENGTH_MAX + " bytes");
  }

  /// Reads up to the next line feed; a carriage return before it is dropped (RFC 9112 §2.2).
  private String readLine(Failure tooLong, String detail) throws IOException, ProbeFailure {
    StringBuilder line = new StringBuilder();
    while (true) {
      int octet = read();
      if (octet < 0) {
        throw new ProbeFailure(Failure.RESPONSE_CLOSED, "the connection ended");
      }
      if (--budget < 0) {
        throw new ProbeFailure(tooLong, detail);
      }
      if (octet == '\n') {
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
          line.setLength(length - 1);
        }
        return line.toString();
      }
      line.append((char) octet);
    }
  }

  private int read() throws IOException {
    if (at == end && !fill()) {
      return -1;
    }
    return buffer[at++] & 0xff;
  }

  private boolean fill() throws IOException {
    int count = in.read(buffer);
    at = 0;
    end = Math.max(0, count);
    return count > 0;
  }

  /// RFC 9112 §6.3: chunked wins over a length; without either the body ends with the connection.
  private void readBody(BodySearch search) throws IOException, ProbeFailure {
    budget = FRAMING_LENGTH_MAX;
    if (chunked) {
      readChunks(search);
    } else {
      long missing = readInto(search, contentLength < 0 ? Long.MAX_VALUE : contentLength);
      if (contentLength >= 0 && missing > 0 && !search.isDone()) {
        throw new ProbeFailure(
            Failure.RESPONSE_CLOSED, search.length + " of " + contentLength + " bytes of the body");
      }
    }
  }

  private void readChunks(BodySearch search) throws IOException, ProbeFailure {
    while (!search.isDone()) {
      String line = readLine(Failure.RESPONSE_MALFORMED, "chunk framing without end");
      int extension = line.indexOf(';');
      String digits = (extension < 0 ? line : line.substring(0, extension)).strip();
      long size = parseLength(digits, 16);
      if (size < 0) {
        throw new ProbeFailure(Failure.RESPONSE_MALFORMED, "chunk size '" + digits + "'");
      }
      if (size == 0) {
        return;
      }
      if (readInto(search, size) > 0 && !search.isDone()) {
        throw new ProbeFailure(
            Failure.RESPONSE_CLOSED, "inside a chunk, after " + search.length + " bytes");
      }
      if (!search.isDone()
          && !readLine(Failure.RESPONSE_MALFORMED, "chunk framing without end").isEmpty()) {
        throw new ProbeFailure(Failure.RESPONSE_MALFORMED, "a chunk is longer than its size");
      }
    }
  }

  /// Hands on up to `count` bytes; returns how many are missing when it stopped.
  private long readInto(BodySearch search, long count) throws IOException {
    long left = count;
    while (left > 0 && !search.isDone()) {
      if (at == end && !fill()) {
        return left;
      }
      int taken = (int) Math.min(left, end - at);
      search.take(buffer, at, taken);
      at += taken;
      left -= taken;
    }
    return left;
  }

  /// Looks for the expected text in the first bytes of the body.
  private static final class BodySearch {
    private final byte[] text;
    private byte @Nullable [] body;
    private int length;
    private boolean found;

    BodySearch(String text) {
      this.text = text.getBytes(StandardCharsets.UTF_8);
      this.found = this.text.length == 0;
    }

    boolean isDone() {
      return found || length == Monitor.Check.Http.BODY_LENGTH_MAX;
    }

    void take(byte[] bytes, int from, int count) {
      byte[] kept = body;
      if (kept == null) {
        kept = new byte[Monitor.Check.Http.BODY_LENGTH_MAX];
        body = kept;
      }
      int taken = Math.min(count, kept.length - length);
      System.arraycopy(bytes, from, kept, length, taken);
      int searchFrom = Math.max(0, length - text.length + 1);
      length += taken;
      for (int i = searchFrom; i + text.length <= length && !found; i++) {
        found = matches(kept, i);
      }
    }

    private boolean matches(byte[] kept, int from) {
      for (int i = 0; i < text.length; i++) {
        if (kept[from + i] != text[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
