package dev.pushgateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pushgateway.access.Client;
import dev.pushgateway.access.Role;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.request.ApiResponse;
import dev.pushgateway.request.Backend;
import dev.pushgateway.request.Endpoint;
import dev.pushgateway.request.GroupPathWriter;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.MetricStore.Totals;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code GET /api/v1/status}: flags, build and start time as in the Go gateway; also the changed
 * flags, totals of the store, problems of the gateway, the client's roles, and the JVM.
 */
record StatusHandler(HttpOptions options, Backend backend) implements Endpoint {
  /** Families and series that the gateway adds to each group: its two push times. */
  private static final long OWN_PER_GROUP = 2;

  /** Maximum number of listed groups; further groups are only counted. */
  private static final int MAX_SET_ASIDE = 100;

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws IOException {
    Optional<Client> client = RouteFilter.client(request);
    ApiResponse.success(request, response, json -> write(json, client));
  }

  private void write(JsonGenerator json, Optional<Client> client) throws IOException {
    json.writeObjectFieldStart("data");
    ApiResponse.writeMap(json, "build_information", new TreeMap<>(options.buildInformation()));
    ApiResponse.writeMap(json, "flags", options.flags());
    json.writeArrayFieldStart("changed_flags");
    for (String name : options.changedFlags()) {
      json.writeString(name);
    }
    json.writeEndArray();
    json.writeStringField("start_time", options.startTime().toString());
    Optional<MetricStore> store = backend.store();
    if (store.isPresent()) {
      writeTotals(json, store.get().totals());
      writeSetAside(json, store.get());
    }
    writeProblem(json, "not_ready", backend.notReadyReason());
    writeProblem(json, "unhealthy", backend.unhealthyReason());
    if (client.isPresent()) {
      writeRoles(json, client.get());
    }
    writeJvm(json);
    json.writeEndObject();
  }

  private static void writeTotals(JsonGenerator json, Totals totals) throws IOException {
    long own = OWN_PER_GROUP * totals.groups();
    json.writeObjectFieldStart("totals");
    json.writeNumberField("groups", totals.groups());
    json.writeNumberField("families", totals.families() - own);
    json.writeNumberField("series", totals.series() - own);
    json.writeNumberField("bytes", totals.bytes());
    json.writeEndObject();
  }

  /**
   * Writes the groups with families that cannot be exposed beside others, so that an operator can
   * delete them.
   */
  private void writeSetAside(JsonGenerator json, MetricStore store) throws IOException {
    Map<GroupingKey, List<String>> hidden = store.hidden();
    if (hidden.isEmpty()) {
      return;
    }
    json.writeNumberField("set_aside_count", hidden.size());
    json.writeArrayFieldStart("set_aside");
    int written = 0;
    for (Map.Entry<GroupingKey, List<String>> group : hidden.entrySet()) {
      if (written++ == MAX_SET_ASIDE) {
        break;
      }
      json.writeStartObject();
      ApiResponse.writeMap(json, "labels", group.getKey().jobFirst());
      json.writeStringField("path", GroupPathWriter.write(group.getKey(), options.utf8Names()));
      json.writeArrayFieldStart("families");
      for (String name : group.getValue()) {
        json.writeString(name);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes the client's roles, so that the page offers only what the client may do. */
  private static void writeRoles(JsonGenerator json, Client client) throws IOException {
    json.writeArrayFieldStart("roles");
    for (Role role : Role.values()) {
      if (client.permissions().has(role)) {
        json.writeString(role.word());
      }
    }
    json.writeEndArray();
  }

  private static void writeProblem(JsonGenerator json, String name, Optional<String> reason)
      throws IOException {
    if (reason.isPresent()) {
      json.writeStringField(name, reason.get());
    }
  }

  private static void writeJvm(JsonGenerator json) throws IOException {
    Runtime runtime = Runtime.getRuntime();
    json.writeObjectFieldStart("jvm");
    json.writeStringField("name", System.getProperty("java.vm.name", ""));
    json.writeStringField("vendor", System.getProperty("java.vendor", ""));
    json.writeStringField("version", Runtime.version().toString());
    json.writeStringField(
        "os", System.getProperty("os.name", "") + ' ' + System.getProperty("os.arch", ""));
    json.writeNumberField("processors", runtime.availableProcessors());
    json.writeNumberField("heap_used_bytes", runtime.totalMemory() - runtime.freeMemory());
    json.writeNumberField("heap_max_bytes", runtime.maxMemory());
    json.writeEndObject();
  }
}
