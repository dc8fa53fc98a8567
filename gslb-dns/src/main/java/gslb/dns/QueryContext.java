package gslb.dns;

import gslb.base.CounterBlock;
import gslb.base.DnsName;
import gslb.steering.ClientSketch;
import gslb.steering.ClientSketches;
import gslb.steering.Selection;
import gslb.zones.NameMatch;
import gslb.zones.NameView;
import java.util.SplittableRandom;

/// Everything about one query that is not in its bytes, and the scratch space of the thread that
/// answers it. Owned by one listener thread and reused for every query; never shared.
public final class QueryContext {
  /// RFC 8914 §4.1: the text says it, why a steered answer is what it is.
  static final int EXTENDED_ERROR_OTHER = 0;

  /// RFC 8914 §4.19: the access list refuses the client.
  static final int EXTENDED_ERROR_PROHIBITED = 18;

  /// RFC 8914 §4.21: no zone of this server has the name.
  static final int EXTENDED_ERROR_NOT_AUTHORITATIVE = 20;

  static final int NO_EXTENDED_ERROR = -1;

  /// The transport the query came over, as far as the answer depends on it.
  public boolean overTcp;

  /// Whether that is TCP below TLS, where replies are padded.
  public boolean overTls;

  /// How long the connection may stay idle, in units of 100 ms (RFC 7828 §3.1); 0 asks the client
  /// to close it. Without a meaning over UDP.
  public int idleTenths;

  /// The client: the socket peer, or whom a trusted proxy names. `high` is 0 and `low` has 32 bits
  /// for IPv4.
  public boolean clientIsV4;

  public long clientHigh;
  public long clientLow;

  /// Set by the listener at least once per batch of queries.
  public long nowNanos;

  public long nowMillis;

  /// Whether nobody asks: an operator wants to see the reply, which no rate limit withholds.
  boolean isRehearsed;

  // What the rings leave for each other, in the order they run.

  /// The QNAME, in the query's bytes.
  final NameView question = new NameView();

  /// Offset behind the question, or 0 if there is none or it could not be read.
  int questionEnd;

  int qtype;
  int qclass;
  final Edns edns = new Edns();

  final RateLimiter.Scratch rateScratch = new RateLimiter.Scratch();

  /// The name that an alias led to, in RDATA or in one of {@link #substituted}.
  final NameView owner = new NameView();

  /// Names that a DNAME led to: the last one, and the one before it.
  final byte[][] substituted = new byte[2][DnsName.WIRE_LENGTH_MAX];

  /// Which of them is the last one.
  int lastSubstituted;

  /// A name that is only compared or looked up.
  final NameView scratch = new NameView();

  final NameMatch match = new NameMatch();
  final NameMatch glueMatch = new NameMatch();

  /// Whether the zone is the parent of one of ours with the apex that is asked for: it is asked DS.
  boolean isParentSide;

  /// The node of the last name, a wildcard's if it matched one.
  int node;

  /// Where the names visited are in the reply.
  final int[] visited = new int[Solver.CHAIN_LENGTH_MAX + 1];

  /// Where the owners of the DNAME records are in the reply.
  final int[] dnames = new int[Solver.CHAIN_LENGTH_MAX];

  /// Where their targets are in the reply.
  final int[] dnameTargets = new int[Solver.CHAIN_LENGTH_MAX];

  int dnameCount;

  final Selection selection = new Selection();

  /// Address records of the last decision.
  final AddressRecords v4Records = new AddressRecords(true);

  final AddressRecords v6Records = new AddressRecords(false);

  /// When the steered answer can become wrong, as in {@link gslb.steering.FlipDeadlines}.
  long deadline;

  /// The service that the last decision was for, or -1: none was.
  int service;

  /// Whether it was for a question for IPv4.
  boolean askedV4;

  /// What came of it, as in {@link EncodedReasons}.
  int reason;

  /// SCOPE PREFIX-LENGTH of the reply.
  int scope;

  /// Most that the answer may be cached for if it is NODATA, in seconds.
  int negativeTtlMax;

  /// The INFO-CODE of the reply's Extended DNS Error (RFC 8914), or {@link #NO_EXTENDED_ERROR}.
  int extendedError;

  /// EXTRA-TEXT of that error.
  final byte[] extraText = new byte[EncodedReasons.TEXT_LENGTH_MAX];

  int extraTextLength;

  /// Whether the reply is one of those that the rate limit leaves, no longer than its query but for
  /// a server cookie: it has no option that the query did not ask it to echo.
  boolean isRateLimited;

  boolean isAuthoritative;
  boolean isTruncated;
  final ReplyWriter writer = new ReplyWriter();

  private final CounterBlock counters;
  final ClientSketch sketch;

  /// A context whose queries nobody sums up; {@link Responder#newContext} makes one that counts.
  public QueryContext() {
    this(
        DnsCounter.newCounters().newBlock(),
        new ClientSketches(new SplittableRandom(1)).newSketch());
  }

  QueryContext(CounterBlock counters, ClientSketch sketch) {
    this.counters = counters;
    this.sketch = sketch;
  }

  @SuppressWarnings("EnumOrdinal") // the enum is the block's table of contents
  void count(DnsCounter counter) {
    counters.increment(counter.ordinal());
  }
}
