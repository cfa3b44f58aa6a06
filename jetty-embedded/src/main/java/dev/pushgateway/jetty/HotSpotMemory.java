package dev.pushgateway.jetty;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Optional;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The memory of this JVM, if it is a HotSpot one with the G1 collector. */
final class HotSpotMemory implements IdleMemory.Jvm {
  private static final Logger LOG = LoggerFactory.getLogger(HotSpotMemory.class);
  private static final String G1_POOL = "G1 Old Gen";

  private final OperatingSystemMXBean process;
  private final MemoryPoolMXBean oldGeneration;
  private final boolean isFixed;

  private HotSpotMemory(
      OperatingSystemMXBean process, MemoryPoolMXBean oldGeneration, boolean isFixed) {
    this.process = process;
    this.oldGeneration = oldGeneration;
    this.isFixed = isFixed;
  }

  /**
   * Of this JVM; empty if it does not tell what is needed, or has another collector: the serial one
   * gives nothing back when it compacts (JDK 17 and 25).
   */
  static Optional<HotSpotMemory> ofJvm() {
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (process == null || process.getProcessCpuTime() < 0 || jvm == null) {
      return Optional.empty();
    }
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals(G1_POOL))
        .findFirst()
        .map(pool -> new HotSpotMemory(process, pool, isFixed(jvm)));
  }

  /** A small heap may begin with all it can have; it is fixed if somebody wants that. */
  private static boolean isFixed(HotSpotDiagnosticMXBean jvm) {
    MemoryUsage heap = heap();
    VMOption initial = jvm.getVMOption("InitialHeapSize");
    return heap.getInit() == heap.getMax() && initial.getOrigin() != VMOption.Origin.ERGONOMIC;
  }

  private static MemoryUsage heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
  }

  @Override
  public long processorNanos() {
    return process.getProcessCpuTime();
  }

  @Override
  public long storedBytes() {
    return oldGeneration.getUsage().getUsed();
  }

  @Override
  public long freeBytes() {
    MemoryUsage heap = heap();
    return heap.getCommitted() - heap.getUsed();
  }

  @Override
  public boolean canShrink() {
    return !isFixed;
  }

  @Override
  public void keepLittleFree(boolean yes) {
    HeapOptions.keepLittleFree(yes);
  }

  @Override
  public void collectEvery(Duration interval) {
    HeapOptions.collectEvery(interval);
  }

  @Override
  public void compact() {
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
