package gslb.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import gslb.steering.FlipDeadlines;
import gslb.steering.SteeringPlan;
import gslb.steering.Verdict;
import gslb.zones.FlatZone;
import gslb.zones.ZoneSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DnsSnapshotTest {
  private static final String HEAD = "@ 60 SOA ns h 1 1 1 1 60\n@ 60 NS ns\n";

  private static DnsSnapshot compile(FlatZone... zones) {
    return DnsSnapshot.compile(
        7, TestSteering.plan(), ZoneSet.of(List.of(zones)), new FlipDeadlines(16));
  }

  @Test
  void aSlotOfNoServiceIsRefused() {
    FlatZone zone = TestZone.of("gslb.example", HEAD, Map.of("www.gslb.example", 7)).flat(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> compile(zone))
        .withMessage("www.gslb.example. is steered by service 7, but the catalog has 7 services");
  }

  @Test
  void aPlanOfAnotherCatalogIsRefused() {
    SteeringPlan other = TestSteering.planWithoutServices();
    DnsSnapshot snapshot = compile();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> snapshot.with(8, other))
        .withMessage("the plan is of another catalog");
  }

  @Test
  void onlyWhatVerdictsChangeIsEncodedAgain() {
    DnsSnapshot before = compile();
    SteeringPlan next = before.plan().withVerdicts(TestSteering.allUp().with(4, Verdict.DOWN));
    DnsSnapshot after = before.with(8, next);
    assertThat(after.zones()).isSameAs(before.zones());
    assertThat(after.generation()).isEqualTo(8);
    int same = 0;
    for (int set = 0; set < next.answerSetCount(); set++) {
      for (boolean v4 : new boolean[] {true, false}) {
        byte[] was = before.answers().rrset(set, v4);
        byte[] is = after.answers().rrset(set, v4);
        if (Arrays.equals(was, is)) {
          assertThat(is).isSameAs(was);
          same++;
        }
      }
    }
    assertThat(same).isBetween(2 * next.answerSetCount() - 3, 2 * next.answerSetCount() - 1);
  }
}
