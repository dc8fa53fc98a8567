package gslb.steering.places;

import java.util.Arrays;

/// Numbers from 0, each in as many bytes as the greatest of them needs: 1, 2 or 4. Immutable.
final class Numbers {
  private static final byte[] NO_BYTES = {};
  private static final char[] NO_CHARS = {};
  private static final int[] NO_INTS = {};

  private final int size;

  // One of them has the numbers, the others are empty.
  private final byte[] narrow;
  private final char[] middle;
  private final int[] wide;

  private Numbers(int size, byte[] narrow, char[] middle, int[] wide) {
    this.size = size;
    this.narrow = narrow;
    this.middle = middle;
    this.wide = wide;
  }

  /// The first so many of an array, none of them negative.
  static Numbers of(int[] numbers, int count) {
    int greatest = 0;
    for (int i = 0; i < count; i++) {
      greatest = Math.max(greatest, numbers[i]);
    }
    int width = width(greatest);
    if (width == 1) {
      byte[] narrow = new byte[count];
      for (int i = 0; i < count; i++) {
        narrow[i] = (byte) numbers[i];
      }
      return ofBytes(narrow);
    }
    if (width == 2) {
      char[] middle = new char[count];
      for (int i = 0; i < count; i++) {
        middle[i] = (char) numbers[i];
      }
      return ofChars(middle);
    }
    return ofInts(Arrays.copyOf(numbers, count));
  }

  static Numbers ofBytes(byte[] narrow) {
    return new Numbers(narrow.length, narrow, NO_CHARS, NO_INTS);
  }

  static Numbers ofChars(char[] middle) {
    return new Numbers(middle.length, NO_BYTES, middle, NO_INTS);
  }

  static Numbers ofInts(int[] wide) {
    return new Numbers(wide.length, NO_BYTES, NO_CHARS, wide);
  }

  /// Bytes of each number if this is the greatest.
  private static int width(int greatest) {
    return greatest <= 0xff ? 1 : greatest <= 0xffff ? 2 : Integer.BYTES;
  }

  int size() {
    return size;
  }

  int get(int index) {
    if (narrow.length > 0) {
      return narrow[index] & 0xff;
    }
    return middle.length > 0 ? middle[index] : wide[index];
  }

  /// Whether each is from 0 to below a bound.
  boolean areBelow(int bound) {
    int greatest = 0;
    for (byte number : narrow) {
      greatest = Math.max(greatest, number & 0xff);
    }
    for (char number : middle) {
      greatest = Math.max(greatest, number);
    }
    int least = 0;
    for (int number : wide) {
      greatest = Math.max(greatest, number);
      least = Math.min(least, number);
    }
    return least == 0 && (size == 0 || greatest < bound);
  }

  /// The index of the first number from an index on that is not below a bound, or the size.
  int nextFrom(int index, int bound) {
    int at = index;
    if (narrow.length > 0) {
      while (at < size && (narrow[at] & 0xff) < bound) {
        at++;
      }
    } else if (middle.length > 0) {
      while (at < size && middle[at] < bound) {
        at++;
      }
    } else {
      while (at < size && wide[at] < bound) {
        at++;
      }
    }
    return at;
  }

  byte[] narrow() {
    return narrow;
  }

  char[] middle() {
    return middle;
  }

  int[] wide() {
    return wide;
  }

  boolean isEqualTo(Numbers other) {
    return Arrays.equals(narrow, other.narrow)
        && Arrays.equals(middle, other.middle)
        && Arrays.equals(wide, other.wide);
  }

  long retainedBytes() {
    return narrow.length
        + (long) Character.BYTES * middle.length
        + (long) Integer.BYTES * wide.length;
  }
}
