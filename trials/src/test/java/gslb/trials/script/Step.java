package gslb.trials.script;

import gslb.base.SourceSpan;
import gslb.steering.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One thing that happens in a script.
sealed interface Step {
  SourceSpan where();

  /// A file is written. Those before anything else are there from the start.
  ///
  /// @param text with empty lines in front, so that its line numbers are the script's
  record Write(SourceSpan where, Kind kind, String name, String text) implements Step {}

  enum Kind {
    CONFIG,
    ZONE,
    PLACES,
    FILE
  }

  /// Queries are asked one after another, and each must get the same answer.
  record Ask(SourceSpan where, List<Query> queries, Expectation expectation) implements Step {
    public Ask {
      queries = List.copyOf(queries);
    }
  }

  /// A request is made of the redirect tier.
  ///
  /// @param responses what may come back, each `STATUS [LOCATION]`
  record Request(SourceSpan where, Http http, List<String> responses) implements Step {
    public Request {
      responses = List.copyOf(responses);
    }
  }

  /// Endpoints get a verdict.
  record Flip(SourceSpan where, Endpoints endpoints, Verdict verdict) implements Step {}

  /// Endpoints can flip at the earliest after this time; empty for never.
  record Deadline(SourceSpan where, Endpoints endpoints, Optional<Duration> after)
      implements Step {}

  /// @param address empty for all of the pool
  record Endpoints(String pool, String address) {}

  /// Time passes.
  record Pass(SourceSpan where, Duration time) implements Step {}

  /// The wall clock is set.
  record SetClock(SourceSpan where, Instant wall) implements Step {}

  /// The configuration is read again.
  ///
  /// @param refusals what the diagnostics say, each part in one of them; empty if it is taken
  record Reload(SourceSpan where, boolean isRefused, List<String> refusals) implements Step {
    public Reload {
      refusals = List.copyOf(refusals);
    }
  }
}
