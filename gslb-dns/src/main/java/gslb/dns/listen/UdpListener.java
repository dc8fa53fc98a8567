package gslb.dns.listen;

import gslb.base.Address;
import gslb.base.CounterBlock;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// One UDP socket and the thread that serves it.
final class UdpListener {
  private static final System.Logger LOG = System.getLogger(UdpListener.class.getName());

  private final UdpSocket socket;
  private final AnswerDesk desk;
  private final ProxySources proxies;
  private final CounterBlock counters;
  private final Thread thread;
  private volatile boolean stopping;

  UdpListener(
      String name, UdpSocket socket, AnswerDesk desk, ProxySources proxies, CounterBlock counters) {
    this.socket = socket;
    this.desk = desk;
    this.proxies = proxies;
    this.counters = counters;
    this.thread = Thread.ofPlatform().name(name).unstarted(this::serve);
  }

  void start() {
    thread.start();
  }

  /// Asks the thread to end, which it does within {@link UdpSocket#RECEIVE_TIMEOUT}, closing the
  /// socket. One that was never started is closed here.
  void stop() {
    stopping = true;
    if (thread.getState() == Thread.State.NEW) {
      socket.close();
    }
  }

  Thread thread() {
    return thread;
  }

  private void serve() {
    try (UdpSocket.Batch batch = socket.newBatch(desk, new ProxyGate(proxies), counters)) {
      boolean usable = true;
      while (usable && !stopping) {
        usable = batch.serve();
      }
      if (!usable) {
        lost(batch.failure(), null);
      }
    } catch (RuntimeException | Error fault) {
      lost(fault.toString(), fault);
    } finally {
      socket.close();
    }
  }

  private void lost(String why, @Nullable Throwable cause) {
    counters.increment(ListenCounters.UDP_LISTENERS_LOST);
    String where = Address.withPort(socket.localAddress());
    LOG.log(
        Level.ERROR,
        "dns udp " + where + ": listener gave up: " + why + "; others go on; restart the node",
        cause);
  }
}
