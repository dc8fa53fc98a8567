package gslb.health;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.steering.Verdict;
import gslb.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuorumTest {
  /// Nodes `a`, `b`, … each at the site of the same letter in upper case; `a` is this node.
  private static Membership sites(int count) {
    List<Membership.Node> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      char name = (char) ('a' + i);
      nodes.add(new Membership.Node("" + name, "" + Character.toUpperCase(name)));
    }
    return new Membership("a", nodes);
  }

  /// `U`, `D` or `.` (not fresh) for each node in order.
  private static Map<String, Boolean> votes(String text) {
    Map<String, Boolean> votes = new HashMap<>();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '.') {
        votes.put("" + (char) ('a' + i), text.charAt(i) == 'U');
      }
    }
    return votes;
  }

  @ParameterizedTest
  @CsvSource({
    // votes, endpoint's site, last, vantage passes → verdict, reason
    "U,,UNKNOWN,false,UP,OWN",
    "D,,UP,false,DOWN,OWN",
    ".,,DOWN,true,DOWN,HELD_WITHOUT_VOTES",
    "DDU,,UP,false,DOWN,MAJORITY",
    "DUU,,DOWN,false,UP,MAJORITY",
    ".DD,,UP,false,DOWN,MAJORITY",
    "UD.,,DOWN,true,UP,TIE",
    "UD.,A,UP,true,DOWN,TIE_WITHOUT_OWN_SITE",
    "UD.,B,DOWN,true,UP,TIE_WITHOUT_OWN_SITE",
    "UD.,C,DOWN,true,UP,TIE",
    "UDUD,E,DOWN,true,UP,TIE",
    "UDUD,B,DOWN,true,UP,TIE_WITHOUT_OWN_SITE",
    "UDUD,C,UP,true,DOWN,TIE_WITHOUT_OWN_SITE",
    // Exactly half of the sites are a minority.
    "DD..,,UP,true,DOWN,MINORITY",
    "DD..,,UP,false,UP,HELD_WITHOUT_VANTAGE",
    "UU..,,DOWN,false,UP,MINORITY",
    "UD..,A,UP,true,UP,HELD_IN_DISPUTE",
    "UD..,A,DOWN,true,DOWN,HELD_IN_DISPUTE",
    "UUD...,,DOWN,true,UP,MINORITY",
    "DDU...,,UP,true,UP,HELD_IN_DISPUTE",
    // A peer's word alone takes nothing down.
    ".D..,,UP,true,UP,HELD_WITHOUT_VANTAGE",
    ".U..,,DOWN,false,UP,MINORITY",
    "D..,,UP,true,DOWN,ALONE",
    "D..,,UP,false,UP,HELD_WITHOUT_VANTAGE",
    "D..,,UNKNOWN,false,UNKNOWN,HELD_WITHOUT_VANTAGE",
    "U..,,DOWN,false,UP,ALONE",
    "...,,UNKNOWN,true,UNKNOWN,HELD_WITHOUT_VOTES",
    "...,,UP,true,UP,HELD_WITHOUT_VOTES",
    "D.,,UP,true,DOWN,ALONE",
    "DD,,UP,false,DOWN,MAJORITY",
    "UD,A,UP,false,DOWN,TIE_WITHOUT_OWN_SITE",
    "UD,,DOWN,false,UP,TIE",
  })
  void votesBecomeThisVerdict(
      String votes, String site, Verdict last, boolean vantage, Verdict verdict, String reason) {
    String endpointSite = site == null ? "" : site;
    Quorum.Ballot ballot = new Quorum.Ballot(votes(votes), endpointSite, last, vantage, false);
    assertThat(Quorum.decide(sites(votes.length()), ballot))
        .isEqualTo(new Quorum.Decision(verdict, Quorum.Reason.valueOf(reason)));
  }

  @ParameterizedTest
  @CsvSource({"D..,UP,UP", "DD..,UP,UP", "D..,UNKNOWN,UNKNOWN", "DDD,UP,DOWN"})
  void whileLearningOnlyTheMajorityTakesDown(String votes, Verdict last, Verdict verdict) {
    Quorum.Ballot ballot = new Quorum.Ballot(votes(votes), "", last, true, true);
    assertThat(Quorum.decide(sites(votes.length()), ballot).verdict()).isEqualTo(verdict);
  }

  /// The rule of the manual, step by step and site by site.
  private static Verdict oracle(Membership membership, Quorum.Ballot ballot) {
    Set<String> configured = new LinkedHashSet<>();
    List<String> upSites = new ArrayList<>();
    List<String> downSites = new ArrayList<>();
    membership.nodes().forEach(node -> configured.add(node.site()));
    int ups = 0;
    int downs = 0;
    for (String site : configured) {
      int up = 0;
      int down = 0;
      for (Membership.Node node : membership.nodes()) {
        if (node.site().equals(site) && ballot.fresh().containsKey(node.name())) {
          if (ballot.fresh().get(node.name())) {
            up++;
          } else {
            down++;
          }
        }
      }
      ups += up;
      downs += down;
      if (up + down > 0) {
        (down > up ? downSites : upSites).add(site);
      }
    }
    boolean own = ballot.fresh().containsKey(membership.self());
    if (ups + downs == 0) {
      return ballot.last();
    }
    if (membership.nodes().size() == 1) {
      return ups > 0 ? Verdict.UP : Verdict.DOWN;
    }
    boolean alone = own && ups + downs == 1;
    double share = (upSites.size() + downSites.size()) / (double) configured.size();
    if (share > 0.5 && !alone) {
      if (upSites.size() == downSites.size()) {
        upSites.remove(ballot.endpointSite());
        downSites.remove(ballot.endpointSite());
      }
      return downSites.size() > upSites.size() ? Verdict.DOWN : Verdict.UP;
    }
    if (upSites.size() > downSites.size()) {
      return Verdict.UP;
    }
    boolean confirmed = own && ups == 0 && ballot.vantagePasses() && !ballot.learning();
    return confirmed ? Verdict.DOWN : ballot.last();
  }

  @Seeded(100)
  void decidesAsThePlainRuleDoes(Random random) {
    for (int round = 0; round < 200; round++) {
      List<Membership.Node> nodes = new ArrayList<>();
      int count = 1 + random.nextInt(7);
      int sites = 1 + random.nextInt(5);
      Map<String, Boolean> fresh = new HashMap<>();
      for (int i = 0; i < count; i++) {
        nodes.add(new Membership.Node("n" + i, "s" + random.nextInt(sites)));
        if (random.nextInt(3) > 0) {
          fresh.put("n" + i, random.nextBoolean());
        }
      }
      Membership membership = new Membership("n0", nodes);
      Quorum.Ballot ballot =
          new Quorum.Ballot(
              fresh,
              random.nextInt(4) == 0 ? "" : "s" + random.nextInt(sites),
              Samples.verdict(random),
              random.nextBoolean(),
              random.nextInt(4) == 0);
      assertThat(Quorum.decide(membership, ballot).verdict())
          .as("%s %s", membership, ballot)
          .isEqualTo(oracle(membership, ballot));
    }
  }

  @Seeded(100)
  void oneSiteOfThreeNeverOutvotesTheOthers(Random random) {
    boolean truth = random.nextBoolean();
    Map<String, Boolean> fresh = new HashMap<>(Map.of("a", truth, "b", truth, "c", truth));
    fresh.put("" + "abc".charAt(random.nextInt(3)), random.nextBoolean());
    Quorum.Ballot ballot =
        new Quorum.Ballot(
            fresh,
            "" + "ABCD".charAt(random.nextInt(4)),
            Samples.verdict(random),
            random.nextBoolean(),
            random.nextBoolean());
    assertThat(Quorum.decide(sites(3), ballot).verdict())
        .isEqualTo(truth ? Verdict.UP : Verdict.DOWN);
  }
}
