package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.scrape.ScrapeFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptedFormatTest {
  private static final String PROTOBUF =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      ''                                                  | TEXT UNDERSCORES
      */*                                                 | TEXT UNDERSCORES
      garbage                                             | TEXT UNDERSCORES
      text/plain                                          | TEXT UNDERSCORES
      text/html,text/plain;version=0.0.4;q=0.1            | TEXT UNDERSCORES
      PBdelimited                                         | PROTOBUF_DELIMITED UNDERSCORES
      PBtext                                              | PROTOBUF_TEXT UNDERSCORES
      PBcompact-text                                      | PROTOBUF_COMPACT_TEXT UNDERSCORES
      PBother                                             | TEXT UNDERSCORES
      application/vnd.google.protobuf                     | TEXT UNDERSCORES
      application/vnd.google.protobuf;proto=X;encoding=delimited | TEXT UNDERSCORES
      PBdelimited;q=0.3,text/plain;version=0.0.4;q=0.7    | TEXT UNDERSCORES
      text/plain;q=0.3,PBdelimited;q=0.7                  | PROTOBUF_DELIMITED UNDERSCORES
      PBdelimited;q=0.5,text/plain;q=0.5                  | PROTOBUF_DELIMITED UNDERSCORES
      text/plain;q=0.5,PBdelimited;q=0.5                  | TEXT UNDERSCORES
      */*;q=1,PBdelimited;q=0.1                           | PROTOBUF_DELIMITED UNDERSCORES
      PBdelimited;q=oops,text/plain;q=0.1                 | TEXT UNDERSCORES
      text/plain;version=1.0.0,PBdelimited;q=0.1          | PROTOBUF_DELIMITED UNDERSCORES
      text/plain;version=1.0.0;escaping=allow-utf-8       | TEXT ALLOW_UTF_8
      text/plain;escaping=dots                            | TEXT DOTS
      text/plain;escaping=values                          | TEXT VALUES
      text/plain;escaping=nonsense                        | TEXT UNDERSCORES
      text/plain;q=0.9,*/*;escaping=dots;q=0.1            | TEXT UNDERSCORES
      PBdelimited;escaping=allow-utf-8                    | PROTOBUF_DELIMITED ALLOW_UTF_8
      application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;q=0.3 | TEXT ALLOW_UTF_8
      """)
  void negotiates(String accept, String format) {
    AcceptedFormat negotiated = AcceptedFormat.negotiate(accept.replace("PB", PROTOBUF));
    assertEquals(format, negotiated.format() + " " + negotiated.escaping());
  }

  @Test
  void spellsContentTypesAsGoDoes() {
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
        AcceptedFormat.negotiate(null).contentType());
    assertEquals(
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
            + " encoding=delimited; escaping=allow-utf-8",
        AcceptedFormat.negotiate(PROTOBUF + "delimited;escaping=allow-utf-8").contentType());
  }

  @Test
  void looksAtSoManyClausesAndNoMore() {
    String seen = "text/html,".repeat(63) + PROTOBUF + "text";
    assertEquals(ScrapeFormat.PROTOBUF_TEXT, AcceptedFormat.negotiate(seen).format());
    String unseen = "text/html," + seen;
    assertEquals(ScrapeFormat.TEXT, AcceptedFormat.negotiate(unseen).format());
  }
}
