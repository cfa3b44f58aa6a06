package dev.pushgateway.jetty;

import dev.pushgateway.gateway.Flag;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Suggests the flag that a wrong argument probably means. */
final class FlagNames {
  /** The hyphens and dashes of Unicode, which word processors put in place of a minus. */
  private static final String DASHES = "^[-\\u2010-\\u2015\\u2212]*";

  /** A name is near if at most one in three of its characters is wrong, missing or added. */
  private static final int NEAR = 3;

  private FlagNames() {}

  /** Returns the name of the flag in an argument that begins with other than two dashes. */
  static Optional<String> withoutTwoDashes(String argument) {
    String name = name(argument);
    boolean hasTwo = (argument + "=").startsWith("--" + name + "=");
    return Optional.of(name).filter(known -> !hasTwo && all().anyMatch(known::equals));
  }

  /** Returns a hint with the most similar flag; empty if no flag is near. */
  static String hint(String argument) {
    return nearest(name(argument)).map(flag -> " (did you mean --" + flag + "?)").orElse("");
  }

  private static String name(String argument) {
    return argument.replaceFirst(DASHES, "").split("=", 2)[0];
  }

  private static Optional<String> nearest(String name) {
    return all()
        .filter(flag -> distance(name, flag) * NEAR <= flag.length())
        .min(Comparator.comparingInt(flag -> distance(name, flag)));
  }

  private static Stream<String> all() {
    Stream<String> names = Arrays.stream(Flag.values()).map(Flag::flagName);
    Stream<String> negations =
        Arrays.stream(Flag.values()).filter(Flag::isSwitch).map(flag -> "no-" + flag.flagName());
    return Stream.of(names, negations, Stream.of("help", "help-long", "version"))
        .flatMap(some -> some);
  }

  /**
   * Returns how many characters must be changed, added or removed to turn one text into the other.
   */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1]; // Distances to each prefix of the other text.
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = one.charAt(i - 1) == other.charAt(j - 1) ? diagonal : diagonal + 1;
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[row.length - 1];
  }
}
