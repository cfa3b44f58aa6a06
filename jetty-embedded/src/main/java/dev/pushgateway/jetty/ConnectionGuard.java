package dev.pushgateway.jetty;

import dev.pushgateway.gateway.WebLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that clients which hold connections without using them leave room for those that do.
 * Looks at all connections four times a second:
 *
 * <ul>
 *   <li>Who sends a request or reads an answer too slowly, or for too long, is cut off.
 *   <li>While more than {@value #MAX_SENDERS} requests wait for the rest of a large body, or
 *       {@value #MAX_READERS} answers for somebody to read them, those that are slowest are cut off
 *       as well: each holds a thread, and there are only so many.
 *   <li>While there are more connections than there may be, those without a request are closed:
 *       first those that never had one, of these the oldest. New ones are always taken, as
 *       otherwise idle ones could keep everybody out.
 * </ul>
 *
 * <p>Its fields belong to the thread of its scheduler.
 */
final class ConnectionGuard extends AbstractLifeCycle {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuard.class);
  private static final long PERIOD_MILLIS = 250;

  /** Half of the pushes that may be served at a time by default. */
  static final int MAX_SENDERS = 200;

  /**
   * A quarter of the scrapes that may be served at a time by default, so that those who wait for
   * their turn behind slow readers have it soon.
   */
  static final int MAX_READERS = 10;

  /** Those who have waited less are not cut off for being slow, however many there are. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Server server;
  private final WebLimits limits;
  private final long maxConnections;
  private final Scheduler scheduler = new ScheduledExecutorScheduler("connection-guard", true);
  private final Map<EndPoint, WatchedConnection> watched = new HashMap<>();

  ConnectionGuard(Server server, WebLimits limits) {
    this.server = server;
    this.limits = limits;
    this.maxConnections = FileDescriptors.atMost(limits.maxConnections());
    if (maxConnections < limits.maxConnections()) {
      LOG.warn(
          "{} connections instead of {}, as no more files may be open",
          maxConnections,
          limits.maxConnections());
    }
  }

  @Override
  protected void doStart() throws Exception {
    scheduler.start();
    scheduleNext();
  }

  private void scheduleNext() {
    scheduler.schedule(this::look, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  protected void doStop() throws Exception {
    scheduler.stop();
  }

  private void look() {
    try {
      look(System.nanoTime());
    } catch (RuntimeException e) {
      LOG.error("could not look after the connections", e);
    }
    scheduleNext();
  }

  private void look(long now) {
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
    cutOffSlowest(senders, MAX_SENDERS, now);
    cutOffSlowest(readers, MAX_READERS, now);
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
        connection.look(now);
        all.add(connection);
      }
    }
    if (watched.size() > all.size()) {
      watched.keySet().removeIf(endPoint -> !endPoint.isOpen());
    }
    return all;
  }

  private static void cutOffSlowest(List<WatchedConnection> waiting, int most, long now) {
    if (waiting.size() <= most) {
      return;
    }
    waiting.sort(Comparator.comparingDouble(connection -> connection.bytesPerSecond(now)));
    for (WatchedConnection connection : waiting.subList(0, waiting.size() - most)) {
      connection.cutOff(now);
    }
  }

  /** A tenth more than need be, so that not each new connection makes us look for one to close. */
  private void closeIdle(List<WatchedConnection> all) {
    List<WatchedConnection> idle = new ArrayList<>();
    for (WatchedConnection connection : all) {
      if (!connection.isRunning()) {
        idle.add(connection);
      }
    }
    idle.sort(WatchedConnection.LEAST_USEFUL_FIRST);
    long tooMany = all.size() - maxConnections + maxConnections / 10;
    for (WatchedConnection connection : idle.subList(0, (int) Math.min(tooMany, idle.size()))) {
      connection.close();
    }
  }
}
