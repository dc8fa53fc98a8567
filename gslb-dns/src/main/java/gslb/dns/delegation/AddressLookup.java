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
      // The answer holds the aliases on the way too (RFC 1034 §4.3.2).
      for (ReplyRecord record : ask(host, type, deadline).answer()) {
        if (record.rdata() instanceof ReplyRecord.Host(Address address)) {
          addresses.add(address);
        }
        ttl = Math.min(ttl, record.ttl());
      }
    }
    return new Found(addresses, ttl);
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
