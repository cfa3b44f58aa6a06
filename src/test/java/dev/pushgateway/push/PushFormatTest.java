package dev.pushgateway.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.pushgateway.parse.ProtobufParser;
import dev.pushgateway.parse.TextParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushFormatTest {
  private static final String PROTOBUF =
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=";

  @ParameterizedTest
  @CsvSource({
    PROTOBUF + "delimited, DELIMITED_PROTOBUF",
    PROTOBUF + "text, TEXT",
    "application/vnd.google.protobuf, TEXT",
    "text/plain; version=0.0.4, TEXT",
    "application/openmetrics-text; version=1.0.0, TEXT",
    "nonsense, TEXT",
    ", TEXT",
  })
  void isChosenFromTheContentType(String contentType, PushFormat format) {
    assertEquals(format, PushFormat.of(contentType));
  }

  @Test
  void hasItsParser() {
    assertInstanceOf(TextParser.class, PushFormat.TEXT.newParser(false));
    assertInstanceOf(ProtobufParser.class, PushFormat.DELIMITED_PROTOBUF.newParser(false));
  }

  @Test
  void parsersAreUsedAgain() {
    PushScratch scratch = new PushScratch(true);
    assertSame(scratch.parser(PushFormat.TEXT), scratch.parser(PushFormat.TEXT));
    assertNotSame(scratch.parser(PushFormat.TEXT), scratch.parser(PushFormat.DELIMITED_PROTOBUF));
  }
}
