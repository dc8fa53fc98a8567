package gslb.trials.conform;

import gslb.base.DnsName;
import java.io.ByteArrayOutputStream;
import org.xbill.DNS.Type;

/// One question as it is sent.
@SuppressWarnings("ArrayRecordComponent")
record Question(byte[] qname, int qtype, Variant variant) {
  private static final int RD_CLEAR = 0;
  private static final byte[] SUBNET = {0, 8, 0, 7, 0, 1, 24, 0, (byte) 198, 51, 100};

  /// What accompanies the question, and whether letters have random case.
  enum Variant {
    PLAIN(false),
    EDNS(true),
    DO(false),
    ECS(true);

    final boolean mixesCase;

    Variant(boolean mixesCase) {
      this.mixesCase = mixesCase;
    }

    int payloadSize() {
      return switch (this) {
        case PLAIN -> 512;
        case EDNS, ECS -> 1232;
        case DO -> 4096;
      };
    }
  }

  static Question of(DnsName name, int qtype, Variant variant) {
    byte[] qname = name.toWire();
    if (variant.mixesCase) {
      mixCase(qname, name.hashCode() * 31 + qtype);
    }
    return new Question(qname, qtype, variant);
  }

  private static void mixCase(byte[] wire, int seed) {
    int bits = seed;
    for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
      for (int i = at + 1; i <= at + wire[at]; i++) {
        bits = bits * 1_103_515_245 + 12_345;
        boolean isLetter = wire[i] >= 'a' && wire[i] <= 'z' || wire[i] >= 'A' && wire[i] <= 'Z';
        if (isLetter && (bits >>> 16 & 1) != 0) {
          wire[i] ^= 0x20;
        }
      }
    }
  }

  byte[] toWire(int id) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean hasOpt = variant != Variant.PLAIN;
    put16(out, id);
    put16(out, RD_CLEAR);
    put16(out, 1);
    put16(out, 0);
    put16(out, 0);
    put16(out, hasOpt ? 1 : 0);
    out.writeBytes(qname);
    put16(out, qtype);
    put16(out, 1);
    if (hasOpt) {
      out.write(0);
      put16(out, Type.OPT);
      put16(out, variant.payloadSize());
      put16(out, 0);
      put16(out, variant == Variant.DO ? 0x8000 : 0);
      byte[] options = variant == Variant.ECS ? SUBNET : new byte[0];
      put16(out, options.length);
      out.writeBytes(options);
    }
    return out.toByteArray();
  }

  private static void put16(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }

  DnsName name() {
    return DnsName.ofWire(qname, 0);
  }

  @Override
  public String toString() {
    return name() + " " + Type.string(qtype) + " " + variant;
  }
}
