package dev.pushgateway.jetty;

import java.time.Duration;
import java.util.Optional;

/**
 * Makes the JVM give memory back to the system that it does not need: sets {@link HeapOptions}, and
 * looks after {@link IdleMemory} from then on.
 *
 * <p>With 1M series stored, 20 s after the first scrape: 341 MB resident, of 555 MB at most (G1,
 * JDK 17, 2026-11-24); less with {@link IdleMemory}. A periodic collection takes 35 ms of processor
 * time with 1M series, 3 ms of them in stops, and is made every 5 s as long as nothing else makes
 * one.
 */
final class HeapPolicy {
  /** Loading what it takes to set an option costs a tenth of a second, which a start shall not. */
  private static final Duration DELAY = Duration.ofSeconds(5);

  private HeapPolicy() {}

  /** Begins in a while, on a thread of its own. */
  static void start() {
    Thread thread = new Thread(HeapPolicy::run, "heap-policy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void run() {
    try {
      Thread.sleep(DELAY.toMillis());
      HeapOptions.set();
      Optional<IdleMemory> memory = HotSpotMemory.ofJvm().map(IdleMemory::new);
      while (memory.isPresent()) {
        Thread.sleep(IdleMemory.INTERVAL.toMillis());
        memory.get().look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
