package dev.pushgateway.property;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Runs a check with many random inputs.
 *
 * <pre>
 *   forAll(1_000, draw -&gt; draw.text(0, 12), text -&gt; assertEquals(text, read(write(text))));
 * </pre>
 *
 * <p>Every other try has the same seed in every run of the tests; the others are new in each run.
 * The first tries have small inputs. If a try fails, smaller inputs of the same seed are tried. The
 * message names the smallest input that fails and its seed, and {@code -Dproperty.seed=SEED} runs
 * all properties with that input alone. Two numbers make up a seed: where the random numbers begin,
 * and in the lowest byte how large the input is, in percent.
 */
public final class Property {
  /** The system property with the one seed to run. */
  static final String SEED = "property.seed";

  private static final int FULL_SIZE = 100;
  private static final int SIZE_BITS = 8;
  private static final int MAX_SHOWN = 2_000;

  /** Begins the tries that are the same in every run; any number would do. */
  private static final long FIXED = 20_261_130;

  /** Makes an input, from what it draws alone. */
  public interface Input<T> {
    T draw(Draw draw) throws Exception;
  }

  /** Throws if the property does not hold for an input. */
  public interface Check<T> {
    void of(T input) throws Exception;
  }

  private Property() {}

  /**
   * Runs a check with so many inputs.
   *
   * @throws AssertionError if it fails for one, with the input, its seed and the failure
   */
  public static <T> void forAll(int tries, Input<T> input, Check<T> check) {
    String only = System.getProperty(SEED);
    if (only != null) {
      tryOnce(Long.parseLong(only), input, check);
      return;
    }
    SplittableRandom fixed = new SplittableRandom(FIXED);
    SplittableRandom fresh = new SplittableRandom();
    for (int i = 0; i < tries; i++) {
      long start = (i % 2 == 0 ? fixed : fresh).nextLong();
      int size = Math.min(FULL_SIZE, 1 + i * 2 * FULL_SIZE / tries); // Full in the second half.
      tryOnce(seed(start, size), input, check);
    }
  }

  private static long seed(long start, int size) {
    return start << SIZE_BITS | size;
  }

  private static int size(long seed) {
    return (int) (seed & (1 << SIZE_BITS) - 1);
  }

  private static <T> void tryOnce(long seed, Input<T> input, Check<T> check) {
    AssertionError failure = failure(seed, input, check);
    if (failure == null) {
      return;
    }
    for (int size = 0; size < size(seed); size++) {
      AssertionError ofSmaller = failure(seed(seed >>> SIZE_BITS, size), input, check);
      if (ofSmaller != null) {
        throw ofSmaller;
      }
    }
    throw failure;
  }

  /** How a try fails, or {@code null} if it does not. */
  private static <T> AssertionError failure(long seed, Input<T> input, Check<T> check) {
    Object drawn = "an input that could not be drawn";
    try {
      T made = input.draw(new Draw(new SplittableRandom(seed >>> SIZE_BITS), size(seed)));
      drawn = made;
      check.of(made);
      return null;
    } catch (Exception | AssertionError e) {
      String message = "fails for " + show(drawn) + "\n(again with -D" + SEED + "=" + seed + "): ";
      return new AssertionError(message + e.getMessage(), e);
    }
  }

  private static String show(Object input) {
    String text = input instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(input);
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
  }
}
