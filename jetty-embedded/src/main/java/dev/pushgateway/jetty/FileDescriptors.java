package dev.pushgateway.jetty;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** How many files, sockets among them, this process may have open. */
final class FileDescriptors {
  /** For jars, the persistence file, and those who wait to be closed. */
  private static final long SPARE = 200;

  private FileDescriptors() {}

  /** So many connections, or as many as there can be. */
  static long atMost(long connections) {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
      return Math.min(connections, Math.max(SPARE, unix.getMaxFileDescriptorCount() - SPARE));
    }
    return connections;
  }
}
