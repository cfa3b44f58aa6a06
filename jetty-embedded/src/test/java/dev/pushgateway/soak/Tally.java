package dev.pushgateway.soak;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;

/** How requests of one kind went that should all be served: how long they took, and why not. */
final class Tally {
  /** Nanoseconds from connect to the last byte of the answer. */
  private final ConcurrentLinkedQueue<Long> durations = new ConcurrentLinkedQueue<>();

  /** How often by reason: a status and its sentence without figures, or an exception. */
  private final Map<String, Integer> failures = new ConcurrentSkipListMap<>();

  void request(Target target, byte[] request) {
    long start = System.nanoTime();
    String failure = failure(target, request);
    durations.add(System.nanoTime() - start);
    if (!failure.isEmpty()) {
      failures.merge(failure, 1, Integer::sum);
    }
  }

  private static String failure(Target target, byte[] request) {
    try {
      String answer = target.exchange(request);
      return answer.startsWith("HTTP/1.1 200 ") ? "" : reason(answer);
    } catch (IOException | RuntimeException e) {
      return e.toString();
    }
  }

  private static String reason(String answer) {
    String status = answer.replaceFirst("(?s)HTTP/1.1 (\\d+).*", "$1 ");
    String sentence = answer.replaceFirst("(?s).*?\r\n\r\n", "");
    return status + sentence.replaceAll("\\d+", "N").trim();
  }

  int count() {
    return durations.size();
  }

  /** Why and how often requests were not served. */
  Map<String, Integer> failures() {
    return Map.copyOf(failures);
  }

  @Override
  public String toString() {
    long[] sorted = durations.stream().mapToLong(Long::longValue).sorted().toArray();
    return String.format(
        "%d, not served %s; p50 %.1f ms, p99 %.1f ms, longest %.1f ms",
        sorted.length,
        failures.isEmpty() ? "none" : failures.toString(),
        quantileMillis(sorted, 0.5),
        quantileMillis(sorted, 0.99),
        quantileMillis(sorted, 1));
  }

  private static double quantileMillis(long[] sorted, double q) {
    int at = (int) Math.ceil(q * sorted.length) - 1;
    return sorted.length == 0 ? 0 : sorted[Math.max(0, at)] / 1e6;
  }
}
