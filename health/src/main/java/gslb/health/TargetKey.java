package gslb.health;

import gslb.base.Address;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The identity of a {@link ProbeTarget} on every node: the first 16 bytes of a SHA-256 over the
/// address and the monitor's definition. The monitor's name is not part of it, so renaming a
/// monitor keeps its votes; any other change makes a new target, so that a rolling change never
/// mixes the votes of two different checks.
public record TargetKey(long high, long low) implements Comparable<TargetKey> {
  /// Bytes of {@link #toBytes}.
  public static final int LENGTH = 16;

  private static final int ENCODING_VERSION = 1;

  public static TargetKey of(Address address, Monitor monitor) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeByte(ENCODING_VERSION);
      out.writeByte(address.family().bits());
      out.write(address.toBytes());
      out.writeInt(monitor.port());
      out.writeLong(monitor.interval().toNanos());
      out.writeLong(monitor.timeout().toNanos());
      out.writeInt(monitor.rise());
      out.writeInt(monitor.fall());
      writeCheck(out, monitor.check());
      return ofBytes(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static void writeCheck(DataOutputStream out, Monitor.Check check) throws IOException {
    switch (check) {
      case Monitor.Check.Tcp() -> out.writeByte(1);
      case Monitor.Check.Http http -> {
        out.writeByte(2);
        out.writeBoolean(http.tls());
        writeText(out, http.host());
        writeText(out, http.path());
        out.writeInt(http.statusMin());
        out.writeInt(http.statusMax());
        writeText(out, http.body());
        out.writeBoolean(http.verifyCertificate());
      }
    }
  }

  private static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
    out.writeInt(text == null ? -1 : text.length());
    if (text != null) {
      out.writeChars(text);
    }
  }

  /// Reads {@link #LENGTH} bytes.
  public static TargetKey ofBytes(byte[] bytes, int offset) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, LENGTH);
    return new TargetKey(buffer.getLong(), buffer.getLong());
  }

  /// Reads the form of {@link #toString}; empty if it is none.
  public static Optional<TargetKey> parse(String text) {
    if (text.length() != 2 * LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(ofBytes(HexFormat.of().parseHex(text), 0));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  public byte[] toBytes() {
    return ByteBuffer.allocate(LENGTH).putLong(high).putLong(low).array();
  }

  @Override
  public int compareTo(TargetKey other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /// 32 hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
