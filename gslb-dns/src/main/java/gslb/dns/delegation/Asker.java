package gslb.dns.delegation;

import gslb.base.DnsName;
import java.io.IOException;
import java.net.InetSocketAddress;

/// Asks one server one question.
@FunctionalInterface
interface Asker {
  /// @param recursionDesired whether the server shall find the answer out
  /// @throws Unanswered if there is no reply that can be read
  DnsReply ask(InetSocketAddress server, DnsName name, int type, boolean recursionDesired)
      throws Unanswered;

  /// Why there is no answer.
  final class Unanswered extends IOException {
    private static final long serialVersionUID = 1;

    private final String why;
    private final boolean isWithoutRoute;

    /// @param isWithoutRoute whether this machine has no way to the server
    Unanswered(String why, boolean isWithoutRoute) {
      super(why);
      this.why = why;
      this.isWithoutRoute = isWithoutRoute;
    }

    /// As the rest of a sentence that begins with the server.
    String why() {
      return why;
    }

    boolean isWithoutRoute() {
      return isWithoutRoute;
    }
  }
}
