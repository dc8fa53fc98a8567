package gslb.dns.delegation;

import gslb.base.Address;
import gslb.base.Clock;
import gslb.base.DnsName;
import gslb.zones.FlatZone;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Asks recursive resolvers for the addresses of one host. Both families must be answered, so that
/// a lost reply never looks like a host without IPv6. Confined to one thread; for one use.
public final class AddressLookup {
  /// Of a whole lookup, but for the exchange under way when it is over.
  public static final Duration LOOKUP_MAX = Duration.ofSeconds(4);

  /// Of one reply; a question may take two.
  private static final int REPLY_MILLIS_MAX = 500;

  /// Aliases that an answer leads through; with more it leads nowhere.
  private static final int LINKS_MAX = 16;

  private static final int SERVFAIL = 2;
  private static final int REFUSED = 5;

  private final Clock clock;
  private final Asker asker;
  private final List<InetSocketAddress> resolvers;

  /// @param ttlSeconds the least of all records on the way to the addresses
  public record Found(List<Address> addresses, long ttlSeconds) {
    public Found {
      addresses = List.copyOf(addresses);
    }
  }

  /// Why there is no answer, as the end of a sentence.
  public static final class Failed extends IOException {
    private static final long serialVersionUID = 1;

    Failed(String why) {
      super(why);
    }
  }

  private AddressLookup(Clock clock, Asker asker, List<InetSocketAddress> resolvers) {
    this.clock = clock;
    this.asker = asker;
    this.resolvers = List.copyOf(resolvers);
  }

  /// @param random unpredictable to others, for message IDs
  /// @param resolvers tried in order
  public static AddressLookup overNetwork(
      Clock clock, RandomGenerator random, List<InetSocketAddress> resolvers) {
    return new AddressLookup(clock, new NetworkAsker(clock, random, REPLY_MILLIS_MAX), resolvers);
  }

  /// @return A and AAAA together, perhaps none
  /// @throws Failed if the host does not exist or no resolver answers for both families
  public Found find(DnsName host) throws Failed {
    long deadline = clock.nanoTime() + LOOKUP_MAX.toNanos();
    List<Address> addresses = new ArrayList<>();
    long ttl = Long.MAX_VALUE;
    for (int type : new int[] {FlatZone.TYPE_A, FlatZone.TYPE_AAAA}) {
      for (ReplyRecord record : onTheWay(host, ask(host, type, deadline).answer())) {
        if (record.rdata() instanceof ReplyRecord.Host(Address address)) {
          addresses.add(address);
        }
        ttl = Math.min(ttl, record.ttl());
      }
    }
    return new Found(addresses, ttl);
  }

  /// The aliases of an answer from the host on and the records of the name that they end in (RFC
  /// 1034 §5.3.3), in whatever order; nothing else is the host's.
  private static List<ReplyRecord> onTheWay(DnsName host, List<ReplyRecord> answer) {
    List<ReplyRecord> onTheWay = new ArrayList<>();
    DnsName name = host;
    for (int links = 0; links < LINKS_MAX; links++) {
      List<ReplyRecord> owned = new ArrayList<>();
      ReplyRecord alias = null;
      for (ReplyRecord record : answer) {
        if (record.owner().equals(name)) {
          owned.add(record);
          alias = record.rdata() instanceof ReplyRecord.Alias ? record : alias;
        }
      }
      if (alias == null || !(alias.rdata() instanceof ReplyRecord.Alias(DnsName target))) {
        onTheWay.addAll(owned);
        return onTheWay;
      }
      onTheWay.add(alias);
      name = target;
    }
    return List.of();
  }

  private DnsReply ask(DnsName host, int type, long deadline) throws Failed {
    String why = "no resolver is configured";
    for (InetSocketAddress resolver : resolvers) {
      if (clock.nanoTime() - deadline >= 0) {
        throw new Failed("the resolvers do not answer in time");
      }
      try {
        DnsReply reply = asker.ask(resolver, host, type, true);
        switch (reply.rcode()) {
          case DnsReply.NOERROR -> {
            return reply;
          }
          case DnsReply.NXDOMAIN -> throw new Failed("the name does not exist");
          default -> why = Names.shown(resolver) + " says " + rcode(reply.rcode());
        }
      } catch (Asker.Unanswered e) {
        why = Names.shown(resolver) + " " + e.why();
      }
    }
    throw new Failed(why);
  }

  private static String rcode(int rcode) {
    return switch (rcode) {
      case SERVFAIL -> "SERVFAIL";
      case REFUSED -> "REFUSED";
      default -> "RCODE " + rcode;
    };
  }
}
