package dev.pushgateway.jetty;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets options of the running JVM that make it return unused memory to the system. {@code java
 * -jar} has no other place for such options.
 *
 * <p>With 1M series stored, 349 MB are resident 20 s after the fill and a scrape; without these
 * options 567 MB (benchmark {@code memory-1m}, G1, JDK 17, 2026-11-30). A periodic collection then
 * costs 12 ms of processor time per second.
 *
 * <p>Without these options, G1 starts with a heap of 1/64 of the machine's memory. It leaves up to
 * 70 % of the heap free, and collects only when something is allocated. An option on the JVM's
 * command line keeps its value. A JVM without an option ignores it.
 *
 * @see <a href="https://openjdk.org/jeps/346">JEP 346, the periodic collection</a>
 */
final class HeapOptions {
  private static final Logger LOG = LoggerFactory.getLogger(HeapOptions.class);

  /**
   * Delay, because loading the classes that set an option takes 0.1 s and must not slow the start.
   */
  private static final Duration DELAY = Duration.ofSeconds(5);

  /** In this order: the minimum must never exceed the maximum. */
  static final Map<String, String> OPTIONS = new LinkedHashMap<>();

  static {
    OPTIONS.put("MinHeapFreeRatio", "20");
    OPTIONS.put("MaxHeapFreeRatio", "30");
    OPTIONS.put("G1PeriodicGCInterval", "5000");
  }

  /** From this version on, G1 moves large arrays before it runs out of memory (JDK-8191565). */
  private static final int MOVING_G1 = 21;

  /**
   * Below this heap size, G1 has regions of 1 MB. G1 does not move arrays of half a region or more.
   */
  private static final long SMALL_HEAP_BYTES = 1L << 30;

  private HeapOptions() {}

  /** Sets the options after 5 s, on a thread of its own. */
  static void setLater() {
    Runnable act =
        () -> {
          LockSupport.parkNanos(DELAY.toNanos());
          set();
          if (mayRunOutOfRoom(
              Runtime.version().feature(), Runtime.getRuntime().maxMemory(), isSet("UseG1GC"))) {
            LOG.warn(
                "G1 may find no room for a large push in a heap of this size; use -XX:+UseSerialGC, or"
                    + " JDK {} or newer",
                MOVING_G1);
          }
        };
    Thread thread = new Thread(act, "heap-options");
    thread.setDaemon(true);
    thread.start();
  }

  /** Sets the options that still have the JVM's default value. */
  static void set() {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (jvm != null) {
      OPTIONS.forEach((name, value) -> set(jvm, name, value));
    }
  }

  /** Returns whether large arrays, which G1 does not move, may fragment a small heap. */
  static boolean mayRunOutOfRoom(int javaVersion, long heapBytes, boolean isG1) {
    return isG1 && javaVersion < MOVING_G1 && heapBytes < SMALL_HEAP_BYTES;
  }

  private static boolean isSet(String name) {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    try {
      return jvm != null && Boolean.parseBoolean(jvm.getVMOption(name).getValue());
    } catch (IllegalArgumentException unknown) {
      return false;
    }
  }

  private static void set(HotSpotDiagnosticMXBean jvm, String name, String value) {
    try {
      VMOption option = jvm.getVMOption(name);
      if (option.isWriteable() && option.getOrigin() == VMOption.Origin.DEFAULT) {
        jvm.setVMOption(name, value);
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("the JVM does not take {}={}", name, value, e);
    }
  }
}
