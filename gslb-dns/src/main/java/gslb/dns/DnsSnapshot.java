package gslb.dns;

import gslb.base.Address;
import gslb.steering.FlipDeadlines;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.zones.ZoneSet;
import java.nio.ByteBuffer;
import java.util.List;

/// Everything one query may read: the zones, the plan that steers, and the encoded answers.
/// Immutable. The dynamic slots of the zones are the ids of the plan's services.
public final class DnsSnapshot {
  final long generation;
  final SteeringPlan plan;
  final ZoneSet zones;
  final FlipDeadlines deadlines;

  /// A record by endpoint: pointer to the question, type, class, room for a TTL, RDATA.
  final byte[][] fragments;

  final int[] ttlMin;
  final int[] ttlMax;
  final boolean[] answersAll;

  private DnsSnapshot(long generation, SteeringPlan plan, ZoneSet zones, FlipDeadlines deadlines) {
    this.generation = generation;
    this.plan = plan;
    this.zones = zones;
    this.deadlines = deadlines;
    int endpoints = plan.catalog().endpoints().size();
    fragments = new byte[endpoints][];
    for (int i = 0; i < endpoints; i++) {
      fragments[i] = fragment(plan.address(i));
    }
    List<Service> services = plan.catalog().services();
    ttlMin = new int[services.size()];
    ttlMax = new int[services.size()];
    answersAll = new boolean[services.size()];
    for (Service service : services) {
      ttlMin[service.id()] = service.ttl().minSeconds();
      ttlMax[service.id()] = service.ttl().maxSeconds();
      answersAll[service.id()] = service.answers() == Service.Answers.ALL;
    }
  }

  /// Encodes the answers of a plan.
  ///
  /// @param deadlines of the plan's catalog; read with every answer
  public static DnsSnapshot compile(
      long generation, SteeringPlan plan, ZoneSet zones, FlipDeadlines deadlines) {
    return new DnsSnapshot(generation, plan, zones, deadlines);
  }

  private static byte[] fragment(Address address) {
    byte[] rdata = address.toBytes();
    return ByteBuffer.allocate(12 + rdata.length)
        .putShort((short) ReplyWriter.POINTER_TO_QUESTION)
        .putShort((short) (address.isV4() ? 1 : 28))
        .putShort((short) 1)
        .putInt(0)
        .putShort((short) rdata.length)
        .put(rdata)
        .array();
  }

  public long generation() {
    return generation;
  }
}
