package gslb.dns;

import gslb.base.Family;
import gslb.steering.AllDown;
import gslb.steering.Endpoint;
import gslb.steering.Pool;
import gslb.steering.PoolState;
import gslb.steering.Selection;
import gslb.steering.Service;
import gslb.steering.Stage;
import gslb.steering.SteeringPlan;
import gslb.zones.FlatZone;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Why a steered answer is what it is, in short texts for clients that may know (RFC 8914 §2). Made
/// in parts, by service, pool and stage, when a plan is published; a reply joins them. Immutable.
///
/// ```
/// service www; pool eu; up endpoints
/// service www; pool us; eu is down: unhealthy
/// service www; no IPv6 in pool eu
/// service www; all-down: nodata
/// ```
final class EncodedReasons {
  /// Octets of the text of an Extended DNS Error; parts that do not fit are left out.
  static final int TEXT_LENGTH_MAX = 100;

  /// Characters of a service's or pool's name in that text; more are cut off.
  static final int NAME_LENGTH_MAX = 24;

  // What SteeredAnswer tells of the outcome, beside the pool.

  /// There is a pool or there is none, and the answer is all that it is.
  static final int ANSWER = 0;

  /// The pool has no address of the family asked.
  static final int NO_ADDRESS = 1;

  /// The name has addresses alone, because it may be a CNAME.
  static final int NO_TYPE = 2;

  private static final byte[] NONE = {};
  private static final byte[] JOINED = ascii("; every available pool");
  private static final byte[] JOINED_WITHOUT_V4 = ascii("; no IPv4 in any available pool");
  private static final byte[] JOINED_WITHOUT_V6 = ascii("; no IPv6 in any available pool");
  private static final byte[] UP = ascii("; up endpoints");
  private static final byte[] ALIAS = ascii("; its cname");
  private static final byte[] BELOW_MINIMUM = ascii("; none reaches min-healthy");
  private static final byte[] VERDICTS_IGNORED = ascii("; all down: verdicts ignored");
  private static final byte[] DRAINS_IGNORED = ascii("; all down: drains ignored too");
  private static final byte[] SORRY = ascii("; all down: sorry pool");
  private static final byte[] ALL_DOWN_NODATA = ascii("; all-down: nodata");
  private static final byte[] FORCED_DOWN = ascii("; all forced down");
  private static final byte[] UNRESOLVED = ascii("; no host has an address");
  private static final byte[] NOTHING = ascii("; the policy gives nothing");
  private static final byte[] ADDRESSES_ALONE = ascii("; addresses alone");

  private final byte[][] services;

  // By pool.
  private final byte[][] chosen;
  private final byte[][] rejected;
  private final byte[][] downV4;
  private final byte[][] downV6;
  private final byte[][] withoutV4;
  private final byte[][] withoutV6;

  private EncodedReasons(byte[][] services, int pools) {
    this.services = services;
    chosen = new byte[pools][];
    rejected = new byte[pools][];
    downV4 = new byte[pools][];
    downV6 = new byte[pools][];
    withoutV4 = new byte[pools][];
    withoutV6 = new byte[pools][];
  }

  static EncodedReasons of(SteeringPlan plan) {
    List<Service> all = plan.catalog().services();
    byte[][] services = new byte[all.size()][];
    for (Service service : all) {
      services[service.id()] = ascii("service " + cut(service.name()));
    }
    EncodedReasons reasons = new EncodedReasons(services, plan.catalog().pools().size());
    for (int pool = 0; pool < reasons.chosen.length; pool++) {
      reasons.encode(plan.state(pool));
    }
    return reasons;
  }

  /// The reasons of another plan of the same catalog, sharing with this one what stays.
  EncodedReasons with(SteeringPlan previous, SteeringPlan next) {
    EncodedReasons reasons = new EncodedReasons(services, chosen.length);
    for (int pool = 0; pool < chosen.length; pool++) {
      if (next.state(pool) == previous.state(pool)) {
        reasons.chosen[pool] = chosen[pool];
        reasons.rejected[pool] = rejected[pool];
        reasons.downV4[pool] = downV4[pool];
        reasons.downV6[pool] = downV6[pool];
        reasons.withoutV4[pool] = withoutV4[pool];
        reasons.withoutV6[pool] = withoutV6[pool];
      } else {
        reasons.encode(next.state(pool));
      }
    }
    return reasons;
  }

  private void encode(PoolState state) {
    Pool pool = state.pool();
    String name = cut(pool.name());
    chosen[pool.id()] = ascii("; pool " + name);
    rejected[pool.id()] = state.isAvailable() ? NONE : ascii("; " + name + " is " + whyNot(state));
    downV4[pool.id()] = ascii("; " + name + " is down in IPv4");
    downV6[pool.id()] = ascii("; " + name + " is down in IPv6");
    withoutV4[pool.id()] = without(pool, Family.V4, "; no IPv4 ", name);
    withoutV6[pool.id()] = without(pool, Family.V6, "; no IPv6 ", name);
  }

  private static byte[] without(Pool pool, Family family, String what, String name) {
    for (Endpoint endpoint : pool.endpoints()) {
      if (endpoint.address().family() == family) {
        return ascii(what + "up in pool " + name);
      }
    }
    return ascii(what + "in pool " + name);
  }

