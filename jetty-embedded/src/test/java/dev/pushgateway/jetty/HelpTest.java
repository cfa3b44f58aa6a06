package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.gateway.Flag;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HelpTest {
  private static final int LINES = 24;
  private static final int COLUMNS = 80;

  /** Whoever adds a flag makes room, or counts it among the limits. */
  @Test
  void fitsAScreen() {
    List<String> lines = Help.text().lines().toList();
    assertTrue(lines.size() <= LINES, () -> lines.size() + " lines:\n" + Help.text());
  }

  @Test
  void noLineIsWiderThanAScreen() {
    List<String> wide = Help.longText().lines().filter(line -> line.length() > COLUMNS).toList();
    assertEquals(List.of(), wide);
  }

  @Test
  void longHelpTellsTheUnitsOfSizes() {
    assertTrue(
        Help.longText().contains("64MiB is 67,108,864 bytes, and 64MB is 64,000,000 bytes."),
        Help.longText());
  }

  @Test
  void longHelpHasEveryFlag() {
    List<String> missing =
        Arrays.stream(Flag.values())
            .map(Flag::flagName)
            .filter(name -> !Help.longText().contains(name))
            .toList();
    assertEquals(List.of(), missing);
  }
}
