package dev.pushgateway.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** What a class of the shipped jar logs by means of the JVM has the form of all other lines. */
final class PlatformLogsIT {
  /** Logs as a library does. */
  static final class Library {
    public static void main(String[] arguments) {
      LogConfiguration.set("info", "json");
      for (int i = 0; i < 1_000; i++) {
        Logger.getLogger("org.example.First").warning("one\n" + "x".repeat(100_000));
        System.getLogger("org.example.Second").log(System.Logger.Level.ERROR, "two");
      }
    }
  }

  @Test
  void hasTheFormAndTheLimitOfLibraries() throws Exception {
    Path tests = Path.of(Library.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("pushgateway.jar") + File.pathSeparator + tests,
                Library.class.getName())
            .start();
    String written = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    List<String> lines = written.lines().toList();
    assertEquals(0, process.waitFor(), written);
    assertTrue(lines.get(0).contains("\"level\":\"warn\",\"caller\":\"First\""), lines.get(0));
    assertTrue(lines.get(1).contains("\"level\":\"error\",\"caller\":\"Second\""), lines.get(1));
    long seconds = (System.nanoTime() - start) / 1_000_000_000L;
    assertTrue(lines.size() <= 20 + seconds + 1, lines.size() + " lines");
    for (String line : lines) {
      assertTrue(line.startsWith("{\"ts\":") && line.length() <= LineFormat.MAX_BYTES, line);
    }
  }
}
