package dev.pushgateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pushgateway.exposition.FamilyBlock;
import dev.pushgateway.exposition.Labels;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.GroupingKey;
import dev.pushgateway.store.MetricStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * {@code GET /api/v1/metrics}: all groups as they are at one moment, in a stable order.
 *
 * <pre>
 *   [ { "labels": { "job": "x", … }, "last_push_successful": true,
 *       "some_metric": { "time_stamp": "2026-11-22T…Z", "type": "GAUGE", "help": "…",
 *                        "metrics": [ { "labels": {…}, "value": "1" }, … ] },
 *       …, "push_time_seconds": {…} }, … ]
 * </pre>
 *
 * <p>Written as it is read: memory does not grow with the answer.
 */
final class ListingHandler implements Endpoint {
  private static final String LABELS = "labels";
  private static final String LAST_PUSH_SUCCESSFUL = "last_push_successful";
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Backend backend;

  ListingHandler(Backend backend) {
    this.backend = backend;
  }

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws RequestRefusedException, IOException {
    MetricStore store = Stores.ready(backend);
    ApiResponse.success(request, response, json -> writeGroups(json, store.groups()));
  }

  private static void writeGroups(JsonGenerator json, List<Group> groups) throws IOException {
    json.writeStartArray();
    for (Group group : groups) {
      writeGroup(json, group);
    }
    json.writeEndArray();
  }

  private static void writeGroup(JsonGenerator json, Group group) throws IOException {
    json.writeStartObject();
    // As in Go, a family of one of these two names takes its place.
    if (group.family(LABELS) == null) {
      writeLabels(json, group.key());
    }
    if (group.family(LAST_PUSH_SUCCESSFUL) == null) {
      json.writeBooleanField(LAST_PUSH_SUCCESSFUL, group.lastPushSuccessful());
    }
    for (Group.Family family : group.families()) {
      writeFamily(json, family);
    }
    json.writeEndObject();
  }

  private static void writeLabels(JsonGenerator json, GroupingKey key) throws IOException {
    writeLabels(json, key.labels());
  }

  private static void writeFamily(JsonGenerator json, Group.Family family) throws IOException {
    FamilyBlock block = family.block();
    json.writeObjectFieldStart(block.name());
    json.writeStringField("time_stamp", timestamp(family.timeNanos()));
    json.writeStringField("type", block.type().name());
    if (block.help() != null && !block.help().isEmpty()) {
      json.writeStringField("help", block.help());
    }
    json.writeArrayFieldStart("metrics");
    for (int i = 0; i < block.size(); i++) {
      MetricJson.write(json, block.metric(i), block.type());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  static void writeLabels(JsonGenerator json, Labels labels) throws IOException {
    json.writeObjectFieldStart(LABELS);
    for (int i = 0; i < labels.size(); i++) {
      json.writeStringField(labels.name(i), labels.value(i));
    }
    json.writeEndObject();
  }

  /** As RFC 3339 has it, to the nanosecond. */
  static String timestamp(long nanos) {
    return Instant.ofEpochSecond(
            Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND))
        .toString();
  }
}
