package gslb.dns;

import gslb.base.Address;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.zones.FlatZone;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The steered answers of one plan as records, and the bounds of their TTLs. Immutable; the arrays
/// are not to be modified.
///
/// A record's owner is a pointer and its TTL is filled in when it is copied, so one record serves
/// all services that share an endpoint:
///
/// ```
/// +--------------+------+-------+-------------+----------+-----------+
/// | pointer 0xC0 | TYPE | CLASS | TTL         | RDLENGTH | ADDRESS   |
/// | 0    1       | 2  3 | 4   5 | 6  7  8  9  | 10    11 | 12 ...    |
/// +--------------+------+-------+-------------+----------+-----------+
/// ```
final class EncodedAnswers {
  /// Octets of a record without RDATA.
  static final int RECORD_HEAD_LENGTH = 12;

  static final int TTL_OFFSET = 6;

  /// By endpoint.
  private final byte[][] records;

  /// By answer set and family, all its records in a row. Empty if no service answers with all.
  private final byte[][] rrsets;

  // By service.
  private final int[] counts;
  private final int[] ttlMin;
  private final int[] ttlMax;

  private EncodedAnswers(
      byte[][] records, byte[][] rrsets, int[] counts, int[] ttlMin, int[] ttlMax) {
    this.records = records;
    this.rrsets = rrsets;
    this.counts = counts;
    this.ttlMin = ttlMin;
    this.ttlMax = ttlMax;
  }

  static EncodedAnswers of(SteeringPlan plan) {
    byte[][] records = new byte[plan.catalog().endpoints().size()][];
    for (int endpoint = 0; endpoint < records.length; endpoint++) {
      records[endpoint] = encode(plan.address(endpoint));
    }
    List<Service> services = plan.catalog().services();
    int[] counts = new int[services.size()];
    int[] ttlMin = new int[services.size()];
    int[] ttlMax = new int[services.size()];
    boolean someAll = plan.answersJoined();
    for (Service service : services) {
      int id = service.id();
      counts[id] = service.answers().count();
      someAll |= counts[id] == Integer.MAX_VALUE;
      ttlMin[id] = service.ttl().minSeconds();
      ttlMax[id] = service.ttl().maxSeconds();
    }
    byte[][] rrsets = someAll ? rrsets(plan, records, null, new byte[0][]) : new byte[0][];
    return new EncodedAnswers(records, rrsets, counts, ttlMin, ttlMax);
  }

  /// The answers of another plan of the same catalog, sharing with this one what stays.
  EncodedAnswers with(SteeringPlan previous, SteeringPlan next) {
    if (rrsets.length == 0) {
      return this;
    }
    return new EncodedAnswers(
        records, rrsets(next, records, previous, rrsets), counts, ttlMin, ttlMax);
  }

  private static byte[][] rrsets(
      SteeringPlan plan, byte[][] records, @Nullable SteeringPlan previous, byte[][] encoded) {
    byte[][] rrsets = new byte[2 * plan.answerSetCount()][];
    for (int i = 0; i < rrsets.length; i++) {
      boolean v4 = (i & 1) == 1;
      int[] endpoints = plan.endpoints(i >> 1, v4);
      if (previous != null && Arrays.equals(endpoints, previous.endpoints(i >> 1, v4))) {
        rrsets[i] = encoded[i];
      } else {
        rrsets[i] = join(endpoints, records);
      }
    }
    return rrsets;
  }

  private static byte[] join(int[] endpoints, byte[][] records) {
    int length = 0;
    for (int endpoint : endpoints) {
      length += records[endpoint].length;
    }
    byte[] joined = new byte[length];
    int at = 0;
    for (int endpoint : endpoints) {
      System.arraycopy(records[endpoint], 0, joined, at, records[endpoint].length);
      at += records[endpoint].length;
    }
    return joined;
  }

  private static byte[] encode(Address address) {
    return encode(address.isV4() ? FlatZone.TYPE_A : FlatZone.TYPE_AAAA, address.toBytes());
  }

  /// A record of class IN whose owner is the question.
  static byte[] encode(int type, byte[] rdata) {
    return encode(type, RrType.CLASS_IN, rdata);
  }

  /// A record whose owner is the question.
  static byte[] encode(int type, int rclass, byte[] rdata) {
    byte[] encoded = new byte[RECORD_HEAD_LENGTH + rdata.length];
    Wire.putU16(encoded, 0, ReplyWriter.POINTER | QueryReader.HEADER_LENGTH);
    Wire.putU16(encoded, 2, type);
    Wire.putU16(encoded, 4, rclass);
    Wire.putU16(encoded, RECORD_HEAD_LENGTH - 2, rdata.length);
    System.arraycopy(rdata, 0, encoded, RECORD_HEAD_LENGTH, rdata.length);
    return encoded;
  }

  /// Octets of the record of an address.
  static int recordLength(boolean v4) {
    return RECORD_HEAD_LENGTH + (v4 ? 4 : 16);
  }

  byte[] record(int endpoint) {
    return records[endpoint];
  }

  /// The records of all endpoints of an answer set, in configured order; for services that answer
  /// with all.
  byte[] rrset(int answerSet, boolean v4) {
    return rrsets[2 * answerSet + (v4 ? 1 : 0)];
  }

  /// How many addresses an answer of the service holds: {@link Integer#MAX_VALUE} for all, 0 if
  /// that
  /// depends on the answer set.
  int count(int service) {
    return counts[service];
  }

  /// Seconds.
  int ttlMin(int service) {
    return ttlMin[service];
  }

  /// Seconds.
  int ttlMax(int service) {
    return ttlMax[service];
  }
}
