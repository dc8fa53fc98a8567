package gslb.dns;

import gslb.base.CounterBlock;
import gslb.steering.Selection;
import gslb.zones.NameMatch;
import gslb.zones.NameView;

/// Everything about one query that is not in its bytes, and the scratch space of the thread that
/// answers it. Owned by one listener thread and reused for every query; never shared.
public final class QueryContext {
  /// The transport the query came over, as far as the answer depends on it.
  public boolean overTcp;

  /// The socket peer: `high` is 0 and `low` has 32 bits for IPv4.
  public boolean clientIsV4;

  public long clientHigh;
  public long clientLow;

  /// Set by the listener at least once per batch of queries.
  public long nowNanos;

  public long nowMillis;

  final CounterBlock counters;
  final NameView question = new NameView();
  final NameView owner = new NameView();
  final NameView scratch = new NameView();
  final NameMatch match = new NameMatch();
  final NameMatch glueMatch = new NameMatch();
  final Selection selection = new Selection();
  final Edns edns = new Edns();
  final ReplyWriter writer = new ReplyWriter();

  int questionEnd;
  int qtype;
  int qclass;

  /// What the reply says of the client's subnet.
  int scope;

  public QueryContext() {
    this(DnsCounter.newCounters().newBlock());
  }

  QueryContext(CounterBlock counters) {
    this.counters = counters;
  }

  @SuppressWarnings("EnumOrdinal") // an index into the block made from the same enum
  void count(DnsCounter counter) {
    counters.increment(counter.ordinal());
  }
}
