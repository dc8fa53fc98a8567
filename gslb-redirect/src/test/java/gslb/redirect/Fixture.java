package gslb.redirect;

import gslb.base.Counters;
import gslb.steering.ClientSketches;
import gslb.steering.MinHealthy;
import gslb.steering.Pool;
import gslb.steering.Selection;
import gslb.testkit.FakeClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A redirect tier on a free loopback port whose steering is a test's.
final class Fixture implements AutoCloseable {
  static final String HOST = "www.gslb.example";
  static final String BASE = "https://eu.example.com";
  static final String PREFIXED_BASE = "https://us.example.com/mirror";

  static final int EU = 0;
  static final int US = 1;
  static final int WITHOUT_URL = 2;

  final AtomicReference<RedirectSnapshot> snapshot;
  final RedirectServer server;

  Fixture() throws ListenException {
    this((service, v4, high, low, time, selection) -> service, RedirectServer.Bounds.DEFAULT);
  }

  Fixture(RedirectSnapshot.Steering steering, RedirectServer.Bounds bounds) throws ListenException {
    snapshot = new AtomicReference<>(snapshot(1, steering));
    server =
        RedirectServer.open(
            loopback(),
            snapshot::get,
            new ClientSketches(new SplittableRandom(1)),
            new FakeClock(),
            bounds);
  }

  static RedirectSettings loopback() {
    return new RedirectSettings(
        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
  }

  /// Service 0 is HOST, 1 is us.gslb.example, 2 is no-url.gslb.example, 3 is nothing.gslb.example.
  static RedirectSnapshot snapshot(long generation, RedirectSnapshot.Steering steering) {
    HostTable hosts =
        HostTable.of(
            Map.of(
                HOST, 0, "us.gslb.example", 1, "no-url.gslb.example", 2, "none.gslb.example", 3));
    return new RedirectSnapshot(
        generation,
        hosts,
        RedirectSnapshot.targets(
            List.of(pool(EU, BASE), pool(US, PREFIXED_BASE), pool(WITHOUT_URL, null))),
        (service, v4, high, low, time, selection) ->
            service == 3
                ? RedirectSnapshot.NO_POOL
                : steering.choose(service, v4, high, low, time, selection));
  }

  private static Pool pool(int id, @Nullable String redirectTo) {
    return new Pool(id, "pool" + id, null, MinHealthy.ONE_ENDPOINT, redirectTo, List.of());
  }

  InetSocketAddress address() {
    return server.addresses().getFirst();
  }

  long count(String name) {
    Counters counters = server.counters();
    return counters.sum(counters.names().indexOf(name));
  }

  /// What a steering fake was asked.
  record Asked(int service, boolean v4, long high, long low, long timeMillis) {}

  /// Remembers the last question and answers with the EU pool.
  static final class Recorder implements RedirectSnapshot.Steering {
    final AtomicReference<@Nullable Asked> last = new AtomicReference<>();

    @Override
    public int choose(
        int service, boolean v4, long high, long low, long timeMillis, Selection selection) {
      last.set(new Asked(service, v4, high, low, timeMillis));
      return EU;
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
