package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      ''                               | false
      gzip                             | true
      deflate, gzip;q=1.0, *;q=0.5     | true
      br;q=1.0, gzip;q=0.8             | true
      gzip;q=0                         | false
      gzip;q=0, *                      | false
      identity                         | false
      br                               | false
      gzip, identity                   | false
      gzip;q=0.5, identity;q=0.4       | true
      gzip;q=0.4, identity;q=0.5       | false
      *                                | false
      gzip;q=oops                      | false
      gzip;q=2                         | false
      gzip ; q=0.1                     | true
      x-gzip                           | false
      """)
  void prefersGzip(String header, boolean expected) {
    assertEquals(expected, AcceptEncoding.prefersGzip(List.of(header)));
  }
}