  private static String whyNot(PoolState state) {
    int endpoints = state.pool().endpoints().size();
    if (endpoints == 0) {
      return "unresolved";
    }
    if (state.forcedDown() == endpoints) {
      return "forced down";
    }
    return state.forcedDown() + state.drained() == endpoints ? "drained" : "down: unhealthy";
  }

  private static String cut(String name) {
    return name.length() <= NAME_LENGTH_MAX ? name : name.substring(0, NAME_LENGTH_MAX - 2) + "..";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// Writes the text for the last decision of a query, at most {@link #TEXT_LENGTH_MAX} octets.
  ///
  /// @return the offset behind it
  int write(SteeringPlan plan, QueryContext context, byte[] out, int to) {
    int limit = to + TEXT_LENGTH_MAX;
    int service = context.service;
    Selection selection = context.selection;
    Stage stage = plan.stage(service, context.askedV4, selection.clientClass);
    int at = append(services[service], out, to, limit);
    if (selection.answerSet == Selection.NOTHING) {
      return append(whyNothing(plan, service, selection.clientClass, stage), out, at, limit);
    }
    boolean v4 = context.qtype == FlatZone.TYPE_A;
    if (plan.isJoined(selection.answerSet)) {
      at =
          append(
              context.reason != NO_ADDRESS ? JOINED : v4 ? JOINED_WITHOUT_V4 : JOINED_WITHOUT_V6,
              out,
              at,
              limit);
      return stage == Stage.AVAILABLE ? at : append(words(stage), out, at, limit);
    }
    Pool pool = plan.catalog().pools().get(plan.pool(selection));
    if (context.reason == NO_ADDRESS) {
      at = append((v4 ? withoutV4 : withoutV6)[pool.id()], out, at, limit);
    } else {
      at = append(chosen[pool.id()], out, at, limit);
    }
    if (context.reason == NO_TYPE) {
      at = append(ADDRESSES_ALONE, out, at, limit);
    }
    return stage == Stage.AVAILABLE
        ? appendRejected(plan, pool, context, out, at, limit)
        : append(words(stage), out, at, limit);
  }

  /// The pools before the chosen one that are not available. If there is none, and nothing else has
  /// been said, what the pool answers with.
  private int appendRejected(
      SteeringPlan plan, Pool pool, QueryContext context, byte[] out, int from, int limit) {
    int at = from;
    for (int before : plan.tables().pools(context.service, context.selection.clientClass)) {
      if (before == pool.id()) {
        break;
      }
      at = append(rejected[before], out, at, limit);
      if (rejected[before].length == 0) {
        at = appendFamilies(plan, before, context, out, at, limit);
      }
    }
    return at == from && context.reason == ANSWER
        ? append(pool.cname() == null ? UP : ALIAS, out, at, limit)
        : at;
  }

  /// What an available pool lacks for a service that asks more of it than any family.
  private int appendFamilies(
      SteeringPlan plan, int pool, QueryContext context, byte[] out, int to, int limit) {
    PoolState state = plan.state(pool);
    if (state.pool().isAlwaysUp()) {
      return to;
    }
    return switch (plan.catalog().services().get(context.service).families()) {
      case ANY -> to;
      case EVERY -> {
        int at = isDown(state, Family.V4) ? append(downV4[pool], out, to, limit) : to;
        yield isDown(state, Family.V6) ? append(downV6[pool], out, at, limit) : at;
      }
      case INDEPENDENT -> {
        Family family = context.askedV4 ? Family.V4 : Family.V6;
        if (state.health(family).configured() == 0) {
          yield append((context.askedV4 ? withoutV4 : withoutV6)[pool], out, to, limit);
        }
        yield isDown(state, family)
            ? append((context.askedV4 ? downV4 : downV6)[pool], out, to, limit)
            : to;
      }
    };
  }

  /// Whether the pool has endpoints of a family, and fewer up than its `min-healthy`.
  private static boolean isDown(PoolState state, Family family) {
    return state.health(family).configured() > 0 && !state.health(family).isMet();
  }

  private static byte[] words(Stage stage) {
    return switch (stage) {
      case AVAILABLE -> UP;
      case MIN_HEALTHY_IGNORED -> BELOW_MINIMUM;
      case VERDICTS_IGNORED -> VERDICTS_IGNORED;
      case DRAINS_IGNORED -> DRAINS_IGNORED;
      case SORRY -> SORRY;
      case NODATA -> ALL_DOWN_NODATA;
    };
  }

  private static byte[] whyNothing(SteeringPlan plan, int service, int clientClass, Stage stage) {
    if (stage != Stage.NODATA) {
      return NOTHING;
    }
    return switch (plan.catalog().services().get(service).allDown()) {
      case AllDown.NoData() -> ALL_DOWN_NODATA;
      case AllDown.Sorry(Pool sorry) -> sorry.endpoints().isEmpty() ? UNRESOLVED : FORCED_DOWN;
      case AllDown.Answer() -> {
        for (int pool : plan.tables().pools(service, clientClass)) {
          if (!plan.catalog().pools().get(pool).endpoints().isEmpty()) {
            yield FORCED_DOWN;
          }
        }
        yield UNRESOLVED;
      }
    };
  }

  private static int append(byte[] part, byte[] out, int at, int limit) {
    if (limit - at < part.length) {
      return at;
    }
    System.arraycopy(part, 0, out, at, part.length);
    return at + part.length;
  }
}
