package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pushes growing numbers to a group of its own, and deletes it at times, one after the other. */
final class CrashClient {
  private static final int ABSENT = 0;

  private final String job;

  /** What each push has besides its number. */
  private final String padding;

  private int number;
  private int acknowledged = ABSENT;
  private int tried = ABSENT;

  /** The last answer that was neither, for the message. */
  private String unexpected = "";

  CrashClient(String job, String padding) {
    this.job = job;
    this.padding = padding;
  }

  void work(ServerProcess server, AtomicInteger changes, int count, CountDownLatch enough) {
    try {
      while (change(server)) {
        if (changes.incrementAndGet() > count) {
          enough.countDown();
        }
      }
    } catch (IOException killed) {
      // What the last change came to is not known.
    } catch (Exception e) {
      unexpected = e.toString();
    }
  }

  private boolean change(ServerProcess server) throws Exception {
    number++;
    boolean delete = number % 7 == 0;
    tried = delete ? ABSENT : number;
    String path = "/metrics/job/" + job;
    int expected = delete ? 202 : 200;
    int status =
        server
            .send(delete ? "DELETE" : number % 2 == 0 ? "PUT" : "POST", path, body(delete))
            .statusCode();
    if (status != expected) {
      unexpected = "status " + status;
      return false;
    }
    acknowledged = tried;
    return true;
  }

  private String body(boolean delete) {
    return delete ? "" : "# TYPE number gauge\nnumber " + number + "\n" + padding;
  }

  /** Checks that the scrape shows what was acknowledged last, or what was under way. */
  void check(String scrape, String when) {
    assertEquals("", unexpected, when);
    String series = "number{instance=\"\",job=\"" + job + "\"} ";
    Matcher matcher = Pattern.compile("\n" + Pattern.quote(series) + "(\\d+)").matcher(scrape);
    int found = matcher.find() ? Integer.parseInt(matcher.group(1)) : ABSENT;
    assertTrue(
        found == acknowledged || found == tried,
        when + ": " + job + " has " + found + ", not " + acknowledged + " or " + tried);
    acknowledged = found;
    tried = found;
  }
}
