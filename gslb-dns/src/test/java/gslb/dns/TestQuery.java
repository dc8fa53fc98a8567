package gslb.dns;

import gslb.base.Address;
import gslb.base.Prefix;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import org.xbill.DNS.Name;

/// Writes one query octet by octet, so that it can be wrong in any place.
final class TestQuery {
  private final ByteArrayOutputStream question = new ByteArrayOutputStream();
  private final ByteArrayOutputStream records = new ByteArrayOutputStream();
  private int id = 0x2b1d;
  private int flags;
  private int questions;
  private int answers;
  private int additionals;

  static TestQuery of(String name, int type) {
    return new TestQuery().question(Name.fromConstantString(name + ".").toWire(), type, 1);
  }

  /// In class CHAOS.
  static TestQuery chaos(String name, int type) {
    return new TestQuery().question(Name.fromConstantString(name + ".").toWire(), type, 3);
  }

  static TestQuery empty() {
    return new TestQuery();
  }

  TestQuery id(int id) {
    this.id = id;
    return this;
  }

  TestQuery flags(int flags) {
    this.flags = flags;
    return this;
  }

  TestQuery question(byte[] name, int type, int qclass) {
    question.writeBytes(name);
    u16(question, type);
    u16(question, qclass);
    questions++;
    return this;
  }

  TestQuery count(int questions) {
    this.questions = questions;
    return this;
  }

  /// An additional record, or an OPT record with its class and TTL.
  TestQuery additional(byte[] owner, int type, int rclass, int ttl, byte[] rdata) {
    additionals++;
    return record(owner, type, rclass, ttl, rdata);
  }

  TestQuery answer(byte[] owner, int type, byte[] rdata) {
    answers++;
    return record(owner, type, 1, 0, rdata);
  }

  private TestQuery record(byte[] owner, int type, int rclass, int ttl, byte[] rdata) {
    records.writeBytes(owner);
    u16(records, type);
    u16(records, rclass);
    u16(records, ttl >>> 16);
    u16(records, ttl);
    u16(records, rdata.length);
    records.writeBytes(rdata);
    return this;
  }

  /// @param options each from {@link #option}
  TestQuery edns(int payloadSize, int ttl, byte[]... options) {
    ByteArrayOutputStream rdata = new ByteArrayOutputStream();
    for (byte[] option : options) {
      rdata.writeBytes(option);
    }
    return additional(new byte[1], RrType.OPT, payloadSize, ttl, rdata.toByteArray());
  }

  /// With EDNS of size 1232.
  TestQuery edns(byte[]... options) {
    return edns(1232, 0, options);
  }

  /// Octets behind the last record.
  TestQuery garbage(int... octets) {
    for (int octet : octets) {
      records.write(octet);
    }
    return this;
  }

  static byte[] option(int code, byte... data) {
    ByteArrayOutputStream option = new ByteArrayOutputStream();
    u16(option, code);
    u16(option, data.length);
    option.writeBytes(data);
    return option.toByteArray();
  }

  /// A COOKIE option (RFC 7873 §4).
  static byte[] cookie(String hex) {
    return option(10, HexFormat.of().parseHex(hex));
  }

  /// Asks for the server's name (RFC 5001 §2.1).
  static byte[] nsid() {
    return option(3);
  }

  /// Asks how long the connection may stay idle (RFC 7828 §3.2.1).
  static byte[] keepalive() {
    return option(11);
  }

  /// Padding (RFC 7830 §3).
  static byte[] padding(int length) {
    return option(12, new byte[length]);
  }

  /// A client subnet as RFC 7871 §6 wants it.
  static byte[] subnet(String prefix) {
    Prefix parsed = Prefix.of(prefix);
    Address address = parsed.address();
    byte[] octets = address.toBytes();
    int length = (parsed.length() + 7) / 8;
    byte[] data = new byte[4 + length];
    data[1] = (byte) (address.isV4() ? 1 : 2);
    data[2] = (byte) parsed.length();
    System.arraycopy(octets, 0, data, 4, length);
    return option(8, data);
  }

  byte[] toBytes() {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    int[] header = {id, flags, questions, answers, 0, additionals};
    for (int field : header) {
      u16(message, field);
    }
    message.writeBytes(question.toByteArray());
    message.writeBytes(records.toByteArray());
    return message.toByteArray();
  }

  private static void u16(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }
}
