package gslb.zones;

import gslb.base.DnsName;

/// A view of one uncompressed name inside somebody's bytes, with the hash of each of its suffixes.
/// Owned by one thread, which reuses it.
public final class NameView {
  /// Labels of the longest name: 127 of one octet each, without the root's (RFC 1035 §3.1).
  public static final int LABEL_COUNT_MAX = 127;

  private static final byte[] ROOT = {0};

  private final int[] labelOffsets = new int[LABEL_COUNT_MAX + 1];
  private final int[] hashes = new int[LABEL_COUNT_MAX + 1];
  private byte[] bytes = ROOT;
  private int labelCount;
  private int wireLength = 1;

  /// A view of the root name, until it is set.
  public NameView() {
    hashes[0] = DnsName.rootHash();
  }

  /// Points the view at the name that begins at `offset`. After -1 it must be set again before it
  /// is read.
  ///
  /// @return the offset behind the name, or -1 if the bytes before `end` do not hold an
  /// uncompressed
  ///     name of at most 255 octets
  public int set(byte[] bytes, int offset, int end) {
    int limit = Math.min(end, bytes.length);
    int at = offset;
    int count = 0;
    while (at >= 0 && at < limit && at - offset < DnsName.WIRE_LENGTH_MAX) {
      int length = bytes[at] & 0xff;
      labelOffsets[count] = at;
      at += length + 1;
      if (length == 0) {
        this.bytes = bytes;
        labelCount = count;
        wireLength = at - offset;
        hashSuffixes();
        return at;
      }
      // A compression pointer (RFC 1035 §4.1.4) or a reserved label type.
      if (length > DnsName.LABEL_LENGTH_MAX || count == LABEL_COUNT_MAX) {
        return -1;
      }
      count++;
    }
    return -1;
  }

  private void hashSuffixes() {
    int hash = DnsName.rootHash();
    hashes[labelCount] = hash;
    for (int i = labelCount - 1; i >= 0; i--) {
      hash = DnsName.hashLabel(hash, bytes, labelOffsets[i]);
      hashes[i] = hash;
    }
  }

  /// Labels without the root's.
  public int labelCount() {
    return labelCount;
  }

  /// The bytes viewed; not a copy.
  public byte[] bytes() {
    return bytes;
  }

  /// Offset in {@link #bytes()} of label `index`; label 0 is the first, label `labelCount()` the
  /// root's zero octet.
  public int labelOffset(int index) {
    return labelOffsets[index];
  }

  /// {@link gslb.base.DnsName} hash of the suffix that begins with label `index`.
  public int hash(int index) {
    return hashes[index];
  }

  /// Octets of the wire form, root included.
  public int wireLength() {
    return wireLength;
  }
}
