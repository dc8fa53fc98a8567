package gslb.dns.delegation;

import gslb.base.Address;
import gslb.base.DnsName;
import gslb.zones.FlatZone;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A reply of another server (RFC 1035 §4).
record DnsReply(
    int rcode,
    boolean isAuthoritative,
    boolean isTruncated,
    List<ReplyRecord> answer,
    List<ReplyRecord> authority,
    List<ReplyRecord> additional) {
  static final int NOERROR = 0;
  static final int NXDOMAIN = 3;

  private static final int HEADER_LENGTH = 12;
  private static final int QR = 0x80;
  private static final int AA = 0x04;
  private static final int TC = 0x02;
  private static final int CLASS_IN = 1;

  DnsReply {
    answer = List.copyOf(answer);
    authority = List.copyOf(authority);
    additional = List.copyOf(additional);
  }

  /// Reads the reply to a question.
  ///
  /// @throws ProtocolException if the bytes are no such reply
  static DnsReply read(byte[] message, Question question) throws ProtocolException {
    if (message.length < HEADER_LENGTH) {
      throw new ProtocolException("a message is shorter than its header");
    }
    Reader reader = new Reader(message);
    boolean isReply = reader.u16() == question.id() && (message[2] & QR) != 0;
    reader.at = 4;
    int questions = reader.u16();
    int[] counts = {reader.u16(), reader.u16(), reader.u16()};
    if (questions == 1) {
      isReply &= reader.name().equals(question.name()) && reader.u16() == question.type();
      isReply &= reader.u16() == CLASS_IN;
    }
    // Servers that cannot read a question may leave it out of an error (RFC 1035 §4.1.1).
    if (!isReply || questions > 1 || questions == 0 && (message[3] & 0xf) == NOERROR) {
      throw new ProtocolException("the reply is to another question");
    }
    return new DnsReply(
        message[3] & 0xf,
        (message[2] & AA) != 0,
        (message[2] & TC) != 0,
        reader.records(counts[0]),
        reader.records(counts[1]),
        reader.records(counts[2]));
  }

  /// One question, as it is sent.
  record Question(int id, DnsName name, int type, boolean recursionDesired) {
    private static final int RD = 0x01;
    private static final int TYPE_OPT = 41;

    /// What passes every path unfragmented (DNS flag day 2020).
    private static final int PAYLOAD_LENGTH = 1_232;

    byte[] encode() {
      byte[] wire = name.toWire();
      byte[] out = new byte[HEADER_LENGTH + wire.length + 4 + 11];
      put16(out, 0, id);
      out[2] = recursionDesired ? (byte) RD : 0;
      put16(out, 4, 1);
      put16(out, 10, 1);
      System.arraycopy(wire, 0, out, HEADER_LENGTH, wire.length);
      int at = HEADER_LENGTH + wire.length;
      put16(out, at, type);
      put16(out, at + 2, CLASS_IN);
      put16(out, at + 5, TYPE_OPT); // owner is the root
      put16(out, at + 7, PAYLOAD_LENGTH);
      return out;
    }

    private static void put16(byte[] out, int at, int value) {
      out[at] = (byte) (value >>> 8);
      out[at + 1] = (byte) value;
    }
  }

  /// Walks a message; every length in it is checked.
  private static final class Reader {
    private static final int POINTER = 0xc0;
    private static final int TYPE_SOA = FlatZone.TYPE_SOA;

    private final byte[] message;
    private int at;

    Reader(byte[] message) {
      this.message = message;
    }

    private int u8(int index) throws ProtocolException {
      if (index >= message.length) {
        throw new ProtocolException("a message ends inside a record");
      }
      return message[index] & 0xff;
    }

    int u16() throws ProtocolException {
      int value = u8(at) << 8 | u8(at + 1);
      at += 2;
      return value;
    }

    long u32() throws ProtocolException {
      return (long) u16() << 16 | u16();
    }

    DnsName name() throws ProtocolException {
      byte[] wire = new byte[DnsName.WIRE_LENGTH_MAX];
      int length = 0;
      int from = at;
      int end = -1;
      int lowest = at; // pointers go backwards only, so that they end
      while (true) {
        int label = u8(from);
        if ((label & POINTER) == POINTER) {
          int target = (label & 0x3f) << 8 | u8(from + 1);
          end = end < 0 ? from + 2 : end;
          if (target >= lowest) {
            throw new ProtocolException("a compressed name points forward");
          }
          lowest = target;
          from = target;
          continue;
        }
        if (label > DnsName.LABEL_LENGTH_MAX || length + label + 1 > wire.length) {
          throw new ProtocolException("a name is too long");
        }
        u8(from + label);
        System.arraycopy(message, from, wire, length, label + 1);
        length += label + 1;
        from += label + 1;
        if (label == 0) {
          at = end < 0 ? from : end;
          return DnsName.ofWire(wire, 0);
        }
        if (length == wire.length) {
          throw new ProtocolException("a name is too long");
        }
      }
    }

    List<ReplyRecord> records(int count) throws ProtocolException {
      List<ReplyRecord> records = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        DnsName owner = name();
        int type = u16();
        int rrClass = u16();
        long ttl = u32();
        int length = u16();
        int end = at + length;
        if (end > message.length) {
          throw new ProtocolException("a message ends inside a record");
        }
        if (rrClass == CLASS_IN) {
          records.add(new ReplyRecord(owner, type, ttl, rdata(type, length)));
        }
        at = end;
      }
      return records;
    }

    private ReplyRecord.Rdata rdata(int type, int length) throws ProtocolException {
      return switch (type) {
        case FlatZone.TYPE_NS -> new ReplyRecord.Server(name());
        case FlatZone.TYPE_CNAME -> new ReplyRecord.Alias(name());
        case FlatZone.TYPE_A -> host(length, 4);
        case FlatZone.TYPE_AAAA -> host(length, 16);
        case FlatZone.TYPE_DS -> new ReplyRecord.Signer(u16());
        case TYPE_SOA -> {
          name();
          name();
          yield new ReplyRecord.Start(u32());
        }
        default -> new ReplyRecord.Other();
      };
    }

    private ReplyRecord.Host host(int length, int expected) throws ProtocolException {
      if (length != expected) {
        throw new ProtocolException("an address has " + length + " octets");
      }
      return new ReplyRecord.Host(Address.of(Arrays.copyOfRange(message, at, at + length)));
    }
  }
}
