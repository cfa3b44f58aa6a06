package dev.pushgateway.property;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * What one try of a property is made of. All values follow from the seed and the size of the try,
 * if they are always drawn in the same order. Numbers and texts that are drawn without bounds are
 * special ones often enough: zero, the least and the largest number, text that needs escapes.
 */
public final class Draw {
  private static final long[] SPECIAL = {
    0, 1, -1, 2, -2, 10, -10, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE,
  };
  private static final double[] SPECIAL_DOUBLES = {
    0, -0.0, 1, -1, 0.1, Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, -Double.MAX_VALUE,
  };
  private static final String SPECIAL_TEXT = "\\\"\n\r\t\u0000\u007f/ %+=&#{},é\uFFFD日😀";

  private final SplittableRandom random;
  private final int sizePercent;

  Draw(SplittableRandom random, int sizePercent) {
    this.random = random;
    this.sizePercent = sizePercent;
  }

  public boolean bool() {
    return random.nextBoolean();
  }

  /** Whether something happens that has this probability. */
  public boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** Where the test's own random numbers begin. */
  public long seed() {
    return random.nextLong();
  }

  /** A number within bounds that it may reach. */
  public int between(int least, int largest) {
    return (int) between((long) least, largest);
  }

  /** A number within bounds that it may reach; the largest number is none of the bounds. */
  public long between(long least, long largest) {
    return random.nextLong(least, largest + 1);
  }

  public double between(double least, double below) {
    return random.nextDouble(least, below);
  }

  /** Any number, often a special one, otherwise one of any length. */
  public long anyLong() {
    return chance(0.1) ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextLong() >> shift(64);
  }

  public int anyInt() {
    return chance(0.1) ? (int) anyLong() : random.nextInt() >> shift(32);
  }

  private int shift(int bits) {
    return random.nextInt(bits);
  }

  /** Any finite number. */
  public double anyDouble() {
    if (chance(0.1)) {
      return SPECIAL_DOUBLES[random.nextInt(SPECIAL_DOUBLES.length)];
    }
    double value = chance(0.5) ? Double.longBitsToDouble(random.nextLong()) : anyInt() / 100.0;
    return Double.isFinite(value) ? value : 0;
  }

  @SafeVarargs
  public final <T> T oneOf(T... values) {
    return values[random.nextInt(values.length)];
  }

  /** Draws from one of several sources. */
  @SafeVarargs
  public final <T> T from(Supplier<? extends T>... sources) {
    return sources[random.nextInt(sources.length)].get();
  }

  /** Nothing with this probability, otherwise what is drawn. */
  public <T> T orNull(double probability, Supplier<T> source) {
    return chance(probability) ? null : source.get();
  }

  /** A list whose length is within bounds; small tries have short ones. */
  public <T> List<T> list(int minLength, int maxLength, Supplier<T> source) {
    int length = length(minLength, maxLength);
    List<T> list = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      list.add(source.get());
    }
    return list;
  }

  /** A map of up to so many entries. */
  public <K, V> Map<K, V> map(int maxSize, Supplier<K> keys, Supplier<V> values) {
    Map<K, V> map = new HashMap<>();
    for (int i = length(0, maxSize); i > 0; i--) {
      map.put(keys.get(), values.get());
    }
    return map;
  }

  /** Text of these characters, as long as the bounds say, in code points. */
  public String of(String alphabet, int minLength, int maxLength) {
    int[] points = alphabet.codePoints().toArray();
    return string(minLength, maxLength, () -> points[random.nextInt(points.length)]);
  }

  /** Text of the characters from one to another, both among them. */
  public String range(char first, char last, int minLength, int maxLength) {
    return string(minLength, maxLength, () -> between(first, last));
  }

  /** Any text that UTF-8 can have, often with characters that need escapes somewhere. */
  public String text(int minLength, int maxLength) {
    return string(minLength, maxLength, this::anyCharacter);
  }

  private int anyCharacter() {
    if (chance(0.3)) {
      return SPECIAL_TEXT.codePointAt(
          SPECIAL_TEXT.offsetByCodePoints(
              0, random.nextInt(SPECIAL_TEXT.codePointCount(0, SPECIAL_TEXT.length()))));
    }
    int point = random.nextInt(oneOf(0x80, 0x800, 0x10000, Character.MAX_CODE_POINT + 1));
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? '?' : point;
  }

  private String string(int minLength, int maxLength, Supplier<Integer> characters) {
    StringBuilder text = new StringBuilder();
    for (int i = length(minLength, maxLength); i > 0; i--) {
      text.appendCodePoint(characters.get());
    }
    return text.toString();
  }

  private int length(int min, int max) {
    return min + random.nextInt((max - min) * sizePercent / 100 + 1);
  }
}
