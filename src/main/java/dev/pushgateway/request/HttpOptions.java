package dev.pushgateway.request;

import dev.pushgateway.admission.PushLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The settings that the servlets need, as plain values.
 *
 * @param routePrefix prefix of all paths: empty, or with a slash at the start and none at the end
 * @param externalPathPrefix the prefix that clients see, for links on the page
 * @param telemetryPath path of scrapes, below {@code routePrefix}
 * @param enableLifecycle whether {@code /-/quit} is enabled
 * @param enableAdminApi whether {@code /api/v1/admin/wipe} is enabled
 * @param checksConsistency whether pushes are checked before the response
 * @param utf8Names whether metric and label names may be any UTF-8 text
 * @param pushLimits limits of a push
 * @param successStatus status of accepted pushes
 * @param maxConcurrentScrapes limit of concurrent scrapes and listings; 0 for no limit
 * @param queryTimeout time limit of a listing; zero for no limit
 * @param heapBytes maximum size of the heap
 * @param origins the pages that browsers may send requests for
 * @param flags effective value of each flag by its name, as {@code /api/v1/status} shows them
 * @param changedFlags names of flags whose values differ from their defaults
 * @param buildInformation {@code version}, {@code revision}, {@code branch}, {@code buildUser},
 *     {@code buildDate}, {@code goVersion}
 * @param startTime start of the gateway
 * @param quit asks the process to end; must return at once
 */
public record HttpOptions(
    String routePrefix,
    String externalPathPrefix,
    String telemetryPath,
    boolean enableLifecycle,
    boolean enableAdminApi,
    boolean checksConsistency,
    boolean utf8Names,
    PushLimits pushLimits,
    int successStatus,
    long maxConcurrentScrapes,
    Duration queryTimeout,
    long heapBytes,
    Origins origins,
    SortedMap<String, String> flags,
    List<String> changedFlags,
    Map<String, String> buildInformation,
    Instant startTime,
    Runnable quit) {

  public HttpOptions {
    flags = Collections.unmodifiableSortedMap(new TreeMap<>(flags));
    changedFlags = List.copyOf(changedFlags);
    buildInformation = Map.copyOf(buildInformation);
  }
}
