package gslb.steering.places;

import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// Tells the bytes of one geo database from those of another: length, CRC-32C and CRC-32.
///
/// What is kept under it is only ever used for the same file again, so all that a collision could
/// do is to serve what was served before; one by chance has odds of 2^-64. A cryptographic digest
/// would take longer at a start, while nothing is compiled, than all the rest of reading what was
/// kept.
public final class GeoFileDigest {
  private final CRC32C castagnoli = new CRC32C();
  private final CRC32 ieee = new CRC32();
  private long length;

  /// Takes the next bytes.
  public void update(byte[] bytes, int count) {
    castagnoli.update(bytes, 0, count);
    ieee.update(bytes, 0, count);
    length += count;
  }

  /// Of the bytes so far: 16 digits of length and 8 of each sum, in lower case.
  public String text() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(length)
        + hex.toHexDigits((int) castagnoli.getValue())
        + hex.toHexDigits((int) ieee.getValue());
  }

  static String of(byte[] file) {
    GeoFileDigest digest = new GeoFileDigest();
    digest.update(file, file.length);
    return digest.text();
  }
}
