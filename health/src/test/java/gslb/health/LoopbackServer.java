package gslb.health;

import gslb.base.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A server on 127.0.0.1 that treats every connection as the test says.
final class LoopbackServer implements AutoCloseable {
  /// What is done with a connection; it is closed afterwards.
  interface Treatment {
    void treat(Socket socket) throws Exception;
  }

  static final InetAddress LOOPBACK = Address.of("127.0.0.1").toInetAddress();

  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);

  LoopbackServer(ServerSocket listening, Treatment treatment) {
    this.listening = listening;
    Thread.ofVirtual()
        .start(
            () -> {
              while (!listening.isClosed()) {
                try {
                  Socket socket = listening.accept();
                  open.add(socket);
                  Thread.ofVirtual().start(() -> serve(socket, treatment));
                } catch (IOException _) {
                  // Closed.
                }
              }
            });
  }

  static LoopbackServer start(Treatment treatment) throws IOException {
    return new LoopbackServer(new ServerSocket(0, 50, LOOPBACK), treatment);
  }

  /// Reads the request head and answers these bytes.
  static LoopbackServer answering(String response) throws IOException {
    return start(socket -> answer(socket, response));
  }

  static void answer(Socket socket, String response) throws IOException {
    String _ = requestHead(socket);
    write(socket, response);
  }

  static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  static String requestHead(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int octet = socket.getInputStream().read();
      if (octet < 0) {
        break;
      }
      head.append((char) octet);
    }
    return head.toString();
  }

  private void serve(Socket socket, Treatment treatment) {
    try (socket) {
      treatment.treat(socket);
    } catch (Exception _) {
      // The probe went away, as it may.
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  /// Holds a connection as it is until the test is over.
  void holdOpen() throws InterruptedException {
    closing.await();
  }

  /// Passes a moment; whether the test is over.
  boolean isOverAfter(long millis) throws InterruptedException {
    return closing.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
