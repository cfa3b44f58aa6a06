package dev.pushgateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers of the API: {@code {"status":"success","data":…}}, written as they are made. */
final class ApiResponse {
  /**
   * The recycler pool is not the default one, which keeps buffers in thread locals and so the class
   * loader of a web application that was stopped. Nothing is flushed before the end, so that a
   * short answer has a length.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .build();

  private static final int OK = 200;

  private ApiResponse() {}

  /** Writes what stands after {@code "data":}. */
  interface Data {
    void write(JsonGenerator json) throws IOException;
  }

  static void success(HttpServletRequest request, HttpServletResponse response, Data data)
      throws IOException {
    response.setStatus(OK);
    response.setContentType("application/json");
    if (request.getMethod().equals("HEAD")) {
      return;
    }
    // Not closed after a failure: that would end the document as if it were complete.
    JsonGenerator json = JSON.createGenerator(response.getOutputStream());
    json.writeStartObject();
    json.writeStringField("status", "success");
    json.writeFieldName("data");
    data.write(json);
    json.writeEndObject();
    json.close();
  }
}
