package gslb.base;

import java.util.Optional;

/// An address block: the first `length` bits are fixed, the rest of `address` is zero.
public record Prefix(Address address, int length) implements Comparable<Prefix> {
  public Prefix {
    if (length < 0 || length > address.family().bits()) {
      throw new IllegalArgumentException("prefix length " + length + " for " + address);
    }
    if (!truncate(address, length).equals(address)) {
      throw new IllegalArgumentException(address + "/" + length + " has bits set past its length");
    }
  }

  /// The block of `length` bits that holds the address.
  public static Prefix around(Address address, int length) {
    return new Prefix(truncate(address, length), length);
  }

  /// Reads `address/length`; a bare address is a block of one. Empty if it is neither, or if bits
  /// past the length are set.
  public static Optional<Prefix> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Address.parse(text).map(a -> new Prefix(a, a.family().bits()));
    }
    String digits = text.substring(slash + 1);
    if (digits.isEmpty()
        || digits.length() > 3
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')
        || (digits.length() > 1 && digits.charAt(0) == '0')) {
      return Optional.empty();
    }
    int length = Integer.parseInt(digits);
    return Address.parse(text.substring(0, slash))
        .filter(a -> length <= a.family().bits() && truncate(a, length).equals(a))
        .map(a -> new Prefix(a, length));
  }

  /// Reads a prefix that the program itself wrote.
  ///
  /// @throws IllegalArgumentException if it is none
  public static Prefix of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a prefix: '" + text + "'"));
  }

  /// The address with every bit past `length` cleared.
  public static Address truncate(Address address, int length) {
    if (address.isV4()) {
      long mask = length == 0 ? 0 : -1L << 32 - length & 0xffffffffL;
      return new Address(Family.V4, 0, address.low() & mask);
    }
    return Address.v6(
        address.high() & highMask(length), address.low() & highMask(Math.max(0, length - 64)));
  }

  private static long highMask(int length) {
    return length == 0 ? 0 : length >= 64 ? -1L : -1L << 64 - length;
  }

  public boolean contains(Address other) {
    return other.family() == address.family() && truncate(other, length).equals(address);
  }

  /// The last address of the block.
  public Address last() {
    if (address.isV4()) {
      return new Address(Family.V4, 0, address.low() | (length == 32 ? 0 : 0xffffffffL >>> length));
    }
    return Address.v6(
        address.high() | ~highMask(length), address.low() | ~highMask(Math.max(0, length - 64)));
  }

  @Override
  public int compareTo(Prefix other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
