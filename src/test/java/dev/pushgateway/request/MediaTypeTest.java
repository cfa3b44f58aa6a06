package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
        "application/vnd.google.protobuf;encoding=delimited;proto=io.prometheus.client.MetricFamily",
        "Application/VND.google.Protobuf; PROTO=io.prometheus.client.MetricFamily; Encoding=delimited",
        "application/vnd.google.protobuf; proto=\"io.prometheus.client.MetricFamily\"; encoding=\"delim\\ited\"",
        "application/vnd.google.protobuf ; proto = io.prometheus.client.MetricFamily ; encoding = delimited;",
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; q=1",
        "application/vnd.google.protobuf; encoding=delimited; encoding=delimited; proto=io.prometheus.client.MetricFamily",
      })
  void isDelimitedProtobuf(String header) {
    assertTrue(MediaType.isDelimitedProtobuf(header));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text/plain",
        "text/plain; version=0.0.4",
        "application/x-www-form-urlencoded",
        "application/vnd.google.protobuf",
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily",
        "application/vnd.google.protobuf; proto=io.prometheus.client.metricfamily; encoding=delimited",
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=Delimited",
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text",
        "text/plain; proto=io.prometheus.client.MetricFamily; encoding=delimited",
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily encoding=delimited",
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=",
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=\"delimited",
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; encoding=text",
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; =",
        "application/vnd.google.protobuf/x; proto=io.prometheus.client.MetricFamily; encoding=delimited",
        "; proto=io.prometheus.client.MetricFamily; encoding=delimited",
      })
  void isTextOtherwise(String header) {
    assertFalse(MediaType.isDelimitedProtobuf(header));
  }

  @Test
  void isTextWithoutHeader() {
    assertFalse(MediaType.isDelimitedProtobuf(null));
  }

  @Test
  void keepsParameters() {
    MediaType media = MediaType.parse("Text/Plain; Charset=\"a;\\\"b\"").orElseThrow();
    assertEquals("text/plain", media.type());
    assertEquals("a;\"b", media.parameters().get("charset"));
  }

  @Test
  void readsLongParameters() {
    String value = "\\x".repeat(30_000);
    MediaType media = MediaType.parse("a/b; c=\"" + value + '"').orElseThrow();
    assertEquals("x".repeat(30_000), media.parameters().get("c"));
  }
}
