package gslb.steering.places;

import gslb.base.Address;
import gslb.base.Family;
import gslb.base.Prefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/// A partition that is right because it is plain: the class of an address is that of the longest
/// prefix around it, the scope the shortest length whose prefix holds one class, tried from 0 up.
/// Embedded IPv4 is spelled out here once more, from the RFCs.
final class SlowPartition {
  private static final List<Prefix> BLOCKS =
      List.of(
          Prefix.of("::ffff:0:0/96"),
          Prefix.of("64:ff9b::/96"),
          Prefix.of("2002::/16"),
          Prefix.of("2001::/32"));

  private final Map<Prefix, Integer> classOfPrefix;
  private final int otherwise;

  /// Where something may change → the class there, by family.
  private final NavigableMap<BigInteger, Integer> v4 = new TreeMap<>();

  private final NavigableMap<BigInteger, Integer> v6 = new TreeMap<>();

  SlowPartition(Map<Prefix, Integer> classOfPrefix, int otherwise) {
    this.classOfPrefix = classOfPrefix;
    this.otherwise = otherwise;
    List<Prefix> cuts = new ArrayList<>(classOfPrefix.keySet());
    cuts.addAll(BLOCKS);
    cuts.add(Prefix.of("0.0.0.0/0"));
    cuts.add(Prefix.of("::/0"));
    for (Prefix cut : cuts) {
      Family family = cut.address().family();
      BigInteger after = number(cut.last()).add(BigInteger.ONE);
      for (BigInteger at : List.of(number(cut.address()), after)) {
        if (at.bitLength() <= family.bits()) {
          of(family).put(at, classOf(address(family, at)));
        }
      }
    }
  }

  private NavigableMap<BigInteger, Integer> of(Family family) {
    return family == Family.V4 ? v4 : v6;
  }

  int classOf(Address address) {
    Address deciding = address;
    for (Prefix block : BLOCKS) {
      if (block.contains(address)) {
        deciding = Address.v4((int) v4Range(block, new Prefix(address, 128)).address().low());
      }
    }
    Prefix longest = null;
    for (Prefix prefix : classOfPrefix.keySet()) {
      if (prefix.contains(deciding) && (longest == null || prefix.length() > longest.length())) {
        longest = prefix;
      }
    }
    return longest == null ? otherwise : classOfPrefix.getOrDefault(longest, otherwise);
  }

  int scopeOf(Address address) {
    for (int length = 0; length < address.family().bits(); length++) {
      if (classes(Prefix.around(address, length)).size() == 1) {
        return length;
      }
    }
    return address.family().bits();
  }

  private Set<Integer> classes(Prefix prefix) {
    for (Prefix block : BLOCKS) {
      if (block.length() <= prefix.length() && block.contains(prefix.address())) {
        return classes(v4Range(block, prefix));
      }
    }
    Set<Integer> classes = new HashSet<>();
    classes.add(classOf(prefix.address()));
    classes.addAll(
        of(prefix.address().family())
            .subMap(number(prefix.address()), true, number(prefix.last()), true)
            .values());
    for (Prefix block : BLOCKS) {
      if (prefix.contains(block.address())) {
        classes.addAll(v4.values());
      }
    }
    return classes;
  }

  /// The IPv4 addresses that the addresses of a prefix inside a block carry.
  private static Prefix v4Range(Prefix block, Prefix prefix) {
    int offset = block.length() == 16 ? 16 : 96;
    int length = Math.clamp(prefix.length() - offset, 0, 32);
    BigInteger bits =
        number(prefix.address()).shiftRight(128 - offset - 32).and(BigInteger.valueOf(0xffffffffL));
    boolean isTeredo = block.length() == 32;
    long carried = isTeredo ? ~bits.longValue() & 0xffffffffL : bits.longValue();
    return Prefix.around(Address.v4((int) carried), length);
  }

  /// Addresses at which the class may change, and their neighbours.
  List<Address> edges(Family family) {
    List<Address> edges = new ArrayList<>();
    for (BigInteger at : of(family).keySet()) {
      edges.add(address(family, at));
      if (at.signum() > 0) {
        edges.add(address(family, at.subtract(BigInteger.ONE)));
      }
    }
    return edges;
  }

  static BigInteger number(Address address) {
    return new BigInteger(1, address.toBytes());
  }

  static Address address(Family family, BigInteger number) {
    return family == Family.V4
        ? Address.v4(number.intValue())
        : Address.v6(number.shiftRight(64).longValue(), number.longValue());
  }
}
