package dev.pushgateway.jetty;

import dev.pushgateway.gateway.WebLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.Callback;

/**
 * The activity of a connection, for {@link ConnectionGuard}.
 *
 * <pre>
 *   idle --first byte--> header --all of it--> running --response--> idle
 *                                              |  waits for the client, to send or to read, or
 *                                              '- works: its time does not count
 * </pre>
 *
 * <p>Many requests may begin and end between two checks. Only a request that both checks see is
 * timed.
 */
final class WatchedConnection {
  /** First connections without any request, then those whose last request ended the longest ago. */
  static final Comparator<WatchedConnection> LEAST_USEFUL_FIRST =
      Comparator.<WatchedConnection, Boolean>comparing(connection -> connection.requests > 0)
          .thenComparingLong(connection -> connection.sinceNanos);

  /** Time in which a request may arrive at any speed; the same as for bodies. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /**
   * Time in which a response may be read at any speed. A socket takes 1 or 2 MB at a time, and only
   * complete writes count, so that slow readers seem to pause for long.
   */
  private static final long READING_GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Time limit for the response to a client that is disconnected. */
  private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final byte[] TIMEOUT =
      String.join(
              "\r\n",
              "HTTP/1.1 408 Request Timeout",
              "Content-Type: text/plain; charset=utf-8",
              "X-Content-Type-Options: nosniff",
              "Content-Length: 32",
              "Connection: close",
              "",
              "The headers arrived too slowly.\n")
          .getBytes(StandardCharsets.US_ASCII);

  private enum Activity {
    IDLE,
    HEADER,
    SENDING,
    READING,
    WORKING
  }

  private final EndPoint endPoint;
  private Connection connection;
  private Activity activity = Activity.IDLE;
  private long requests;
  private long answers;

  /** Bytes in both directions when the activity began. */
  private long sinceBytes;

  /** Bytes received when the activity began. */
  private long sinceBytesIn;

  /** Bytes in both directions at the last check before the first byte of the request. */
  private long requestBytes;

  private long sinceNanos;
  private long bytes;
  private long bytesIn;

  /** The time of the disconnection; 0 if there was none. */
  private long cutOffNanos;

  WatchedConnection(EndPoint endPoint, long now) {
    this.endPoint = endPoint;
    this.sinceNanos = now;
  }

  /** Finds out what the connection does now. */
  void updateActivity(long now) {
    connection = inner(endPoint.getConnection());
    long newRequests = connection.getMessagesIn();
    long newAnswers = connection.getMessagesOut();
    long bytesBefore = bytes;
    bytesIn = connection.getBytesIn();
    bytes = bytesIn + connection.getBytesOut();
    boolean isSameRequest = newRequests == requests && newAnswers == answers;
    if (!isSameRequest) {
      if (activity != Activity.HEADER) {
        requestBytes = bytesBefore; // Much of it may have come before this check, in one burst.
      }
      startActivity(Activity.IDLE, now);
      requests = newRequests;
      answers = newAnswers;
      cutOffNanos = 0;
    }
    Activity newActivity = activity();
    if (newActivity != activity) {
      startActivity(newActivity, now);
      if (newActivity == Activity.HEADER) {
        requestBytes = bytesBefore; // A part of the body may also be here before Jetty counts it.
      }
    }
  }

  private void startActivity(Activity newActivity, long now) {
    activity = newActivity;
    sinceNanos = now;
    sinceBytes = bytes;
    sinceBytesIn = bytesIn;
  }

  /**
   * Returns the current activity. Jetty counts a response when its first byte is sent, not its
   * last.
   */
  private Activity activity() {
    if (hasPendingWrite() || requests <= answers && hasOpenStreams()) {
      return Activity.READING;
    }
    if (requests > answers) {
      return isWaitingForInput() ? Activity.SENDING : Activity.WORKING;
    }
    return activity == Activity.HEADER || hasBegunRequest() ? Activity.HEADER : Activity.IDLE;
  }

