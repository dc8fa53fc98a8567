package gslb.steering;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Family;
import gslb.base.Prefix;
import gslb.steering.places.Place;
import gslb.steering.places.PlaceOrigin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why one client gets from one service what it gets, from {@link SteeringPlan#explain}.
///
/// @param asksV4 the family that was asked for, which matters only for a service that decides the
///     families independently
/// @param timeMillis wall-clock time of the question
/// @param steps how the place led to pools, in the order taken
/// @param considered the pools asked, in that order, stage by stage
/// @param ofIpv6 what a question for IPv6 gets, if both were asked and the service decides the
///     families independently; all the rest is then of a question for IPv4
public record Explanation(
    Service service,
    boolean asksV4,
    long timeMillis,
    Client client,
    List<Step> steps,
    List<Considered> considered,
    Decision decision,
    @Nullable Explanation ofIpv6) {
  public Explanation {
    steps = List.copyOf(steps);
    considered = List.copyOf(considered);
  }

  /// Who asks.
  ///
  /// @param embedded the IPv4 address that decides, if the address carries one
  /// @param place all that is known, whether the policy looks at it or not
  /// @param placePrefix a prefix around it of the same place
  /// @param origins which databases say what of it, by priority
  /// @param network the own network's prefix that holds it, if one does
  /// @param scope the maximal prefix around the address, in its own family, in which the decision
  ///     is the same
  /// @param bound what keeps the scope from being wider
  /// @param clientClass class in the service's partition
  public record Client(
      Address address,
      @Nullable Address embedded,
      Place place,
      Prefix placePrefix,
      List<PlaceOrigin> origins,
      @Nullable Prefix network,
      Prefix scope,
      ScopeBound bound,
      int clientClass) {
    public Client {
      origins = List.copyOf(origins);
    }
  }

  /// What keeps a scope from being wider.
  public enum ScopeBound {
    /// Nothing: all clients of the family are alike.
    NONE,
    /// The policy may treat a neighbour differently.
    PLACE,
    /// A hash decides, by blocks of clients.
    HASH,
    /// A pool gets its clients back, by blocks of clients.
    RAMP
  }

  /// One turn that depends on where the client is.
  public sealed interface Step {}

  /// A `geo` picked one branch.
  ///
  /// @param key network, AS number, geoname id, ISO 3166-2, country or continent; empty for the
  ///     default and for none
  public record GeoBranch(GeoLevel level, String key) implements Step {}

  /// By what a `geo` picked its branch.
  public enum GeoLevel {
    NETWORK,
    ASN,
    CITY,
    SUBDIVISION,
    COUNTRY,
    CONTINENT,
    DEFAULT,
    /// No branch fits and there is no default: NODATA.
    NONE
  }

  /// A `nearest` ranked its pools.
  ///
  /// @param pools nearest first
  public record Ranking(List<RankedPool> pools) implements Step {
    public Ranking {
      pools = List.copyOf(pools);
    }
  }

  /// @param kilometres with the bias taken off, NaN if the pool has no site or the client no
  ///     coordinates
  /// @param isNear whether it counts as near as the first
  /// @param isKept whether it is within the limit
  public record RankedPool(Pool pool, double kilometres, boolean isNear, boolean isKept) {}

  /// One pool at one stage.
  ///
  /// @param text the reason in words, with its numbers; empty for {@link Reason#NONE}
  public record Considered(
      PoolState state, Stage stage, Standing standing, Reason reason, String text) {}

  /// Why a pool is not chosen.
  public enum Reason {
    /// It is chosen, or in the draw.
    NONE,
    /// It is configured without any.
    NO_ENDPOINTS,
    /// Its hosts have no addresses yet.
    UNRESOLVED,
    /// It has none of the family that the decision is about.
    NO_FAMILY,
    FORCED_DOWN,
    DRAINED,
    /// Some of its endpoints are drained, all others forced down.
    DRAINED_AND_FORCED_DOWN,
    /// Less is up than the stage asks.
    UNHEALTHY,
    /// Its ramp has not got to the client.
    RAMP,
    STANDBY,
    /// One before it is usable.
    BEHIND
  }

  /// What came of a pool.
  public enum Standing {
    /// Chosen, or in the draw.
    USABLE,
    REJECTED,
    /// Available, but its ramp has not got to the client.
    HELD,
    /// A standby that is not needed.
    STANDBY,
    /// Behind one that is usable.
    NOT_REACHED
  }

  /// What came out.
  ///
  /// @param turns the ramps, draws and hashes, each among what the one before it chose
  /// @param pools one, or all that a joined answer is from; none means NODATA, or 503; one with a
  ///     CNAME answers that and no addresses
  /// @param redirect the pool that a request is redirected to; none means 503
  /// @param kind which of the pools' endpoints may be answered
  /// @param pillars endpoints whose fall, each alone, would take one of the pools out of the answer
  public record Decision(
      Stage stage,
      List<Turn> turns,
      List<Pool> pools,
      @Nullable Pool redirect,
      @Nullable AnswerKind kind,
      List<Endpoint> pillars,
      FamilyAnswer v4,
      FamilyAnswer v6) {
    public Decision {
      turns = List.copyOf(turns);
      pools = List.copyOf(pools);
      pillars = List.copyOf(pillars);
    }

    /// The alias that is answered, if any.
    public @Nullable DnsName cname() {
      return pools.isEmpty() ? null : pools.getFirst().cname();
    }
  }

  /// A choice among several that the policy and the ramps left.
  public sealed interface Turn {
    /// Index of what was chosen.
    int chosen();
  }

  /// A draw by weight.
  ///
  /// @param number all 64 bits count, unsigned, as a fraction of the total weight
  /// @param chosen index of the share
  public record Draw(long number, List<DrawShare> shares, int chosen) implements Turn {
    public Draw {
      shares = List.copyOf(shares);
    }
  }

  public record DrawShare(Outcome outcome, long weight) {}

  /// A hash of the client's block.
  ///
  /// @param block the prefix whose clients all get the same, as long as what is available stays
  /// @param chosen index of the candidate, the one of the least distance
  public record Hash(Prefix block, List<Candidate> candidates, int chosen) implements Turn {
    public Hash {
      candidates = List.copyOf(candidates);
    }
  }

  /// @param distance -ln(u) / weight, u between 0 and 1 from a hash of block, service and candidate
  public record Candidate(Outcome outcome, int weight, double distance) {}

  /// Whether a pool that gets its clients back has got this one.
  ///
  /// @param block the prefix whose clients it gets together
  /// @param step how many of the {@link Readmission#STEPS} steps are done
  /// @param blockStep the step at which it gets the block
  /// @param with what there is to choose if it has
  /// @param without what if it has not
  public record Ramp(
      Prefix block, Pool pool, int step, int blockStep, Outcome with, Outcome without)
      implements Turn {
    public boolean isAdmitted() {
      return blockStep <= step;
    }

    @Override
    public int chosen() {
      return isAdmitted() ? 0 : 1;
    }

    /// What was chosen.
    public Outcome outcome() {
      return isAdmitted() ? with : without;
    }
  }

  /// What a turn can come to.
  ///
  /// @param pools what can be answered; none means nothing
  /// @param leadsOn whether another turn chooses among them
  public record Outcome(List<Pool> pools, boolean leadsOn) {
    public Outcome {
      pools = List.copyOf(pools);
    }
  }

  /// What a query of one family would get.
  ///
  /// @param answered the endpoints in the answer; none means NODATA
  /// @param all every endpoint that may be answered, which those were drawn from; of a pool with a
  ///     CNAME, those by which it is up
  public record FamilyAnswer(List<Endpoint> answered, List<Endpoint> all) {
    public FamilyAnswer {
      answered = List.copyOf(answered);
      all = List.copyOf(all);
    }
  }

  /// One of the lines for people: what it is about, in a word, and what there is to say.
  public record Line(String label, String value) {}

  /// What led to the decision, in order: place, branches, pools, turns.
  public List<Line> reasons() {
    return new ExplanationText(this).reasons();
  }

  /// What was decided, in words: `pool 'us'`, or `nodata: …` with whose doing that is.
  public String outcome() {
    return ExplanationText.outcome(this);
  }

  /// Why an answer of one family is empty though there is a pool: `no IPv6` where the pool has none
  /// configured, `no IPv6 up` where it has. Empty if there is an answer, an alias, or no pool.
  public String whyEmpty(Family family) {
    FamilyAnswer answer = family == Family.V4 ? decision.v4() : decision.v6();
    if (decision.pools().isEmpty() || decision.cname() != null || !answer.answered().isEmpty()) {
      return "";
    }
    boolean hasAny =
        decision.pools().stream()
            .flatMap(pool -> pool.endpoints().stream())
            .anyMatch(endpoint -> endpoint.address().family() == family);
    return ExplanationText.without(family) + (hasAny ? " up" : "");
  }

  /// Whether the next time slot may bring other addresses of a family, or another pool.
  public boolean isDrawn(Family family) {
    FamilyAnswer answer = family == Family.V4 ? decision.v4() : decision.v6();
    return isPoolDrawn()
        || decision.cname() == null && answer.answered().size() < answer.all().size();
  }

  /// Whether the next time slot may bring another pool.
  public boolean isPoolDrawn() {
    return decision.turns().stream().anyMatch(turn -> turn instanceof Draw);
  }

  /// For people to read, several lines, each with a final line feed.
  @Override
  public String toString() {
    return new ExplanationText(this).text();
  }
}
