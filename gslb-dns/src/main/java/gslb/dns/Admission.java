package gslb.dns;

import gslb.base.Prefix;
import java.util.HashMap;
import java.util.Map;

/// Who is answered, and how much: the access list and the rate limit of a snapshot, compiled.
/// Immutable.
final class Admission {
  static final int ANSWER = 0;
  static final int REFUSE = 1;
  static final int DROP = 2;

  private final PrefixTable access;
  private final Rates rates;

  private Admission(PrefixTable access, Rates rates) {
    this.access = access;
    this.rates = rates;
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
    return new Admission(PrefixTable.of(actions), Rates.of(options.rateLimit()));
  }

  /// What the access list says of the client: {@link #ANSWER}, {@link #REFUSE} or {@link #DROP}.
  int access(QueryContext context) {
    return access.valueOf(context.clientIsV4, context.clientHigh, context.clientLow);
  }

  Rates rates() {
    return rates;
  }
}
