package gslb.redirect;

import io.undertow.protocols.http2.HpackDecoder;
import io.undertow.protocols.http2.HpackException;
import io.undertow.util.HttpString;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An HTTP/2 client with prior knowledge that sends exactly the header fields it is given, as
/// literals without Huffman coding (RFC 7541 §6.2.2).
final class RawH2Client implements AutoCloseable {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  static final int GOAWAY = 7;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private final Socket socket;
  private final DataInputStream in;
  private final HpackDecoder decoder = new HpackDecoder();
  private int nextStream = 1;

  RawH2Client(InetSocketAddress server) throws IOException {
    socket = new Socket();
    socket.setSoTimeout(15_000);
    socket.setTcpNoDelay(true);
    socket.connect(server);
    in = new DataInputStream(socket.getInputStream());
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    send(SETTINGS, 0, 0, new byte[0]);
  }

  /// What ended an exchange.
  ///
  /// @param status of the response, or 0 if the stream or the connection was reset
  /// @param resetCode of an RST_STREAM or GOAWAY, or -1
  record Outcome(int status, Map<String, String> headers, int resetCode) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  private record Frame(int type, int flags, int stream, ByteBuffer payload) {}

  static Outcome request(InetSocketAddress server, List<String> fields) throws IOException {
    try (RawH2Client client = new RawH2Client(server)) {
      return client.request(fields, true);
    }
  }

  /// @param fields names and values by turns
  Outcome request(List<String> fields, boolean endsStream) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.size(); i += 2) {
      block.write(0);
      literal(block, fields.get(i));
      literal(block, fields.get(i + 1));
    }
    send(HEADERS, END_HEADERS | (endsStream ? END_STREAM : 0), stream, block.toByteArray());
    return outcome(stream);
  }

  void data(int stream, byte[] payload, boolean endsStream) throws IOException {
    send(DATA, endsStream ? END_STREAM : 0, stream, payload);
  }

  private static void literal(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int length = bytes.length;
    if (length < 127) {
      block.write(length);
    } else {
      block.write(127);
      for (length -= 127; length >= 128; length >>>= 7) {
        block.write(length & 127 | 128);
      }
      block.write(length);
    }
    block.writeBytes(bytes);
  }

  private void send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >>> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    socket.getOutputStream().write(frame.array());
  }

  /// Reads until the stream's response has ended, or it or the connection was reset.
  private Outcome outcome(int stream) throws IOException {
    Map<String, String> headers = new HashMap<>();
    while (true) {
      Frame frame = read();
      if (frame.type() == SETTINGS && (frame.flags() & ACK) == 0) {
        send(SETTINGS, ACK, 0, new byte[0]);
      } else if (frame.type() == GOAWAY) {
        return new Outcome(0, headers, frame.payload().getInt(4));
      } else if (frame.stream() == stream) {
        if (frame.type() == HEADERS) {
          decode(frame.payload(), headers);
        } else if (frame.type() == RST_STREAM) {
          return new Outcome(0, headers, frame.payload().getInt(0));
        }
        if (frame.type() <= HEADERS && (frame.flags() & END_STREAM) != 0) {
          return new Outcome(Integer.parseInt(headers.getOrDefault(":status", "0")), headers, -1);
        }
      }
    }
  }

  /// Reads until the server resets a stream, and returns the code.
  int resetOf(int stream) throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.type() == RST_STREAM && frame.stream() == stream) {
        return frame.payload().getInt(0);
      }
    }
  }

  private void decode(ByteBuffer block, Map<String, String> headers) {
    decoder.setHeaderEmitter(
        new HpackDecoder.HeaderEmitter() {
          @Override
          public void emitHeader(HttpString name, String value, boolean neverIndex) {
            headers.put(name.toString().toLowerCase(java.util.Locale.ROOT), value);
          }
        });
    try {
      decoder.decode(block, false);
    } catch (HpackException e) {
      throw new AssertionError(e);
    }
  }

  private Frame read() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt() & 0x7fffffff;
    return new Frame(type, flags, stream, ByteBuffer.wrap(in.readNBytes(length)));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
