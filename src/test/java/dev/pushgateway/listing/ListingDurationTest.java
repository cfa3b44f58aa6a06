package dev.pushgateway.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingDurationTest {
  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "250ms, PT0.25S",
    "90s, PT90S",
    "1h30m, PT90M",
    "2d, P2D",
    "1w, P7D",
    "1y, P365D"
  })
  void isReadAsPrometheusWritesIt(String text, Duration duration) {
    assertEquals(Optional.of(duration), ListingDuration.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "s", "-1s", "1.5h", "1x", "1 h", "99999999999999999999y", "1h99999999y"})
  void isRefused(String text) {
    assertEquals(Optional.empty(), ListingDuration.parse(text));
  }

  @Test
  void isReadInOneStep_elseManyDigitsTakeForEver() {
    String digits = "1".repeat(1_000_000);
    assertEquals(Optional.empty(), ListingDuration.parse(digits));
  }
}
