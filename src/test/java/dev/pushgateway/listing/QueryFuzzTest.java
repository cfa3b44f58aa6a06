package dev.pushgateway.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pushgateway.http.AcceptedFormat;
import dev.pushgateway.request.AcceptEncoding;
import dev.pushgateway.request.GroupPath;
import dev.pushgateway.request.MediaType;
import dev.pushgateway.request.QueryString;
import dev.pushgateway.request.RequestRefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Throws anything at what a client asks for besides the path: the query of a listing, and the
 * headers that a scrape is negotiated by. {@code JAZZER_FUZZ=1 mvn -pl src test
 * -Dtest=QueryFuzzTest#listing} looks for new inputs.
 */
class QueryFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void listing(byte[] bytes) {
    String query = new String(bytes, StandardCharsets.UTF_8);
    try {
      ListingQuery.parse(QueryString.parse(query), new GroupPath(true, 1), Instant.EPOCH);
    } catch (RequestRefusedException e) {
      assertEquals(RequestRefusedException.BAD_REQUEST, e.status());
    }
  }

  @FuzzTest(maxDuration = "1m")
  void headers(byte[] bytes) {
    String header = new String(bytes, StandardCharsets.ISO_8859_1);
    AcceptedFormat.negotiate(header);
    AcceptEncoding.prefersGzip(List.of(header));
    MediaType.isDelimitedProtobuf(header);
  }
}
