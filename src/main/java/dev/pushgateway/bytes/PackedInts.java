package dev.pushgateway.bytes;

import java.util.Arrays;

/**
 * Numbers that are not negative, in two bytes each where all of them fit, and otherwise in four.
 * Immutable.
 */
public final class PackedInts {
  private final char[] narrow;
  private final int[] wide;

  private PackedInts(char[] narrow, int[] wide) {
    this.narrow = narrow;
    this.wide = wide;
  }

  /** Takes numbers over; the array must not be changed any more. */
  public static PackedInts of(int[] numbers) {
    int bits = 0;
    for (int number : numbers) {
      bits |= number;
    }
    if (bits >>> Character.SIZE != 0) {
      return new PackedInts(null, numbers);
    }
    char[] narrow = new char[numbers.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (char) numbers[i];
    }
    return new PackedInts(narrow, null);
  }

  public int size() {
    return narrow == null ? wide.length : narrow.length;
  }

  public int get(int index) {
    return narrow == null ? wide[index] : narrow[index];
  }

  /** Numbers {@code [from, to)}. */
  public PackedInts slice(int from, int to) {
    return narrow == null
        ? of(Arrays.copyOfRange(wide, from, to))
        : new PackedInts(Arrays.copyOfRange(narrow, from, to), null);
  }
}
