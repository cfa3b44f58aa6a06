package dev.pushgateway.selector;

import java.util.Optional;

/**
 * Limits the memory of all regular expressions of one request. Measures each expression before it
 * is compiled.
 *
 * <p>Not thread-safe.
 */
public final class RegexBudget {
  /** The memory limit for all expressions together, in bytes: programs of 10,000 instructions. */
  public static final long MAX_BYTES = 2 << 20;

  /**
   * Limits how deep RE2/J calls itself when it compiles and matches: 1,000 branches take at most
   * 448 KiB of a stack (JDK 17, 2026-12-01). Threads have 1 MiB by default.
   */
  private static final int MAX_BRANCHES = 1_000;

  /** Limits how deep RE2/J calls itself when it sorts the ranges of a class. */
  private static final int MAX_RANGES = 1_000;

  private static final String WRITTEN_OUT = " when all repetitions are written out";

  private long bytes;

  /**
   * Measures an expression and adds its memory to the total.
   *
   * @return empty if the expression may be compiled; otherwise a sentence that names the limit
   */
  Optional<String> take(String regex) {
    RegexSize size = RegexSize.of(regex);
    bytes += size.bytes();
    if (size.branches() > MAX_BRANCHES) {
      return Optional.of(
          "the regular expression has more than "
              + MAX_BRANCHES
              + " groups, choices and assertions"
              + WRITTEN_OUT);
    }
    if (size.ranges() > MAX_RANGES) {
      return Optional.of(
          "the regular expression has more than "
              + MAX_RANGES
              + " characters, ranges and classes in brackets");
    }
    return bytes <= MAX_BYTES
        ? Optional.empty()
        : Optional.of(
            "the regular expressions need more than "
                + (MAX_BYTES >> 20)
                + " MiB of memory"
                + WRITTEN_OUT);
  }
}
