package gslb.steering;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.steering.places.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why one client gets from one service what it gets, from {@link SteeringPlan#explain}.
///
/// @param steps how the place led to pools, in the order taken
/// @param considered the pools asked, in that order, stage by stage
/// @param ofIpv6 what a question for IPv6 gets, if the service decides the families independently;
///     all the rest is then of a question for IPv4
public record Explanation(
    Service service,
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
  /// @param scope the maximal prefix around the address, in its own family, in which the decision
  /// is
  ///     the same
  /// @param clientClass class in the service's partition
  public record Client(
      Address address,
      @Nullable Address embedded,
      Place place,
      Prefix placePrefix,
      Prefix scope,
      int clientClass) {}

  /// One turn that depends on where the client is.
  public sealed interface Step {}

  /// A `geo` picked one branch.
  ///
  /// @param key network, AS number, geoname id, ISO 3166-2, country or continent; empty for the
  /// default and for none
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
  /// @param reason empty if the stage may choose it
  public record Considered(PoolState state, Stage stage, Standing standing, String reason) {}

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
  public record Decision(
      Stage stage,
      List<Turn> turns,
      List<Pool> pools,
      @Nullable Pool redirect,
      @Nullable AnswerKind kind,
      FamilyAnswer v4,
      FamilyAnswer v6) {
    public Decision {
      turns = List.copyOf(turns);
      pools = List.copyOf(pools);
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
  /// @param all every endpoint that may be answered, which those were drawn from
  public record FamilyAnswer(List<Endpoint> answered, List<Endpoint> all) {
    public FamilyAnswer {
      answered = List.copyOf(answered);
      all = List.copyOf(all);
    }
  }

  /// For people to read, several lines, each with a final line feed.
  @Override
  public String toString() {
    return new ExplanationText(this).text();
  }
}
