package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.PersistedGateway.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.MemoryDisk;
import dev.pushgateway.store.Push;
import dev.pushgateway.store.StoreFullException;
import dev.pushgateway.store.StoreTesting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The length of a file is known before it is written anew. */
class LiveSizeTest {
  @TempDir Path folder;

  private static String body(String kind, int size) {
    return switch (kind) {
      case "gauge" -> "# HELP g A gauge.\n# TYPE g gauge\n" + lines("g{n=\"%d\"} 1.5\n", size);
      case "families" -> lines("metric_%d 1\n", size);
      case "wordy" -> "# HELP g " + "число 数 ".repeat(size) + "\ng 1\n";
      case "histogram" -> "# TYPE h histogram\n" + lines(HISTOGRAM, size);
      default -> "";
    };
  }

  private static final String HISTOGRAM =
      """
      h_bucket{n="%1$d",le="0.5"} 1
      h_bucket{n="%1$d",le="+Inf"} 2
      h_sum{n="%1$d"} 2.5
      h_count{n="%1$d"} 2
      """;

  private static String lines(String format, int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(String.format(format, i));
    }
    return lines.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "gauge, 1, 500",
    "gauge, 5000, 2",
    "families, 300, 3",
    "wordy, 1, 500",
    "wordy, 200, 20",
    "histogram, 1, 500",
    "histogram, 2000, 1",
    "empty, 0, 500",
    "empty, 0, 1",
    "none, 0, 0"
  })
  void estimateIsWhatARewriteWrites(String kind, int size, int groups)
      throws IOException, StoreFullException {
    PersistedGateway gateway =
        new PersistedGateway(folder, new MemoryDisk(), Duration.ofMinutes(5)).start();
    push(gateway, kind, size, groups);
    push(gateway, kind, size, groups); // Takes the place of the first.
    checkLive(gateway);
    for (int i = 0; i < groups; i += 3) {
      gateway.delete(group(i));
    }
    checkLive(gateway);
    gateway.file.close();
    gateway.start();
    checkLive(gateway);
    gateway.wipe();
    assertEquals(LogFormat.RECORDS_OFFSET, gateway.file.status().liveBytes());
    gateway.file.close();
  }

  private static void push(PersistedGateway gateway, String kind, int size, int groups)
      throws IOException, StoreFullException {
    for (int i = 0; i < groups; i++) {
      Push push = StoreTesting.put(group(i), 1_700_000_000_000_000_000L + i, body(kind, size));
      StoreTesting.join(gateway.store.push(push));
    }
  }

  private static GroupingKey group(int number) {
    return number % 2 == 0
        ? key("job" + number)
        : key("job" + number, "instance", "größe" + number);
  }

  private static void checkLive(PersistedGateway gateway) throws IOException {
    long estimate = gateway.file.status().liveBytes();
    gateway.file.rewrite();
    long written = gateway.file.status().fileBytes();
    long apart = Math.abs(estimate - written);
    assertTrue(apart <= written / 20, estimate + " for " + written + " bytes");
  }
}
