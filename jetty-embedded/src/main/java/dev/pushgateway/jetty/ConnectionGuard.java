package dev.pushgateway.jetty;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.pushgateway.gateway.WebLimits;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes slow and idle connections to make room for others. Checks all connections four times a
 * second:
 *
 * <ul>
 *   <li>A client that sends a request or reads a response too slowly, or for too long, is
 *       disconnected.
 *   <li>At most {@value #MAX_SENDERS} requests wait for the rest of a large body. At most {@value
 *       #MAX_READERS} responses wait for their readers. Each of them holds a thread. The slowest
 *       are disconnected.
 *   <li>While there are more connections than the limit, connections without a request are closed:
 *       first those that never had a request, the oldest first. New connections are always
 *       accepted, because otherwise idle ones could keep all clients out.
 * </ul>
 *
 * <p>Only the thread of its scheduler uses its fields.
 */
final class ConnectionGuard extends AbstractLifeCycle {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuard.class);
  private static final long PERIOD_MILLIS = 250;

  /** Half of the default limit of concurrent pushes. */
  static final int MAX_SENDERS = 200;

  /**
   * 1/4 of the default limit of concurrent scrapes, so that scrapes which queue behind slow readers
   * are served soon.
   */
  static final int MAX_READERS = 10;

  /** A client that was waited for less than this is not disconnected as one of the slowest. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Open files that are not connections: jars, the persistence file, closing connections. */
  private static final long SPARE = 200;

  private final Server server;
  private final WebLimits limits;
  private final long maxConnections;
  private final Scheduler scheduler = new ScheduledExecutorScheduler("connection-guard", true);
  private final Map<EndPoint, WatchedConnection> watched = new HashMap<>();

  ConnectionGuard(Server server, WebLimits limits) {
    this.server = server;
    this.limits = limits;
    this.maxConnections = atMost(limits.maxConnections());
    if (maxConnections < limits.maxConnections()) {
      LOG.warn(
          "at most {} connections instead of {}: raise the limit of open files",
          maxConnections,
          limits.maxConnections());
    }
  }

  /** Lowers a number of connections to the limit of open files. */
  private static long atMost(long connections) {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return system instanceof UnixOperatingSystemMXBean unix
        ? Math.min(connections, Math.max(SPARE, unix.getMaxFileDescriptorCount() - SPARE))
        : connections;
  }

  @Override
  protected void doStart() throws Exception {
    scheduler.start();
    scheduleNext();
  }

  private void scheduleNext() {
    scheduler.schedule(this::checkConnections, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  protected void doStop() throws Exception {
    scheduler.stop();
  }

  private void checkConnections() {
    try {
      checkConnections(System.nanoTime());
    } catch (RuntimeException e) {
      LOG.error("cannot check the connections", e);
    }
    scheduleNext();
  }

  private void checkConnections(long now) {
    List<WatchedConnection> all = watchAll(now);
    List<WatchedConnection> senders = new ArrayList<>();
    List<WatchedConnection> readers = new ArrayList<>();
    for (WatchedConnection connection : all) {
      if (connection.isTooSlow(now, limits)) {
        connection.cutOff(now);
      } else if (connection.waitedNanos(now) > PATIENCE_NANOS && connection.holdsThread()) {
        (connection.isReading() ? readers : senders).add(connection);
      }
    }
    cutOffSlowest(senders, connection -> 1, MAX_SENDERS, now);
    cutOffSlowest(readers, WatchedConnection::waitingResponses, MAX_READERS, now);
    if (all.size() > maxConnections) {
      closeIdle(all);
    }
  }

  private List<WatchedConnection> watchAll(long now) {
    List<WatchedConnection> all = new ArrayList<>();
    for (Connector connector : server.getConnectors()) {
      for (EndPoint endPoint : connector.getConnectedEndPoints()) {
        WatchedConnection connection =
            watched.computeIfAbsent(endPoint, key -> new WatchedConnection(key, now));
        connection.updateActivity(now);
        all.add(connection);
      }
    }
    if (watched.size() > all.size()) {
      watched.keySet().removeIf(endPoint -> !endPoint.isOpen());
    }
    return all;
  }

  /** Disconnects the slowest clients until at most {@code most} requests wait. */
  private static void cutOffSlowest(
      List<WatchedConnection> waiting,
      ToIntFunction<WatchedConnection> requests,
      int most,
      long now) {
    waiting.sort(Comparator.comparingDouble(connection -> connection.bytesPerSecond(now)));
    int left = waiting.stream().mapToInt(requests).sum();
    for (WatchedConnection slow : waiting) {
      if (left <= most) {
        return;
      }
      left -= requests.applyAsInt(slow);
      slow.cutOff(now);
    }
  }

  /** Closes 10 % more connections than necessary, so that not every new connection closes one. */
  private void closeIdle(List<WatchedConnection> all) {
    all.stream()
        .filter(connection -> !connection.isRunning())
        .sorted(WatchedConnection.LEAST_USEFUL_FIRST)
        .limit(all.size() - maxConnections + maxConnections / 10)
        .forEach(WatchedConnection::close);
  }
}
