package gslb.health;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What to check and how often.
///
/// @param name as configured; not part of the definition that votes are keyed by
/// @param port 1..65535
/// @param interval between the starts of two probes of one endpoint
/// @param timeout of one probe, less than the interval
/// @param rise consecutive successes until UP
/// @param fall failures until DOWN
public record Monitor(
    String name, Check check, int port, Duration interval, Duration timeout, int rise, int fall) {

  /// What one probe does.
  public sealed interface Check {
    /// Connects, and that is all.
    record Tcp() implements Check {}

    /// One HTTP/1.1 exchange.
    ///
    /// @param tls whether it runs over TLS
    /// @param host the Host header, and over TLS the server name asked for and verified; without
    ///     one the endpoint's address
    /// @param path path and query, begins with a slash
    /// @param statusMin lowest status that counts as a success
    /// @param statusMax highest
    /// @param body text that the first {@link #BODY_LENGTH_MAX} bytes of the body must hold
    /// @param verifyCertificate whether chain and name are verified; only over TLS
    record Http(
        boolean tls,
        @Nullable String host,
        String path,
        int statusMin,
        int statusMax,
        @Nullable String body,
        boolean verifyCertificate)
        implements Check {
      public static final int BODY_LENGTH_MAX = 65_536;
    }
  }
}
