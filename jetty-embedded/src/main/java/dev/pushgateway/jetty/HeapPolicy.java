package dev.pushgateway.jetty;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the JVM give memory back to the system that it does not need.
 *
 * <p>Without it, G1 begins with a heap of a 64th of the machine's memory, keeps up to 70 % of a
 * heap free, and looks at it only when something is allocated. What somebody has set on the JVM's
 * command line stays as it was set, and a JVM that has no such options goes on without them.
 *
 * <p>With 1M series stored, 20 s after the first scrape: 341 MB resident, of 555 MB at most (G1,
 * JDK 17, 2026-11-24); less with {@link IdleMemory}. A periodic collection takes 35 ms of processor
 * time with 1M series, 3 ms of them in stops, and is made every 5 s as long as nothing else makes
 * one.
 *
 * @see <a href="https://openjdk.org/jeps/346">JEP 346, of the periodic collection</a>
 */
final class HeapPolicy {
  private static final Logger LOG = LoggerFactory.getLogger(HeapPolicy.class);

  private static final String LEAST_FREE = "MinHeapFreeRatio";
  private static final String LEAST_PERCENT_AT_WORK = "20";
  private static final String LEAST_PERCENT_AT_REST = "1";
  private static final String MOST_FREE = "MaxHeapFreeRatio";
  private static final String MOST_PERCENT_AT_WORK = "30";
  private static final String MOST_PERCENT_AT_REST = "4";
  private static final String PERIODIC_INTERVAL = "G1PeriodicGCInterval";

  /** In this order: the least ratio must never be above the largest. */
  static final Map<String, String> OPTIONS = new LinkedHashMap<>();

  static {
    OPTIONS.put(LEAST_FREE, LEAST_PERCENT_AT_WORK);
    OPTIONS.put(MOST_FREE, MOST_PERCENT_AT_WORK);
    OPTIONS.put(PERIODIC_INTERVAL, String.valueOf(IdleMemory.USUALLY.toMillis()));
  }

  /** Loading what it takes to set an option costs a tenth of a second, which a start shall not. */
  private static final Duration DELAY = Duration.ofSeconds(5);

  private HeapPolicy() {}

  /** Sets the options in a while, on a thread of its own, which looks after memory from then on. */
  static void start() {
    Thread thread = new Thread(HeapPolicy::run, "heap-policy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void run() {
    try {
      Thread.sleep(DELAY.toMillis());
      set();
      Optional<IdleMemory> memory = HotSpotMemory.ofJvm().map(IdleMemory::new);
      while (memory.isPresent()) {
        Thread.sleep(IdleMemory.INTERVAL.toMillis());
        memory.get().look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sets those options that nobody has set. */
  static void set() {
    OPTIONS.forEach((name, value) -> set(name, VMOption.Origin.DEFAULT, value));
  }

  /**
   * Sets the interval of the periodic collection, if it is {@link #set} that turned it on.
   *
   * @param interval zero turns it off
   */
  static void collectEvery(Duration interval) {
    set(PERIODIC_INTERVAL, VMOption.Origin.MANAGEMENT, String.valueOf(interval.toMillis()));
  }

  /**
   * Has the collector leave little of the heap free, or more again, if it is {@link #set} that told
   * it how much. At work, it would collect all the time if there were little: a gzip scrape of 1M
   * series took half as much processor time again (2026-11-25).
   */
  static void keepLittleFree(boolean yes) {
    if (yes) {
      set(LEAST_FREE, VMOption.Origin.MANAGEMENT, LEAST_PERCENT_AT_REST);
      set(MOST_FREE, VMOption.Origin.MANAGEMENT, MOST_PERCENT_AT_REST);
    } else {
      set(MOST_FREE, VMOption.Origin.MANAGEMENT, MOST_PERCENT_AT_WORK);
      set(LEAST_FREE, VMOption.Origin.MANAGEMENT, LEAST_PERCENT_AT_WORK);
    }
  }

  /** Sets an option that has been set in a certain way so far. */
  private static void set(String name, VMOption.Origin origin, String value) {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (jvm == null) {
      return;
    }
    try {
      VMOption option = jvm.getVMOption(name);
      if (option.isWriteable() && option.getOrigin() == origin) {
        jvm.setVMOption(name, value);
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("the JVM does not take {}={}", name, value, e);
    }
  }
}
