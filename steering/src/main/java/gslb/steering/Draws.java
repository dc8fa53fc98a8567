package gslb.steering;

import gslb.base.Address;
import gslb.base.EmbeddedV4;
import gslb.base.Prefix;

/// Numbers that look random and are the same on every node: a keyed hash of what is asked, by whom
/// and when. Nothing is drawn from a generator, so A and AAAA asked together agree, repeated
/// questions vary, and an explanation repeats the draw.
///
/// What is hashed: the key (from the cluster's name), the service, the client's block (/24 of IPv4,
/// also of an embedded one, or /48 of IPv6), the time slot of {@link #SLOT_MILLIS}, and the
/// purpose.
/// Each service and block has its slots begin at another phase of the second, so that the clients
/// do not all move at once.
final class Draws {
  static final long SLOT_MILLIS = 1_000;

  /// Purposes: a draw for one tells nothing of the draw for another.
  private static final long POOL = 0xd1b5_4a32_d192_ed03L;

  private static final long HASH = 0xabc9_8388_fb8f_ac03L;

  private static final long RAMP = 0xf135_7aea_2e62_a9c5L;

  static final long ORDER = 0x9e6c_63d0_876a_68e5L;

  static final long ENDPOINT = 0x8cb9_2ba7_2f3d_8dd7L;

  private static final long STEP = 0x9e37_79b9_7f4a_7c15L;
  private static final long V4_BLOCK = 1L << 62;

  static final int V4_BLOCK_BITS = 24;
  static final int V6_BLOCK_BITS = 48;
  static final int V4_RAMP_BITS = 20;
  static final int V6_RAMP_BITS = 36;

  private Draws() {}

  /// The purpose of choosing among pools, that many steps deep for a draw, with that many inside it
  /// for a hash: draws inside each other are independent, and so are hashes.
  static long pool(int depth) {
    return POOL + depth * STEP;
  }

  /// Everything but the purpose.
  ///
  /// @param service the service's own key, see {@link #key}
  static long state(long key, long service, long block, long timeMillis) {
    long of = mix(mix(key + service) ^ block);
    long phase = (of >>> 32) * SLOT_MILLIS >>> 32;
    long slot = Math.floorDiv(timeMillis + phase, SLOT_MILLIS);
    return mix(of ^ mix(slot + STEP));
  }

  /// The first moment, in wall-clock milliseconds, of the time slot after that of a moment.
  static long slotEnd(long key, long service, long block, long timeMillis) {
    long of = mix(mix(key + service) ^ block);
    long phase = (of >>> 32) * SLOT_MILLIS >>> 32;
    return (Math.floorDiv(timeMillis + phase, SLOT_MILLIS) + 1) * SLOT_MILLIS - phase;
  }

  /// Like {@link #state}, for what is the same at any time.
  static long blockState(long key, long service, long block) {
    return mix(mix(mix(key + service) ^ block) + HASH);
  }

  /// 64 bits for a purpose.
  static long number(long state, long purpose) {
    return mix(mix(state + purpose) ^ Long.rotateLeft(purpose, 32));
  }

  static long block(boolean v4, long high, long low) {
    if (v4) {
      return V4_BLOCK | low >>> 8;
    }
    return EmbeddedV4.offset(high, low) >= 0
        ? V4_BLOCK | Integer.toUnsignedLong(EmbeddedV4.extract(high, low)) >>> 8
        : high >>> 16;
  }

  /// The prefix that is a block; of an embedded address that of the IPv4 address.
  static Prefix prefix(long block) {
    return (block & V4_BLOCK) != 0
        ? Prefix.around(Address.v4((int) (block << 8)), V4_BLOCK_BITS)
        : Prefix.around(Address.v6(block << 16, 0), V6_BLOCK_BITS);
  }

  /// Length of the prefix, in the client's family, that is one block.
  static int blockLength(boolean v4, long high, long low) {
    if (v4) {
      return V4_BLOCK_BITS;
    }
    int offset = EmbeddedV4.offset(high, low);
    return offset >= 0 ? offset + V4_BLOCK_BITS : V6_BLOCK_BITS;
  }

  /// Length of the widest prefix, in the client's family, that a ramp admits together.
  static int rampLength(boolean v4, long high, long low) {
    if (v4) {
      return V4_RAMP_BITS;
    }
    int offset = EmbeddedV4.offset(high, low);
    return offset >= 0 ? offset + V4_RAMP_BITS : V6_RAMP_BITS;
  }

  /// Everything that admits a client to a pool in its ramp but the pool: the prefix of {@link
  /// #rampLength}, or the class around the client if that is narrower. The same at any time and for
  /// every service.
  ///
  /// @param classScope length of the maximal prefix of the client's class
  static long rampState(long key, boolean v4, long high, long low, int classScope) {
    int offset = v4 ? 0 : EmbeddedV4.offset(high, low);
    if (offset >= 0) {
      long address = v4 ? low : Integer.toUnsignedLong(EmbeddedV4.extract(high, low));
      int length = Math.max(classScope - offset, V4_RAMP_BITS);
      return rampState(key, length, V4_BLOCK, address >>> 32 - length);
    }
    int length = Math.max(classScope, V6_RAMP_BITS);
    return length <= 64
        ? rampState(key, length, high >>> 64 - length, 0)
        : rampState(key, length, high, low >>> 128 - length);
  }

  private static long rampState(long key, int length, long high, long low) {
    return mix(mix(mix(key + RAMP) ^ high) + length ^ mix(low + STEP));
  }

  /// The step, from 1, at which a pool admits a block.
  ///
  /// @param state from {@link #rampState}
  /// @param pool the pool's own key, see {@link #key}
  static int rampStep(long state, long pool) {
    return 1 + (int) (number(state, pool) >>> Long.SIZE - Readmission.STEP_BITS);
  }

  /// The index that a number falls on: in proportion to the weights, but for a bias of less than
  /// total / 2^64.
  ///
  /// @param cumulative ascending sums of weights
  static int pick(long number, long[] cumulative) {
    int low = 0;
    int high = cumulative.length - 1;
    long at = Math.unsignedMultiplyHigh(number, cumulative[high]);
    while (low < high) {
      int middle = low + high >>> 1;
      if (cumulative[middle] > at) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// A key for a name.
  static long key(String name) {
    long key = STEP;
    for (int i = 0; i < name.length(); i++) {
      key = mix(key ^ name.charAt(i)) + STEP;
    }
    return mix(key);
  }

  /// The finisher of SplitMix64 (Stafford's variant 13): a bijection in which every input bit moves
  /// half of the output bits.
  private static long mix(long bits) {
    long mixed = (bits ^ bits >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
    return mixed ^ mixed >>> 31;
  }
}
