package dev.pushgateway.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricTypeTest {
  @ParameterizedTest
  @CsvSource({
    "COUNTER, 0, counter, counter, true, false",
    "GAUGE, 1, gauge, gauge, true, false",
    "SUMMARY, 2, summary, summary, false, false",
    "UNTYPED, 3, untyped, untyped, true, false",
    "HISTOGRAM, 4, histogram, histogram, false, true",
    "GAUGE_HISTOGRAM, 5, gauge histogram, histogram, false, true",
  })
  void hasItsNumberAndItsWords(
      MetricType type, int number, String words, String textName, boolean isNumber, boolean is) {
    assertEquals(type, MetricType.ofNumber(number));
    assertEquals(number, type.number());
    assertEquals(words, type.words());
    assertEquals(textName, new String(type.textName(), StandardCharsets.US_ASCII));
    assertEquals(isNumber, type.isNumber());
    assertEquals(is, type.isHistogram());
  }

  @Test
  void numbersThatTheSchemaDoesNotKnowHaveNoType() {
    assertNull(MetricType.ofNumber(-1));
    assertNull(MetricType.ofNumber(6));
  }
}
