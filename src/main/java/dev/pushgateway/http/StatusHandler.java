package dev.pushgateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** {@code GET /api/v1/status}: flags, build and start time. */
final class StatusHandler implements Endpoint {
  private final HttpOptions options;

  StatusHandler(HttpOptions options) {
    this.options = options;
  }

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws IOException {
    ApiResponse.success(request, response, this::write);
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    writeMap(json, "build_information", new TreeMap<>(options.buildInformation()));
    writeMap(json, "flags", options.flags());
    json.writeStringField("start_time", options.startTime().toString());
    json.writeEndObject();
  }

  private static void writeMap(JsonGenerator json, String name, Map<String, String> map)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> entry : map.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }
}
