package gslb.dns;

import gslb.base.Prefix;
import java.util.HashMap;
import java.util.Map;

/// Who is answered, how much, and with reasons, as a snapshot's options say: the access list, the
/// rate limit and the clients that are told reasons, compiled. Immutable.
final class Admission {
  static final int ANSWER = 0;
  static final int REFUSE = 1;
  static final int DROP = 2;

  private final PrefixTable access;
  private final Rates rates;
  private final PrefixTable explainTo;

  private Admission(PrefixTable access, Rates rates, PrefixTable explainTo) {
    this.access = access;
    this.rates = rates;
    this.explainTo = explainTo;
  }

  static Admission of(ServerOptions options) {
    Map<Prefix, Byte> actions = new HashMap<>();
    for (AccessList.Rule rule : options.access().rules()) {
      actions.put(
          rule.clients(),
          switch (rule.action()) {
            case ANSWER -> (byte) ANSWER;
            case REFUSE -> (byte) REFUSE;
            case DROP -> (byte) DROP;
          });
    }
    Map<Prefix, Byte> told = new HashMap<>();
    options.explainTo().forEach(clients -> told.put(clients, (byte) 1));
    return new Admission(
        PrefixTable.of(actions), Rates.of(options.rateLimit()), PrefixTable.of(told));
  }

  /// What the access list says of the client: {@link #ANSWER}, {@link #REFUSE} or {@link #DROP}.
  int access(QueryContext context) {
    return access.valueOf(context.clientIsV4, context.clientHigh, context.clientLow);
  }

  /// Whether the client is told why it gets a steered answer.
  boolean explains(QueryContext context) {
    return explainTo.valueOf(context.clientIsV4, context.clientHigh, context.clientLow)
        != PrefixTable.NONE;
  }

  Rates rates() {
    return rates;
  }
}
