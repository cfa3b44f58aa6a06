package dev.pushgateway.listing;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pushgateway.admission.OverloadedException;
import dev.pushgateway.admission.RunningScrapes;
import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.request.ApiResponse;
import dev.pushgateway.request.Backend;
import dev.pushgateway.request.ClientConnection;
import dev.pushgateway.request.Endpoint;
import dev.pushgateway.request.EntityTags;
import dev.pushgateway.request.GroupPath;
import dev.pushgateway.request.GroupPathWriter;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.request.QueryEndedException;
import dev.pushgateway.request.QueryString;
import dev.pushgateway.request.QueryTime;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.selector.Steps;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.Group.Family;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.MetricStore.Snapshot;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * {@code GET /api/v1/metrics}: all groups at one moment, in a stable order, or those that the
 * parameters select (see {@link ListingQuery}).
 *
 * <p>The response is written while it is produced, so that memory does not grow with its length. At
 * most one summary or histogram is decoded at a time.
 */
public final class ListingHandler implements Endpoint {
  /**
   * Bytes of memory per byte of a message: up to 15 to decode it, up to 30 for its buckets in JSON.
   */
  private static final long DECODED_GROWTH = 45;

  private final Backend backend;
  private final RunningScrapes running;
  private final GroupPath groupPath;
  private final boolean utf8Names;
  private final Duration queryTimeout;
  private final Clock clock;

  /** Tells the versions of this process's store from those of another process. */
  private final String instance = UUID.randomUUID().toString().substring(0, 8);

  public ListingHandler(HttpOptions options, Backend backend, RunningScrapes running, Clock clock) {
    this.backend = backend;
    this.running = running;
    this.utf8Names = options.utf8Names();
    this.groupPath = new GroupPath(utf8Names, 1);
    this.queryTimeout = options.queryTimeout();
    this.clock = clock;
  }

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws IOException {
    try {
      MetricStore store = backend.readyStore();
      Map<String, Set<String>> parameters = QueryString.parse(request.getQueryString());
      RunningScrapes.Lease lease =
          running.begin(store, request.getRemoteAddr(), ClientConnection.of(request)::close);
      try {
        lease.reserve(ListingQuery.bytes(parameters));
        ListingQuery query = ListingQuery.parse(parameters, groupPath, clock.instant());
        Snapshot snapshot = store.snapshot();
        if (!query.groupsOnly()) {
          lease.reserve(DECODED_GROWTH * longestRichMetric(snapshot.groups()));
        }
        answer(request, response, query, snapshot, lease);
      } finally {
        lease.close();
      }
    } catch (OverloadedException | QueryEndedException e) {
      ApiResponse.refusal(response, RequestRefusedException.unavailable(e.getMessage()));
    } catch (RequestRefusedException e) {
      ApiResponse.refusal(response, e);
    }
  }

  /** Returns the length in bytes of the longest message that must be decoded for the listing. */
  private static int longestRichMetric(List<Group> groups) {
    int longest = 0;
    for (Group group : groups) {
      for (Family family : group.families()) {
        FamilyBlock block = family.block();
        boolean mayBeLonger = block.hasProtobuf() && block.protobuf().length > longest;
        for (int i = 0; mayBeLonger && i < block.size(); i++) {
          longest = Math.max(longest, block.protobufStart(i + 1) - block.protobufStart(i));
        }
      }
    }
    return longest;
  }

  private void answer(
      HttpServletRequest request,
      HttpServletResponse response,
      ListingQuery query,
      Snapshot snapshot,
      RunningScrapes.Lease lease)
      throws IOException {
    String tag = EntityTags.weak(instance + '-' + snapshot.version());
    ApiResponse.setVary(response);
    if (!query.dependsOnTime() && EntityTags.isAnswered(request, response, tag)) {
      return;
    }
    QueryTime time = new QueryTime(queryTimeout, ClientConnection.of(request));
    GroupPager pager = new GroupPager(snapshot.groups(), query, time);
    ApiResponse.success(
        request,
        response,
        out -> time.uncounted(lease.sending(out)),
        json -> writePage(json, pager, query, time));
  }

  private void writePage(JsonGenerator json, GroupPager pager, ListingQuery query, Steps steps)
      throws IOException {
    json.writeArrayFieldStart("data");
    Optional<ListingCursor> next = pager.list(group -> write(json, group, query, steps));
    json.writeEndArray();
    if (next.isPresent()) {
      json.writeStringField("next_cursor", next.get().encode());
    }
    if (query.counted()) {
      json.writeNumberField("count", pager.count());
    }
  }

  private void write(JsonGenerator json, ListedGroup listed, ListingQuery query, Steps steps)
      throws IOException {
    if (query.groupsOnly()) {
      Group group = listed.group();
      GroupJson.writeSummary(json, group, GroupPathWriter.write(group.key(), utf8Names));
    } else {
      GroupJson.write(json, listed, query, steps);
    }
  }
}
