package gslb.dns;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.base.Prefix;
import gslb.steering.Endpoint;
import gslb.steering.FlipDeadlines;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The reply that a snapshot gives to a question, made by the {@link Responder} itself, but neither
/// counted nor limited: for explaining.
///
/// @param query in wire form, ID 0, with EDNS
/// @param reply in wire form; empty for silence
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Rehearsal(byte[] query, byte[] reply) {
  /// Types named of one node; further ones are left out.
  static final int TYPES_MAX = 32;

  private static final int HEADER_LENGTH = QueryReader.HEADER_LENGTH;

  public Rehearsal {
    query = query.clone();
    reply = reply.clone();
  }

  @Override
  public byte[] query() {
    return query.clone();
  }

  @Override
  public byte[] reply() {
    return reply.clone();
  }

  /// A question over UDP from a client that takes as much as is ever sent.
  ///
  /// @param type QTYPE, of class IN
  /// @param from the client, as far as the server knows: the socket's peer, or whom a trusted proxy
  ///     names
  /// @param subnet the client subnet option's SOURCE PREFIX-LENGTH and ADDRESS; null for no option
  public record Question(DnsName name, int type, Address from, @Nullable Prefix subnet) {}

  /// When a decision that holds some endpoints can be wrong, and the TTL that follows.
  ///
  /// @param seconds the TTL
  /// @param firstId the endpoint that can flip first, -1 if no flip of any is in sight
  /// @param untilNanos until then, {@link FlipDeadlines#NEVER} if none is
  public record TtlReason(int seconds, int firstId, long untilNanos) {}

  /// Has the question answered.
  ///
  /// @param nowMillis wall-clock time, which chooses the slot of a draw
  /// @param nowNanos on the monotonic clock, which TTLs are counted from
  public static Rehearsal of(
      DnsSnapshot snapshot, Question question, long nowMillis, long nowNanos) {
    byte[] query = encode(question);
    byte[] out = new byte[Responder.MESSAGE_LENGTH_MAX];
    QueryContext context = new QueryContext();
    context.isRehearsed = true;
    context.clientIsV4 = question.from().isV4();
    context.clientHigh = question.from().high();
    context.clientLow = question.from().low();
    context.nowMillis = nowMillis;
    context.nowNanos = nowNanos;
    int length = new Responder(() -> snapshot).answer(query, query.length, out, context);
    return new Rehearsal(query, Arrays.copyOf(out, length));
  }

  /// Why an answer of these endpoints has the TTL that it has.
  public static TtlReason ttl(
      DnsSnapshot snapshot, int service, List<Endpoint> endpoints, long nowNanos) {
    long deadline = FlipDeadlines.NEVER;
    int first = -1;
    for (Endpoint endpoint : endpoints) {
      long of = snapshot.deadlines().get(endpoint.id());
      if (of < deadline) {
        deadline = of;
        first = endpoint.id();
      }
    }
    return new TtlReason(
        SteeredAnswer.ttl(deadline, nowNanos, service, snapshot.answers()),
        first,
        deadline == FlipDeadlines.NEVER ? deadline : deadline - nowNanos);
  }

  /// What the server does with the address before it reads anything: empty if it answers, else
  /// `REFUSED` or nothing at all.
  public static Optional<AccessList.Action> access(DnsSnapshot snapshot, Address from) {
    QueryContext context = new QueryContext();
    context.clientIsV4 = from.isV4();
    context.clientHigh = from.high();
    context.clientLow = from.low();
    return switch (snapshot.admission().access(context)) {
      case Admission.REFUSE -> Optional.of(AccessList.Action.REFUSE);
      case Admission.DROP -> Optional.of(AccessList.Action.DROP);
      default -> Optional.empty();
    };
  }

  private static byte[] encode(Question question) {
    Prefix subnet = question.subnet();
    int width = subnet == null ? 0 : subnet.length() + 7 >> 3;
    int optionLength = subnet == null ? 0 : Edns.OPTION_HEAD_LENGTH + 4 + width;
    int nameLength = question.name().wireLength();
    byte[] query = new byte[HEADER_LENGTH + nameLength + 4 + Edns.RECORD_LENGTH + optionLength];
    Wire.putU16(query, 4, 1); // QDCOUNT
    Wire.putU16(query, 10, 1); // ARCOUNT
    int at = question.name().copyTo(query, HEADER_LENGTH);
    Wire.putU16(query, at, question.type());
    Wire.putU16(query, at + 2, RrType.CLASS_IN);
    at += 4;
    Wire.putU16(query, at + 1, RrType.OPT);
    Wire.putU16(query, at + 3, Responder.UDP_RESPONSE_LENGTH_MAX);
    Wire.putU16(query, at + 9, optionLength);
    at += Edns.RECORD_LENGTH;
    if (subnet != null) {
      Wire.putU16(query, at, ClientSubnet.OPTION_CODE);
      Wire.putU16(query, at + 2, 4 + width);
      Wire.putU16(query, at + 4, subnet.address().isV4() ? 1 : 2);
      query[at + 6] = (byte) subnet.length();
      System.arraycopy(subnet.address().toBytes(), 0, query, at + 8, width);
    }
    return query;
  }
}
