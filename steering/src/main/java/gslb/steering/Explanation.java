package gslb.steering;

import gslb.base.Address;
import gslb.base.Prefix;
import gslb.steering.places.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why one client gets from one service what it gets, from {@link SteeringPlan#explain}.
///
/// @param steps how the place led to pools, in the order taken
/// @param considered the pools asked, in that order, stage by stage
public record Explanation(
    Service service,
    Client client,
    List<Step> steps,
    List<Considered> considered,
    Decision decision) {
  public Explanation {
    steps = List.copyOf(steps);
    considered = List.copyOf(considered);
  }

  /// Who asks.
  ///
  /// @param embedded the IPv4 address that decides, if the address carries one
  /// @param placePrefix the maximal prefix around it of the same place
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
  /// @param key network, country or continent; empty for the default and for none
  public record GeoBranch(GeoLevel level, String key) implements Step {}

  /// By what a `geo` picked its branch.
  public enum GeoLevel {
    NETWORK,
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

  /// @param kilometres NaN if the pool has no site or the client no coordinates
  /// @param isKept whether it is within the limit
  public record RankedPool(Pool pool, double kilometres, boolean isKept) {}

  /// One pool at one stage.
  ///
  /// @param reason empty if the stage may choose it
  public record Considered(PoolState state, Stage stage, Standing standing, String reason) {}

  /// What came of a pool.
  public enum Standing {
    /// Chosen, or in the draw.
    USABLE,
    REJECTED,
    /// A standby that is not needed.
    STANDBY,
    /// Behind one that is usable.
    NOT_REACHED
  }

  /// What came out.
  ///
  /// @param draw if the policy left several to draw from
  /// @param pool none means NODATA, or 503; one with a CNAME answers that and no addresses
  /// @param kind which of the pool's endpoints may be answered
  public record Decision(
      Stage stage,
      @Nullable Draw draw,
      @Nullable Pool pool,
      @Nullable AnswerKind kind,
      FamilyAnswer v4,
      FamilyAnswer v6) {}

  /// A draw by weight.
  ///
  /// @param number all 64 bits count, unsigned, as a fraction of the total weight
  /// @param chosen index of the share
  public record Draw(long number, List<DrawShare> shares, int chosen) {
    public Draw {
      shares = List.copyOf(shares);
    }
  }

  /// @param pool none means nothing to answer
  public record DrawShare(@Nullable Pool pool, long weight) {}

  /// What a query of one family would get.
  ///
  /// @param drawn the one endpoint, if the service answers one; none means NODATA
  /// @param all every endpoint that may be answered
  public record FamilyAnswer(@Nullable Endpoint drawn, List<Endpoint> all) {
    public FamilyAnswer {
      all = List.copyOf(all);
    }
  }

  /// For people to read, several lines, each with a final line feed.
  @Override
  public String toString() {
    return new ExplanationText(this).text();
  }
}
