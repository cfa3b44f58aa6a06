package dev.pushgateway.listing;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.listing.ListedGroup.ListedFamily;
import dev.pushgateway.model.Labels;
import dev.pushgateway.selector.Steps;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.Group.Family;
import java.io.IOException;
import java.time.Instant;
import java.util.BitSet;

/**
 * A group in the JSON of a listing.
 *
 * <pre>
 *   { "labels": { "job": "x", … }, "last_push_successful": true,
 *     "some_metric": { "time_stamp": "2026-11-22T…Z", "type": "GAUGE", "help": "…",
 *                      "metrics": [ { "labels": {…}, "value": "1" }, … ] },
 *     …, "push_time_seconds": {…} }
 * </pre>
 *
 * <p>If the query asks for groups only:
 *
 * <pre>
 *   { "labels": {…}, "path": "metrics/job/x", "last_push_successful": true,
 *     "push_time": "2026-11-22T…Z", "push_failure_time": null,
 *     "families": [ "some_metric", … ], "series": 7, "bytes": 312 }
 * </pre>
 */
public final class GroupJson {
  static final String LABELS = "labels";
  private static final String LAST_PUSH_SUCCESSFUL = "last_push_successful";

  private GroupJson() {}

  /** Writes a group with the metrics that the query selects. */
  static void write(JsonGenerator json, ListedGroup listed, ListingQuery query, Steps steps)
      throws IOException {
    Group group = listed.group();
    json.writeStartObject();
    // Go does the same: a family of this name takes the place of the field.
    if (group.family(LABELS) == null) {
      writeLabels(json, group.key().labels());
    }
    if (group.family(LAST_PUSH_SUCCESSFUL) == null) {
      json.writeBooleanField(LAST_PUSH_SUCCESSFUL, group.lastPushSuccessful());
    }
    for (ListedFamily family : listed.families()) {
      writeFamily(json, family, query, steps);
    }
    json.writeEndObject();
  }

  private static void writeFamily(
      JsonGenerator json, ListedFamily listed, ListingQuery query, Steps steps) throws IOException {
    FamilyBlock block = listed.family().block();
    json.writeObjectFieldStart(block.name());
    json.writeStringField("time_stamp", timestamp(listed.family().timeNanos()));
    json.writeStringField("type", block.type().name());
    if (block.help() != null && !block.help().isEmpty()) {
      json.writeStringField("help", block.help());
    }
    json.writeArrayFieldStart("metrics");
    writeMetrics(json, listed, query, steps);
    json.writeEndArray();
    if (query.firstMetric() > 0 || listed.count() > query.maxMetrics()) {
      json.writeNumberField("metrics_count", listed.count());
    }
    json.writeEndObject();
  }

  private static void writeMetrics(
      JsonGenerator json, ListedFamily listed, ListingQuery query, Steps steps) throws IOException {
    FamilyBlock block = listed.family().block();
    BitSet metrics = listed.metrics();
    PlainMetricJson plain = PlainMetricJson.suits(block) ? new PlainMetricJson(json, block) : null;
    int passed = 0;
    int written = 0;
    for (int i = metrics.nextSetBit(0); i >= 0; i = metrics.nextSetBit(i + 1)) {
      steps.step();
      if (written == query.maxMetrics()) {
        return;
      }
      if (passed++ >= query.firstMetric()) {
        if (plain != null) {
          plain.write(i);
        } else {
          MetricJson.write(json, block, i);
        }
        written++;
      }
    }
  }

  /**
   * Writes a group without its metrics. The families and the series leave out the two that the
   * gateway adds to each group; the bytes include them.
   */
  static void writeSummary(JsonGenerator json, Group group, String path) throws IOException {
    json.writeStartObject();
    writeLabels(json, group.key().labels());
    json.writeStringField("path", path);
    json.writeBooleanField(LAST_PUSH_SUCCESSFUL, group.lastPushSuccessful());
    writeTime(json, "push_time", group.pushTimeNanos());
    writeTime(json, "push_failure_time", group.failureTimeNanos());
    json.writeArrayFieldStart("families");
    for (Family family : group.families()) {
      if (!GroupSort.isOwn(family.name())) {
        json.writeString(family.name());
      }
    }
    json.writeEndArray();
    json.writeNumberField("series", GroupSort.series(group));
    json.writeNumberField("bytes", GroupSort.bytes(group));
    json.writeEndObject();
  }

  private static void writeTime(JsonGenerator json, String name, long nanos) throws IOException {
    if (nanos == 0) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, timestamp(nanos));
    }
  }

  static void writeLabels(JsonGenerator json, Labels labels) throws IOException {
    json.writeObjectFieldStart(LABELS);
    for (int i = 0; i < labels.size(); i++) {
      json.writeStringField(labels.name(i), labels.value(i));
    }
    json.writeEndObject();
  }

  /**
   * Returns a time in RFC 3339 format, to the nanosecond.
   *
   * @param nanos since 1970
   */
  public static String timestamp(long nanos) {
    return Instant.ofEpochSecond(0, nanos).toString();
  }
}
