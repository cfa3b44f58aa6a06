package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs refused pushes, so that an operator notices jobs whose metrics never arrive. Each client may
 * cause {@value #BURST} lines at once, and one line per second after that. The next line tells how
 * many were left out.
 *
 * <p>If the log blocks, at most {@value #MAX_WRITING} requests wait for it. Further lines are left
 * out.
 *
 * <p>Thread-safe. Remembers the {@value #MAX_CLIENTS} clients that were refused last.
 */
public final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private static final int MAX_CLIENTS = 1_000;
  private static final int MAX_WRITING = 16;
  private static final int BURST = 10;
  private static final long NANOS_PER_LINE = 1_000_000_000L;

  private static final class Allowance {
    private double lines = BURST;
    private long since;
    private long leftOut;

    Allowance(long now) {
      since = now;
    }
  }

  private final LongSupplier nanoTime;
  private final Semaphore writing = new Semaphore(MAX_WRITING);
  private final Map<String, Allowance> allowances = new LinkedHashMap<>(16, 0.75f, true);

  public RefusalLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Logs that a push was refused, unless the client had too many lines lately.
   *
   * @param group the group of the push, or the path if it names no group
   */
  public void log(HttpServletRequest request, String group, String reason) {
    String details = "group=" + SafeText.oneLine(group) + " reason=" + SafeText.oneLine(reason);
    write(request, "push refused", details);
  }

  /**
   * Logs that a password or token was wrong, with the same limit of lines. Does not log the user's
   * name: people type passwords there by mistake.
   */
  public void logLogin(HttpServletRequest request) {
    String details = "path=" + SafeText.oneLine(request.getRequestURI());
    write(request, "wrong user, password or token", details);
  }

  private void write(HttpServletRequest request, String what, String details) {
    String client = request.getRemoteAddr();
    String line = what + ": method=" + request.getMethod() + " client=" + client + ' ' + details;
    write(client, more -> LOG.warn("{}{}", line, more));
  }

  /**
   * Writes a line, unless the client had too many or too many requests wait for the log.
   *
   * @param line writes the line; its argument tells how many lines were left out before
   */
  void write(String client, Consumer<String> line) {
    boolean mayWrite = writing.tryAcquire();
    try {
      long leftOut = mayWrite ? admit(client) : leaveOut(client);
      if (leftOut >= 0) {
        line.accept(leftOut == 0 ? "" : " (" + leftOut + " more of this client were not logged)");
      }
    } finally {
      if (mayWrite) {
        writing.release();
      }
    }
  }

  /**
   * Takes one line from the client's allowance.
   *
   * @return the number of lines left out since the last one; -1 if this line is left out, too
   */
  synchronized long admit(String client) {
    long now = nanoTime.getAsLong();
    Allowance allowance = allowance(client, now);
    double earned = (double) (now - allowance.since) / NANOS_PER_LINE;
    allowance.lines = Math.min(BURST, allowance.lines + earned);
    allowance.since = now;
    if (allowance.lines < 1) {
      allowance.leftOut++;
      return -1;
    }
    allowance.lines--;
    long leftOut = allowance.leftOut;
    allowance.leftOut = 0;
    return leftOut;
  }

  private synchronized long leaveOut(String client) {
    allowance(client, nanoTime.getAsLong()).leftOut++;
    return -1;
  }

  private Allowance allowance(String client, long now) {
    Allowance allowance = allowances.get(client);
    if (allowance == null) {
      allowance = new Allowance(now);
      allowances.put(client, allowance);
      if (allowances.size() > MAX_CLIENTS) {
        allowances.remove(allowances.keySet().iterator().next()); // The client quiet the longest.
      }
    }
    return allowance;
  }
}
