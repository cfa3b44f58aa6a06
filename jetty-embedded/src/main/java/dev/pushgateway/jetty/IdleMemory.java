package dev.pushgateway.jetty;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives memory back in the first quiet moment after the gateway has worked: the heap is compacted,
 * and what the compiler of the JVM has freed goes back to the system.
 *
 * <pre>
 *   processor  ▇▇▇▇▇▇▁▂▁ ▁▁▁▁▁▁▁▂▁▁▁▁▁▁▁▁▁▁ ▂▁▁▁▁
 *   heap       ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▃▃▃▃▃▃▂▂▂▂▂▂▂▂▂
 *   looks           busy  quiet  busy  quiet → gives back    quiet, too little done since
 * </pre>
 *
 * <p>The collector's own periodic cycle frees whole regions only, and moves nothing as long as
 * nothing is allocated. Compacting stops all threads: for 34 ms with 1M series in 1,000 groups, 51
 * ms with 200k in 20,000 (G1, JDK 17, 2 processors, 2026-11-25); so it is done when nobody waits,
 * and a large heap is left alone, as is one of a fixed size. It waits for the collector's cycle to
 * have given free regions back: in the same stop, that took another 11 to 17 ms. It takes at most a
 * fiftieth of the time that was worked.
 *
 * <p>Not thread-safe.
 */
final class IdleMemory {
  /** How often to look. */
  static final Duration INTERVAL = Duration.ofSeconds(3);

  /** Of processor time between two looks; more is not quiet: a hundredth of one processor. */
  static final long QUIET_NANOS = INTERVAL.toNanos() / 100;

  /** Of processor time since memory was last given back; with less, there is little to give. */
  static final long WORTHWHILE_NANOS = Duration.ofSeconds(2).toNanos();

  /**
   * After so many quiet looks it does not wait for the collector any more: not all have a cycle.
   */
  static final int PATIENCE = 4;

  /** More than the collector leaves free when its cycle has run. */
  private static final long MUCH_FREE_BYTES = 64L << 20;

  /** Above this, a compaction may take a tenth of a second and more. */
  private static final long LARGE_HEAP_BYTES = 300L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(IdleMemory.class);

  private final LongSupplier processorNanos;
  private final BooleanSupplier pays;
  private final BooleanSupplier hasShrunk;
  private final Runnable giveBack;
  private long lastLook;
  private long lastTime;
  private int quietLooks;

  /**
   * Starts to watch.
   *
   * @param processorNanos the processor time used so far
   * @param pays whether giving back is allowed now, and may be of use
   * @param hasShrunk whether the collector has given free memory back by itself
   */
  IdleMemory(
      LongSupplier processorNanos,
      BooleanSupplier pays,
      BooleanSupplier hasShrunk,
      Runnable giveBack) {
    this.processorNanos = processorNanos;
    this.pays = pays;
    this.hasShrunk = hasShrunk;
    this.giveBack = giveBack;
    lastLook = processorNanos.getAsLong();
  }

  /** For this JVM; empty if it does not tell what it has worked. */
  static Optional<IdleMemory> ofJvm() {
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return process == null || process.getProcessCpuTime() < 0
        ? Optional.empty()
        : Optional.of(
            new IdleMemory(
                process::getProcessCpuTime,
                IdleMemory::isSmall,
                IdleMemory::hasLittleFree,
                IdleMemory::compact));
  }

  private static boolean isSmall() {
    MemoryUsage heap = heap();
    return heap.getUsed() <= LARGE_HEAP_BYTES && heap.getInit() != heap.getMax();
  }

  private static boolean hasLittleFree() {
    MemoryUsage heap = heap();
    return heap.getCommitted() - heap.getUsed() <= MUCH_FREE_BYTES;
  }

  private static MemoryUsage heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
  }

  /** To be called at each {@link #INTERVAL}. */
  void look() {
    long now = processorNanos.getAsLong();
    boolean quiet = now - lastLook <= QUIET_NANOS;
    lastLook = now;
    quietLooks = quiet ? quietLooks + 1 : 0;
    if (quiet
        && now - lastTime >= WORTHWHILE_NANOS
        && pays.getAsBoolean()
        && (hasShrunk.getAsBoolean() || quietLooks >= PATIENCE)) {
      giveBack.run();
      lastLook = processorNanos.getAsLong();
      lastTime = lastLook;
    }
  }

  private static void compact() {
    long start = System.nanoTime();
    System.gc();
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    LOG.debug("nothing to do; the heap was compacted in {} ms", millis);
    trimNativeHeap();
  }

  /** As {@code jcmd PID System.trim_native_heap} does, where the JVM and its C library can. */
  private static void trimNativeHeap() {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    try {
      ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
      String[] signature = {String[].class.getName()};
      beans.invoke(commands, "systemTrimNativeHeap", new Object[] {null}, signature);
    } catch (JMException | JMRuntimeException e) {
      LOG.debug("the JVM cannot trim its native heap", e);
    }
  }
}
