package dev.pushgateway.webapp;

import dev.pushgateway.contract.Answer;
import dev.pushgateway.contract.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that push whatever becomes of the gateway, each into a group of its own, a higher number
 * each time; and one that scrapes, and notes each scrape that lacks what was acknowledged before it
 * began. A scrape that is refused is no problem.
 */
final class BusyClients implements AutoCloseable {
  private static final int PUSHERS = 3;
  private static final long PAUSE_MILLIS = 3;
  private static final Pattern SAMPLE =
      Pattern.compile("(?m)^pushed\\{client=\"(\\d)\",instance=\"\",job=\"busy\"} (\\d+)$");

  private final RawClient client;
  private final String contextPath;
  private final AtomicLongArray attempted = new AtomicLongArray(PUSHERS);
  private final AtomicLongArray acknowledged = new AtomicLongArray(PUSHERS);
  private final AtomicLong scrapes = new AtomicLong();
  private final AtomicLong refusedScrapes = new AtomicLong();
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  BusyClients(int port, String contextPath) {
    this.client = new RawClient(port);
    this.contextPath = contextPath;
    for (int i = 0; i < PUSHERS; i++) {
      int pusher = i;
      start(() -> push(pusher));
    }
    start(this::scrape);
  }

  private interface Step {
    void run() throws IOException;
  }

  private void start(Step step) {
    Thread thread = new Thread(() -> repeat(step), "busy client");
    threads.add(thread);
    thread.start();
  }

  private void repeat(Step step) {
    while (!stopping) {
      try {
        step.run();
      } catch (IOException e) {
        // Nobody has acknowledged anything.
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void push(int pusher) throws IOException {
    String path = contextPath + "/metrics/job/busy/client/" + pusher;
    long value = attempted.incrementAndGet(pusher);
    if (client.send("PUT", path, "pushed " + value + "\n").status() == 200) {
      acknowledged.set(pusher, value);
    }
  }

  private void scrape() throws IOException {
    long[] before = values(acknowledged);
    Answer answer = client.send("GET", contextPath + "/metrics");
    if (answer.status() != 200) {
      refusedScrapes.incrementAndGet();
      return;
    }
    scrapes.incrementAndGet();
    long[] scraped = new long[PUSHERS];
    Matcher sample = SAMPLE.matcher(answer.text());
    while (sample.find()) {
      scraped[Integer.parseInt(sample.group(1))] = Long.parseLong(sample.group(2));
    }
    for (int i = 0; i < PUSHERS; i++) {
      if (scraped[i] < before[i] || scraped[i] > attempted.get(i)) {
        problems.add(
            "client " + i + " was told that " + before[i] + " is kept, scraped " + scraped[i]);
      }
    }
  }

  private static long[] values(AtomicLongArray array) {
    long[] values = new long[PUSHERS];
    for (int i = 0; i < PUSHERS; i++) {
      values[i] = array.get(i);
    }
    return values;
  }

  /** Waits until each client has had another push acknowledged, and a scrape was seen. */
  void awaitProgress() {
    long[] from = values(acknowledged);
    long scrapesBefore = scrapes.get();
    long start = System.nanoTime();
    for (int i = 0; i < PUSHERS; i++) {
      while (acknowledged.get(i) <= from[i] || scrapes.get() == scrapesBefore) {
        if (System.nanoTime() - start > 60_000_000_000L) {
          throw new AssertionError("no push and no scrape succeeds any more");
        }
        pause();
      }
    }
  }

  /** What was lost, or came back. */
  List<String> problems() {
    return problems;
  }

  long scrapes() {
    return scrapes.get();
  }

  long refusedScrapes() {
    return refusedScrapes.get();
  }

  /** Stops pushing, and scrapes once more. */
  void finish() throws IOException {
    close();
    scrape();
  }

  @Override
  public void close() throws IOException {
    stopping = true;
    for (Thread thread : threads) {
      join(thread);
    }
  }

  private static void join(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
