package gslb.dns;

import gslb.base.Prefix;
import java.util.List;

/// How many UDP responses clients get before they are asked to come back over TCP: response rate
/// limiting, with the numbers of Knot DNS. Rates are per whole address; a prefix that is wider gets
/// a multiple of it: IPv4 /24 32, /20 256, /18 768; IPv6 /64 2, /56 3, /48 4, /32 64.
///
/// @param perSecond sustained responses a second of one address; 0 for no limit at all
/// @param burst responses at once of one address
/// @param slip one in n limited responses is sent truncated so that a real client can ask over
///     TCP, the others are dropped; 1 truncates all, 0 drops all
/// @param isDryRun count, but limit nothing
/// @param exempt clients that are not limited; those with a valid server cookie never are
/// @param tableSize counters kept, a power of two, at least 16
public record RateLimit(
    int perSecond, int burst, int slip, boolean isDryRun, List<Prefix> exempt, int tableSize) {
  /// Counters of a table by default (4 MiB), and at most (128 MiB).
  public static final int TABLE_SIZE = 524_288;

  public static final int TABLE_SIZE_MAX = 1 << 24;

  /// No limit.
  public static final RateLimit OFF = new RateLimit(0, 0, 1, false, List.of(), TABLE_SIZE);

  public RateLimit {
    exempt = List.copyOf(exempt);
  }
}
