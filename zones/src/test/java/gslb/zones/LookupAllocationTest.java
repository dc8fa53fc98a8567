package gslb.zones;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import gslb.base.DnsName;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LookupAllocationTest {
  private final FlatZone zone =
      Zones.of(
          Zones.HEAD
              + """
              www A 192.0.2.1
              a.b.c.d TXT text
              *.wild A 192.0.2.1
              sub NS ns.sub
              ns.sub A 192.0.2.2
              old DNAME new
              """);
  private final ZoneSet zones = ZoneSet.of(List.of(zone));
  private final byte[][] names = {
    DnsName.of("WWW.example.org").toWire(),
    DnsName.of("b.c.d.example.org").toWire(),
    DnsName.of("x.y.z.wild.example.org").toWire(),
    DnsName.of("a.sub.example.org").toWire(),
    DnsName.of("a.old.example.org").toWire(),
    DnsName.of("random1234567890.example.org").toWire(),
    DnsName.of("www.example.net").toWire(),
    {(byte) 0xc0, 0},
  };
  private final NameView view = new NameView();
  private final NameMatch match = new NameMatch();

  @Test
  void lookingUpAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = lookUp(20_000);
    // A lookup that allocates does so in every round; a compilation that ends meanwhile may leave
    // some bytes in one of them.
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 10 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      sum += lookUp(20_000);
      long after = threads.getCurrentThreadAllocatedBytes();
      long overhead = threads.getCurrentThreadAllocatedBytes() - after;
      least = Math.min(least, after - before - overhead);
    }
    assertThat(least).isZero();
    assertThat(sum).isNotZero();
  }

  private long lookUp(int rounds) {
    long sum = 0;
    for (int i = 0; i < rounds; i++) {
      byte[] name = names[i % names.length];
      if (view.set(name, 0, name.length) < 0) {
        continue;
      }
      FlatZone found = zones.find(view);
      if (found == null) {
        continue;
      }
      found.match(view, match);
      int node = match.node >= 0 ? match.node : match.closestEncloser;
      int rrset = found.rrset(node, FlatZone.TYPE_A);
      sum += found.dynamicSlot(node) + found.negativeTtl() + node;
      if (rrset >= 0) {
        sum += found.rdataPage(rrset)[found.rdataOffset(rrset, 0)] + found.ttl(rrset);
      }
    }
    return sum;
  }
}
