package gslb.config;

import gslb.base.Diagnostics;
import gslb.config.Section.Fields;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// What the listeners of one node may not do to each other.
record ListenChecks(Diagnostics diagnostics) {
  private record Listener(String key, Located<InetSocketAddress> address) {}

  void check(Fields listen) {
    List<Listener> all = new ArrayList<>();
    listen.get(Schema.LISTEN_DNS).forEach(a -> all.add(new Listener("dns", a)));
    listen.get(DnsSchema.LISTEN_TLS).forEach(a -> all.add(new Listener("dns-tls", a)));
    listen.get(Schema.LISTEN_HTTP).forEach(a -> all.add(new Listener("http", a)));
    Located<InetSocketAddress> admin = listen.located(Schema.LISTEN_ADMIN);
    if (admin != null) {
      all.add(new Listener("admin", admin));
    }
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        checkPair(all.get(j), all.get(i));
      }
    }
  }

  private void checkPair(Listener a, Listener b) {
    InetSocketAddress first = a.address().value();
    InetSocketAddress second = b.address().value();
    boolean isSame = first.equals(second);
    boolean isOverlap =
        first.getPort() == second.getPort()
            && first.getAddress().getClass() == second.getAddress().getClass()
            && (first.getAddress().isAnyLocalAddress() || second.getAddress().isAnyLocalAddress());
    if (isSame || (isOverlap && !a.key().equals(b.key()))) {
      diagnostics.error(
          b.address().where(),
          "'" + b.key() + "' of 'listen' takes the address and TCP port of '" + a.key() + "'",
          "that one stands at " + a.address().where(),
          "use another port, or remove one");
    }
  }
}
