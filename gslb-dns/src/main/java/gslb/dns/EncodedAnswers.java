package gslb.dns;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.steering.Families;
import gslb.steering.Pool;
import gslb.steering.Selection;
import gslb.steering.Service;
import gslb.steering.SteeringPlan;
import gslb.zones.FlatZone;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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

  /// Addresses of one family in an answer that holds all; of more, the first. So many of both fit
  /// into a message.
  static final int ADDRESSES_MAX = 1_000;

  /// Octets of a SvcParam's key and length (RFC 9460 §2.2).
  static final int PARAMETER_HEAD_LENGTH = 4;

  // RFC 9460 §14.3.2
  private static final int SVC_ALPN = 1;
  private static final int SVC_PORT = 3;
  static final int SVC_IPV4HINT = 4;
  static final int SVC_IPV6HINT = 6;

  /// Octets of SvcPriority and of the root as TargetName.
  private static final int HTTPS_PARAMETERS_OFFSET = 3;

  /// Octets of the SvcParam `port`.
  private static final int PORT_LENGTH = PARAMETER_HEAD_LENGTH + 2;

  private static final byte[] NONE = {};

  /// By endpoint.
  private final byte[][] records;

  /// By answer set and family, all its records in a row. Empty if no service answers with all.
  private final byte[][] rrsets;

  /// By answer set, the target of its pool's CNAME or null. Empty if no pool has one.
  private final byte[] @Nullable [] aliases;

  // By service.
  private final boolean[] mayAlias;
  private final byte[] @Nullable [] https;
  private final int[] counts;
  private final boolean[] decidesApart;
  private final int[] ttlMin;
  private final int[] ttlMax;

  private EncodedAnswers(SteeringPlan plan, byte[][] records) {
    this.records = records;
    List<Service> services = plan.catalog().services();
    https = new byte[services.size()][];
    counts = new int[services.size()];
    decidesApart = new boolean[services.size()];
    ttlMin = new int[services.size()];
    ttlMax = new int[services.size()];
    boolean someAll = plan.answersJoined();
    for (Service service : services) {
      int id = service.id();
      counts[id] = service.answers().count();
      someAll |= counts[id] == Integer.MAX_VALUE;
      decidesApart[id] = service.families() == Families.INDEPENDENT;
      https[id] = service.httpsRecord() == null ? null : encode(service.httpsRecord());
      ttlMin[id] = service.ttl().minSeconds();
      ttlMax[id] = service.ttl().maxSeconds();
    }
    List<Pool> aliased =
        plan.catalog().pools().stream().filter(pool -> pool.cname() != null).toList();
    aliases = aliased.isEmpty() ? new byte[0][] : aliases(plan);
    mayAlias = new boolean[services.size()];
    plan.tables().servicesThatMayChoose(aliased).stream().forEach(id -> mayAlias[id] = true);
    rrsets = someAll ? rrsets(plan, records, null, new byte[0][]) : new byte[0][];
  }

  private EncodedAnswers(EncodedAnswers other, byte[][] rrsets) {
    this.records = other.records;
    this.rrsets = rrsets;
    this.aliases = other.aliases;
    this.mayAlias = other.mayAlias;
    this.https = other.https;
    this.counts = other.counts;
    this.decidesApart = other.decidesApart;
    this.ttlMin = other.ttlMin;
    this.ttlMax = other.ttlMax;
  }

  static EncodedAnswers of(SteeringPlan plan) {
    byte[][] records = new byte[plan.catalog().endpoints().size()][];
    for (int endpoint = 0; endpoint < records.length; endpoint++) {
      records[endpoint] = encode(plan.address(endpoint));
    }
    return new EncodedAnswers(plan, records);
  }

  private static byte[] @Nullable [] aliases(SteeringPlan plan) {
    byte[] @Nullable [] aliases = new byte[plan.answerSetCount()][];
    for (int answerSet = 0; answerSet < aliases.length; answerSet++) {
      DnsName cname = plan.pools(answerSet).getFirst().cname();
      aliases[answerSet] = cname == null ? null : cname.toWire();
    }
    return aliases;
  }

  /// The answers of another plan of the same catalog, sharing with this one what stays.
  EncodedAnswers with(SteeringPlan previous, SteeringPlan next) {
    if (rrsets.length == 0) {
      return this;
    }
    return new EncodedAnswers(this, rrsets(next, records, previous, rrsets));
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
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (int i = 0; i < Math.min(endpoints.length, ADDRESSES_MAX); i++) {
      joined.writeBytes(records[endpoints[i]]);
    }
    return joined.toByteArray();
  }

  private static byte[] encode(Address address) {
    return encode(address.isV4() ? FlatZone.TYPE_A : FlatZone.TYPE_AAAA, address.toBytes());
  }

  /// An HTTPS record whose RDATA ends before the address hints. Keys ascend (RFC 9460 §2.2).
  private static byte[] encode(Service.HttpsRecord record) {
    ByteArrayOutputStream alpn = new ByteArrayOutputStream();
    for (String protocol : record.alpn()) {
      alpn.write(protocol.length());
      alpn.writeBytes(protocol.getBytes(StandardCharsets.US_ASCII));
    }
    boolean hasPort = record.port() != 0;
    int alpnAt = HTTPS_PARAMETERS_OFFSET;
    byte[] rdata =
        new byte[alpnAt + PARAMETER_HEAD_LENGTH + alpn.size() + (hasPort ? PORT_LENGTH : 0)];
    Wire.putU16(rdata, 0, 1); // SvcPriority: ServiceMode; the root, an octet 0, is TargetName
    Wire.putU16(rdata, alpnAt, SVC_ALPN);
    Wire.putU16(rdata, alpnAt + 2, alpn.size());
    System.arraycopy(alpn.toByteArray(), 0, rdata, alpnAt + PARAMETER_HEAD_LENGTH, alpn.size());
    if (hasPort) {
      int portAt = rdata.length - PORT_LENGTH;
      Wire.putU16(rdata, portAt, SVC_PORT);
      Wire.putU16(rdata, portAt + 2, 2);
      Wire.putU16(rdata, portAt + PARAMETER_HEAD_LENGTH, record.port());
    }
    return encode(FlatZone.TYPE_HTTPS, rdata);
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

  /// The records of the endpoints of an answer set, in configured order, none of {@link
  /// Selection#NOTHING}; for services that answer with all.
  byte[] rrset(int answerSet, boolean v4) {
    return answerSet < 0 ? NONE : rrsets[2 * answerSet + (v4 ? 1 : 0)];
  }

  /// The target, in wire form, of the CNAME that an answer set is; null if it is addresses.
  byte @Nullable [] alias(int answerSet) {
    return answerSet >= 0 && answerSet < aliases.length ? aliases[answerSet] : null;
  }

  /// Whether a name of the service can be a CNAME, so that every type depends on the decision.
  boolean mayAlias(int service) {
    return mayAlias[service];
  }

  /// The HTTPS record of the service's names without hints, or null if they have none.
  byte @Nullable [] https(int service) {
    return https[service];
  }

  /// How many addresses an answer of the service holds: {@link Integer#MAX_VALUE} for all, 0 if
  /// that depends on the answer set.
  int count(int service) {
    return counts[service];
  }

  /// Whether A and AAAA may come from different pools.
  boolean decidesApart(int service) {
    return decidesApart[service];
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
