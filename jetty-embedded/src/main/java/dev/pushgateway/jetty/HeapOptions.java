package dev.pushgateway.jetty;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Options of the JVM that can be set while it runs: how much of the heap the collector leaves free,
 * and when it works without need.
 *
 * <p>Without them, G1 begins with a heap of a 64th of the machine's memory, keeps up to 70 % of a
 * heap free, and looks at it only when something is allocated. What somebody has set on the JVM's
 * command line stays as it was set, and a JVM that has no such options goes on without them.
 *
 * @see <a href="https://openjdk.org/jeps/346">JEP 346, of the periodic collection</a>
 */
final class HeapOptions {
  private static final Logger LOG = LoggerFactory.getLogger(HeapOptions.class);

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

  private HeapOptions() {}

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