  /**
   * Returns whether a part of a request has arrived. Sent bytes belong to a response and do not
   * count. Bytes over HTTP/2 after the first request do not count either: clients send frames that
   * belong to no request, such as pings.
   */
  private boolean hasBegunRequest() {
    boolean isOther = connection instanceof HTTP2Connection && requests > 0;
    return !isOther && bytesIn > sinceBytesIn;
  }

  /** Returns whether responses over HTTP/2 wait until the client accepts more bytes. */
  private boolean hasOpenStreams() {
    return connection instanceof HTTP2Connection http2
        && !http2.getSession().getStreams().isEmpty();
  }

  private boolean hasPendingWrite() {
    return connection.getEndPoint() instanceof AbstractEndPoint inside
        && inside.getWriteFlusher().isPending();
  }

  /**
   * Returns whether Jetty waits for bytes. Always true over HTTP/2: a connection waits for the next
   * frame, needed or not.
   */
  private boolean isWaitingForInput() {
    return connection.getEndPoint().isFillInterested();
  }

  /** Returns the HTTP connection, which may be inside a TLS connection. */
  private static Connection inner(Connection outer) {
    return outer instanceof SslConnection ssl && ssl.getSslEndPoint().getConnection() != null
        ? ssl.getSslEndPoint().getConnection()
        : outer;
  }

  boolean isRunning() {
    return requests > answers || isReading();
  }

  /** Returns whether a thread waits for the client; {@link BodyCollector} waits without one. */
  boolean holdsThread() {
    return isRunning() && (isReading() || bytes - requestBytes > BodyCollector.MAX_BYTES);
  }

  /**
   * Returns how many responses wait for the client. Over HTTP/2 there may be many. They wait until
   * the client reads from the socket, or accepts more bytes on the connection or on their streams.
   */
  int waitingResponses() {
    if (!(connection instanceof HTTP2Connection http2)) {
      return 1;
    }
    boolean allWait = hasPendingWrite() || http2.getSession().getSendWindow() <= 0;
    int waiting = 0;
    for (Stream stream : http2.getSession().getStreams()) {
      boolean waits = stream instanceof HTTP2Stream inside && inside.getSendWindow() <= 0;
      waiting += allWait || waits ? 1 : 0;
    }
    return waiting;
  }

  boolean isReading() {
    return activity == Activity.READING;
  }

  long waitedNanos(long now) {
    boolean waits = activity != Activity.IDLE && activity != Activity.WORKING;
    return waits ? now - sinceNanos : 0;
  }

  double bytesPerSecond(long now) {
    return (bytes - sinceBytes) * 1e9 / Math.max(1, now - sinceNanos);
  }

  boolean isTooSlow(long now, WebLimits limits) {
    long waited = waitedNanos(now);
    long timeout = limits.requestTimeout().toNanos();
    long grace = isReading() ? READING_GRACE_NANOS : GRACE_NANOS;
    return waited > grace && bytesPerSecond(now) < limits.minBytesPerSecond()
        || timeout > 0 && waited > timeout;
  }

  /** Ends the current request, with a response if possible. */
  void cutOff(long now) {
    if (isReading()) {
      close(); // The client does not read; no response would reach it.
      return;
    }
    if (cutOffNanos != 0) {
      if (now - cutOffNanos > FAREWELL_NANOS) {
        close();
      }
      return;
    }
    cutOffNanos = now;
    TimeoutException reason = new TimeoutException("the client is too slow");
    if (connection instanceof HTTP2Connection http2) {
      http2.getSession().close(ErrorCode.ENHANCE_YOUR_CALM_ERROR.code, "too slow", Callback.NOOP);
    } else if (activity == Activity.HEADER && !hasPendingWrite()) {
      EndPoint inside = connection.getEndPoint();
      inside.write(Callback.from(inside::close), ByteBuffer.wrap(TIMEOUT));
    } else if (connection.onIdleExpired(reason)) {
      endPoint.close(reason);
    }
  }

  void close() {
    endPoint.close();
  }
}
