package gslb.redirect;

import gslb.base.Counters;
import java.util.List;

/// What the redirect tier counts. Every request is answered once, so requests = the sum of the
/// responses; a rejected request is one of them.
final class RedirectCounters {
  /// Requests whose head the engine could read. The engine itself answers 400 to the others.
  static final int REQUESTS = 0;

  /// Requests over HTTP/2, out of {@link #REQUESTS}.
  static final int REQUESTS_H2 = 1;

  static final int RESPONSES_204 = 2;
  static final int RESPONSES_302 = 3;
  static final int RESPONSES_307 = 4;

  /// Requests answered while their body was under way.
  static final int EARLY = 5;

  /// Out of {@link #EARLY}: given up because the body did not end within the bounds of {@link
  /// EarlyAnswer}.
  static final int EARLY_CUT = 6;

  private RedirectCounters() {}

  /// These and one for each {@link Rejection}.
  static Counters create() {
    String[] names = new String[7 + Rejection.values().length];
    names[REQUESTS] = "gslb_redirect_requests_total";
    names[REQUESTS_H2] = "gslb_redirect_requests_h2_total";
    names[RESPONSES_204] = "gslb_redirect_responses_total{code=\"204\"}";
    names[RESPONSES_302] = "gslb_redirect_responses_total{code=\"302\"}";
    names[RESPONSES_307] = "gslb_redirect_responses_total{code=\"307\"}";
    names[EARLY] = "gslb_redirect_early_answers_total";
    names[EARLY_CUT] = "gslb_redirect_early_answers_cut_total";
    for (Rejection rejection : Rejection.values()) {
      names[rejection.counter()] =
          "gslb_redirect_rejected_total{code=\""
              + rejection.status()
              + "\",reason=\""
              + rejection.reason()
              + "\"}";
    }
    return new Counters(List.of(names));
  }
}
