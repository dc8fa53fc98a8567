package gslb.dns.listen;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// The bytes of a connection as the two ends see them. Blocks; the channel below it is closed to
/// end that. Belongs to the connection's thread.
sealed interface TcpStream permits TcpStream.Plain, TlsStream {
  /// @return how many bytes were read, at least one, or -1 at the end
  int read(ByteBuffer target) throws IOException, InterruptedException;

  /// Writes everything.
  void write(ByteBuffer source) throws IOException, InterruptedException;

  /// Says goodbye, as far as that takes no waiting. The last thing done with a stream.
  void finish();

  /// The channel's own bytes.
  record Plain(SocketChannel channel) implements TcpStream {
    @Override
    public int read(ByteBuffer target) throws IOException {
      return channel.read(target);
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      while (source.hasRemaining()) {
        channel.write(source);
      }
    }

    @Override
    public void finish() {
      // Closing the channel says it.
    }
  }
}
