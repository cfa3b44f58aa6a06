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
 * What the servlets need to know of the settings, as plain values.
 *
 * @param routePrefix comes before each path: empty, or with a slash at the start and none at the
 *     end
 * @param externalPathPrefix the same as seen from outside, for links on the page
 * @param telemetryPath where metrics are scraped, below {@code routePrefix}
 * @param enableLifecycle whether {@code /-/quit} quits
 * @param enableAdminApi whether there is {@code /api/v1/admin/wipe}
 * @param checksConsistency whether pushes are checked before they are answered
 * @param utf8Names whether metric and label names may be any UTF-8 text
 * @param pushLimits how much a push may have
 * @param successStatus of accepted pushes
 * @param maxConcurrentScrapes how many scrapes and listings are sent at a time; 0 for any number
 * @param queryTimeout how long a listing may take; zero for any time
 * @param heapBytes how large the heap may become
 * @param origins from which pages browsers may send what
 * @param flags effective value of each flag by its name, as {@code /api/v1/status} shows them
 * @param changedFlags names of flags whose values differ from their defaults
 * @param buildInformation {@code version}, {@code revision}, {@code branch}, {@code buildUser},
 *     {@code buildDate}, {@code goVersion}
 * @param startTime when the gateway was started
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
