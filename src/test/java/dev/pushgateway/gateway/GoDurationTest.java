package dev.pushgateway.gateway;

import static dev.pushgateway.property.Property.forAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoDurationTest {
  /** The right column is what Go 1.22 prints for {@code time.ParseDuration} of the left one. */
  @ParameterizedTest
  @CsvSource({
    "5m, 5m0s",
    "0, 0s",
    "+0, 0s",
    "0s, 0s",
    "1h30m, 1h30m0s",
    "1.5h, 1h30m0s",
    "90s, 1m30s",
    "1.5s, 1.5s",
    ".5s, 500ms",
    "1.s, 1s",
    "250ms, 250ms",
    "1500us, 1.5ms",
    "3µs, 3µs",
    "1ns, 1ns",
    "0.4ns, 0s",
    "-5m, -5m0s",
    "100h, 100h0m0s",
    "1h0.25s, 1h0m0.25s",
    "2562047h47m16.854775807s, 2562047h47m16.854775807s"
  })
  void readsAndPrintsAsGoDoes(String text, String printed) {
    assertEquals(printed, GoDuration.format(GoDuration.parse(text).orElseThrow()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "5",
        "m",
        "5 m",
        "5x",
        "1h30",
        ".s",
        "1..5s",
        "5M",
        "٥m",
        "2562048h",
        "1e3s"
      })
  void rejects(String text) {
    assertEquals(Optional.empty(), GoDuration.parse(text));
  }

  @Test
  void printedDurationReadsBack() {
    forAll(
        1_000,
        draw -> Duration.ofNanos(Math.max(draw.anyLong(), -Long.MAX_VALUE)),
        duration ->
            assertEquals(duration, GoDuration.parse(GoDuration.format(duration)).orElseThrow()));
  }
}
