package gslb.steering.places;

/// A data section of a MaxMind DB file (format 2.0), checked before the reader decodes a value of
/// it. The reader believes the sizes that it finds: a few bytes can make it reserve gigabytes,
/// recurse without end, or unfold pointers to pointers for years. A value that passes here is
/// small, shallow and inside the section.
///
/// ```
///   control byte: TTT SSSSS    type (0: 7 + the next byte), size (29, 30, 31: more bytes follow)
///                 001 SSVVV    a pointer from the section's start: S + 1 bytes follow
/// ```
final class DataSection {
  /// Levels of maps, arrays and pointers in one record; GeoIP2 has about 6.
  static final int DEPTH_MAX = 64;

  /// Values in one record, keys included and pointers followed; GeoIP2 City has about 200.
  static final int VALUES_MAX = 8192;

  /// Bytes of text in one record, pointers followed.
  static final int TEXT_BYTES_MAX = 1 << 18;

  private static final int POINTER = 1;
  private static final int STRING = 2;
  private static final int BYTES = 4;
  private static final int MAP = 7;
  private static final int ARRAY = 11;
  private static final int BOOLEAN = 14;

  /// Encoded bytes at most, by type, of what is neither text nor made of other values; the check of
  /// exact sizes is the reader's.
  private static final int SCALAR_BYTES = 16;

  private final String name;
  private final byte[] file;
  private final int start;
  private final int end;
  private long budget;
  private int values;
  private int textBytes;

  /// The section from `start` to before `end`.
  DataSection(String name, byte[] file, int start, int end) {
    this.name = name;
    this.file = file;
    this.start = start;
    this.end = end;
    // Records share their parts by pointers, so more is decoded than is there, but not much more.
    this.budget = 16L * (end - start) + VALUES_MAX;
  }

  /// Refuses a value that the reader cannot decode in little space and time.
  void check(int offset) throws GeoDatabaseRefused {
    values = 0;
    textBytes = 0;
    check(offset, 0);
    budget -= values;
    if (budget < 0) {
      throw refused(offset, "its records unfold to too much for the file's size");
    }
  }

  /// @return the offset after the value
  private int check(int offset, int depth) throws GeoDatabaseRefused {
    if (depth > DEPTH_MAX) {
      throw refused(offset, "nested deeper than " + DEPTH_MAX);
    }
    if (++values > VALUES_MAX) {
      throw refused(offset, "a record of more than " + VALUES_MAX + " values");
    }
    int control = unsigned(offset, 1);
    int type = control >>> 5;
    if (type == POINTER) {
      return checkPointer(offset, control, depth);
    }
    int next = offset + 1;
    if (type == 0) {
      type = 7 + unsigned(next++, 1);
    }
    int size = control & 0x1f;
    if (size >= 29) {
      int more = size - 28;
      int base = size == 29 ? 29 : size == 30 ? 285 : 65_821;
      size = base + unsigned(next, more);
      next += more;
    }
    return switch (type) {
      case MAP -> checkEntries(next, size, depth, true);
      case ARRAY -> checkEntries(next, size, depth, false);
      case BOOLEAN -> next;
      case STRING, BYTES -> {
        textBytes += Math.min(size, TEXT_BYTES_MAX + 1);
        if (textBytes > TEXT_BYTES_MAX) {
          throw refused(offset, "a record of more than " + TEXT_BYTES_MAX + " bytes of text");
        }
        yield after(next, size);
      }
      default -> {
        if (size > SCALAR_BYTES) {
          throw refused(offset, "a number of " + size + " bytes");
        }
        yield after(next, size);
      }
    };
  }

  private int checkPointer(int offset, int control, int depth) throws GeoDatabaseRefused {
    int bytes = (control >>> 3 & 3) + 1;
    long high = bytes == 4 ? 0 : control & 7;
    long base = bytes == 2 ? 2048 : bytes == 3 ? 526_336 : 0;
    long following =
        bytes == 4 ? unsigned(offset + 1, 4) & 0xffffffffL : unsigned(offset + 1, bytes);
    long target = (high << 8 * bytes | following) + base;
    if (target >= end - start) {
      throw refused(offset, "a pointer to " + target);
    }
    check((int) target, depth + 1);
    return offset + 1 + bytes;
  }

  private int checkEntries(int from, int count, int depth, boolean isMap)
      throws GeoDatabaseRefused {
    if (count > VALUES_MAX) {
      throw refused(from, "a record of more than " + VALUES_MAX + " values");
    }
    int next = from;
    for (int i = 0; i < count; i++) {
      if (isMap) {
        next = check(next, depth + 1);
      }
      next = check(next, depth + 1);
    }
    return next;
  }

  private int after(int offset, int size) throws GeoDatabaseRefused {
    if (size > end - start - offset) {
      throw refused(offset, "a value of " + size + " bytes");
    }
    return offset + size;
  }

  private int unsigned(int offset, int bytes) throws GeoDatabaseRefused {
    if (offset < 0 || offset > end - start - bytes) {
      throw refused(offset, "a value past its end");
    }
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | file[start + offset + i] & 0xff;
    }
    return value;
  }

  private GeoDatabaseRefused refused(int offset, String what) {
    return new GeoDatabaseRefused(
        name, "the data have " + what + " at offset " + offset + " of " + (end - start) + " bytes");
  }
}
