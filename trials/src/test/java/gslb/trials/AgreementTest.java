package gslb.trials;

import static org.assertj.core.api.Assertions.assertThat;

import gslb.base.Address;
import gslb.redirect.DirectRedirect;
import gslb.steering.Families;
import gslb.steering.Service;
import gslb.trials.Asker.Reply;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One decision, whatever is asked: A, AAAA and HTTPS asked together are of one pool, and the
/// redirect tier sends the client there. In random worlds with every kind of policy, ramps, all
/// numbers of answers, and everything from all up to all forced down.
final class AgreementTest {
  private static final int CASES_OF_A_WORLD = 100;

  private final DirectRedirect redirect = new DirectRedirect();
  private int worlds;
  private int cases;
  private int answered;
  private int oneFamily;
  private int redirected;

  @Test
  void typesAndTiersAgreeInSixThousandCases() {
    agree(60);
  }

  @Tag("proof")
  @Test
  void typesAndTiersAgreeInAHundredThousandCases() {
    agree(1_000);
    System.out.printf(
        "%,d cases in %,d worlds: %,d answered, %,d of them in one family alone; %,d of those that"
            + " one decision answers redirected to the same pool%n",
        cases, worlds, answered, oneFamily, redirected);
  }

  private void agree(int count) {
    for (int i = 0; i < count; i++, worlds++) {
      Random random = new Random(worlds);
      AnyWorld world = new AnyWorld(random);
      Asker asker = new Asker(world::dns);
      for (int j = 0; j < CASES_OF_A_WORLD; j++) {
        agree(world, asker, random);
      }
    }
    assertThat(answered).isGreaterThan(cases / 2);
    assertThat(oneFamily).isGreaterThan(cases / 20);
    assertThat(redirected).isGreaterThan(cases / 4);
  }

  private void agree(AnyWorld world, Asker asker, Random random) {
    Service service = world.services().get(random.nextInt(world.services().size()));
    String name = AnyWorld.host(service.id());
    Address client = world.client();
    long time = random.nextLong(1L << 42);
    asker.at(time);
    boolean hasSubnet = random.nextBoolean();
    int bits = client.family().bits();
    asker.from(hasSubnet ? world.client() : client);
    Reply a = ask(asker, name, Asker.A, client, hasSubnet, bits);
    Reply aaaa = ask(asker, name, Asker.AAAA, client, hasSubnet, bits);
    Reply https = ask(asker, name, Asker.HTTPS, client, hasSubnet, bits);
    cases++;
    assertThat(https.of(true)).as("world %d, %s", worlds, service).isEqualTo(a.addresses());
    assertThat(https.of(false)).as("world %d, %s", worlds, service).isEqualTo(aaaa.addresses());
    answered += https.addresses().isEmpty() ? 0 : 1;
    if (service.families() == Families.INDEPENDENT) {
      return;
    }
    assertThat(aaaa.scope()).isEqualTo(a.scope());
    assertThat(https.scope()).isEqualTo(a.scope());
    Set<Integer> pools = new TreeSet<>();
    https.addresses().forEach(address -> pools.add(AnyWorld.pool(address)));
    String base = redirect.base(world.redirect(), name, client, time);
    if (base == null) {
      assertThat(pools).as("world %d, %s", worlds, service).isEmpty();
      return;
    }
    int target = Integer.parseInt(base, "https://p".length(), base.indexOf('.'), 10);
    if (AnyWorld.hasAll(service.policy())) {
      return; // several pools in one answer, of which one request goes to one
    }
    assertThat(pools).as("world %d, %s", worlds, service).contains(target);
    assertThat(pools).as("world %d, %s", worlds, service).hasSize(1);
    redirected++;
    for (boolean v4 : new boolean[] {true, false}) {
      if (https.of(v4).isEmpty()) {
        oneFamily++;
        assertThat(world.isAnyUp(target, v4)).as("world %d, %s", worlds, service).isFalse();
      }
    }
  }

  private static Reply ask(
      Asker asker, String name, int type, Address client, boolean hasSubnet, int bits) {
    return hasSubnet ? asker.ask(name, type, client, bits) : asker.ask(name, type);
  }
}
