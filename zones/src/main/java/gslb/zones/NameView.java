package gslb.zones;

/// A view of one uncompressed name inside somebody's bytes, with the hash of each of its suffixes.
/// Owned by one thread, which reuses it.
public final class NameView {
  /// Points the view at the name that begins at `offset`.
  ///
  /// @return the offset behind the name, or -1 if the bytes before `end` do not hold an
  /// uncompressed
  ///     name of at most 255 octets
  public int set(byte[] bytes, int offset, int end) {
    throw new AssertionError("contract");
  }

  /// Labels without the root's.
  public int labelCount() {
    throw new AssertionError("contract");
  }

  /// The bytes viewed; not a copy.
  public byte[] bytes() {
    throw new AssertionError("contract");
  }

  /// Offset in {@link #bytes()} of label `index`; label 0 is the first, label `labelCount()` the
  /// root's zero octet.
  public int labelOffset(int index) {
    throw new AssertionError("contract");
  }

  /// {@link gslb.base.DnsName} hash of the suffix that begins with label `index`.
  public int hash(int index) {
    throw new AssertionError("contract");
  }

  /// Octets of the wire form, root included.
  public int wireLength() {
    throw new AssertionError("contract");
  }
}
