package dev.pushgateway.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.pushgateway.bytes.FastGzip;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * JSON responses of the API: {@code {"status":"success","data":…}} and {@code
 * {"status":"error","errorType":…,"error":…}}. Data is written while it is produced.
 */
public final class ApiResponse {
  /**
   * The default recycler pool is not used: it keeps buffers in thread locals, and thereby the class
   * loader of a stopped web application. Nothing is flushed before the end, so that a short
   * response has a {@code Content-Length}.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .build();

  private static final String CONTENT_TYPE = "application/json";

  private ApiResponse() {}

  /** Writes the fields after {@code status}, for example {@code data}. */
  public interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  public static void success(
      HttpServletRequest request, HttpServletResponse response, Fields fields) throws IOException {
    success(request, response, UnaryOperator.identity(), fields);
  }

  /**
   * Responds with fields, which are written while they are produced.
   *
   * @param around wraps the stream to the client
   */
  public static void success(
      HttpServletRequest request,
      HttpServletResponse response,
      UnaryOperator<OutputStream> around,
      Fields fields)
      throws IOException {
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType(CONTENT_TYPE);
    setVary(response);
    boolean gzip = AcceptEncoding.prefersGzip(request.getHeaders("Accept-Encoding"));
    if (gzip) {
      response.setHeader("Content-Encoding", "gzip");
    }
    Responses.body(
        request,
        response,
        gzip
            ? out -> writeGzip(around.apply(out), fields)
            : out -> write(around.apply(out), fields));
  }

  /** Sets {@code Vary}. Call this for each response that may be compressed, also for 304. */
  public static void setVary(HttpServletResponse response) {
    response.setHeader("Vary", "Accept-Encoding");
  }

  private static void writeGzip(OutputStream out, Fields fields) throws IOException {
    // Not finished after a failure, like the document in it, but freed.
    try (FastGzip compressed = new FastGzip(out)) {
      write(compressed, fields);
      compressed.finish();
    }
  }

  private static void write(OutputStream out, Fields fields) throws IOException {
    // Not closed after a failure: closing would end the document as if it were complete.
    JsonGenerator json = JSON.createGenerator(out);
    json.writeStartObject();
    json.writeStringField("status", "success");
    fields.write(json);
    json.writeEndObject();
    json.close();
  }

  /** Writes an object of strings as a field. */
  public static void writeMap(JsonGenerator json, String name, Map<String, String> map)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> entry : map.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  /**
   * Replaces a response that was not sent yet by an error.
   *
   * @throws IOException if a part of the response was already sent: the container then cuts the
   *     response off
   */
  public static void refusal(HttpServletResponse response, RequestRefusedException refusal)
      throws IOException {
    ErrorResponses.startAnew(response);
    boolean isUnavailable = RequestRefusedException.isTemporary(refusal.status());
    response.setStatus(refusal.status());
    response.setContentType(CONTENT_TYPE);
    if (isUnavailable) {
      response.setHeader("Retry-After", ErrorResponses.RETRY_AFTER_SECONDS);
    }
    JsonGenerator json = JSON.createGenerator(response.getOutputStream());
    json.writeStartObject();
    json.writeStringField("status", "error");
    json.writeStringField("errorType", isUnavailable ? "unavailable" : "bad_data");
    json.writeStringField("error", SafeText.oneLine(refusal.getMessage()));
    json.writeEndObject();
    json.close();
  }
}
