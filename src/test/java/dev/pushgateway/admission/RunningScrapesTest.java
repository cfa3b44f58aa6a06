package dev.pushgateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.store.ChangeLog;
import dev.pushgateway.store.MetricStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RunningScrapesTest {
  private static final int LONGER_THAN_PATIENCE_MILLIS = 1_100;
  private static final Runnable NOT_ABORTED = () -> {};

  private final MetricStore store = new MetricStore(true, Map.of());
  private final HeapBudget budget = new HeapBudget(256 << 20, () -> Optional.of(store));
  private final RunningScrapes scrapes = new RunningScrapes(budget, 10);
  private final AtomicInteger aborts = new AtomicInteger();

  private RunningScrapes.Lease begin() throws OverloadedException {
    return scrapes.begin(store, "192.0.2.1", aborts::incrementAndGet);
  }

  @Test
  void longScrapeIsAborted_onlyOnce() throws Exception {
    store.start(ChangeLog.NONE);
    RunningScrapes.Lease lease = begin();
    Thread.sleep(LONGER_THAN_PATIENCE_MILLIS);
    scrapes.endSlow();
    scrapes.endSlow();
    assertEquals(1, aborts.get());
    lease.close();
    assertEquals(0, budget.reservedBytes());
  }

  @Test
  void scrapeThatHasJustBegunIsNotAborted() throws Exception {
    store.start(ChangeLog.NONE);
    RunningScrapes.Lease lease = begin();
    scrapes.endSlow();
    assertEquals(0, aborts.get());
    lease.close();
  }

  @Test
  void scrapeIsAbortedForTimeThatItsClientTakes_notForItsOwn() throws Exception {
    store.start(ChangeLog.NONE);
    RunningScrapes.Lease lease = begin();
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch writing = new CountDownLatch(1);
    OutputStream sending = lease.sending(new UnreadStream(writing, reading));
    Thread.sleep(LONGER_THAN_PATIENCE_MILLIS);
    scrapes.endSlow();
    assertEquals(0, aborts.get());
    Thread writer = new Thread(() -> write(sending));
    writer.start();
    writing.await();
    Thread.sleep(LONGER_THAN_PATIENCE_MILLIS);
    scrapes.endSlow();
    assertEquals(1, aborts.get());
    reading.countDown();
    writer.join();
    lease.close();
  }

  private static void write(OutputStream out) {
    try {
      out.write(new byte[1], 0, 1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A write takes until somebody reads. */
  private static final class UnreadStream extends OutputStream {
    private final CountDownLatch writing;
    private final CountDownLatch reading;

    UnreadStream(CountDownLatch writing, CountDownLatch reading) {
      this.writing = writing;
      this.reading = reading;
    }

    @Override
    public void write(int b) throws IOException {
      writing.countDown();
      try {
        reading.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
    }
  }

  /** Its connection may carry another request by then. */
  @Test
  void finishedScrapeIsNotAborted() throws Exception {
    store.start(ChangeLog.NONE);
    begin().close();
    Thread.sleep(LONGER_THAN_PATIENCE_MILLIS);
    scrapes.endSlow();
    assertEquals(0, aborts.get());
  }

  @Test
  void firstOfAnAddressNeedNotWaitForThoseOfAnother() throws Exception {
    store.start(ChangeLog.NONE);
    List<RunningScrapes.Lease> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(scrapes.begin(store, "192.0.2.66", NOT_ABORTED));
    }
    all.add(scrapes.begin(store, "192.0.2.1", NOT_ABORTED));
    for (int i = 0; i < 7; i++) {
      all.add(scrapes.begin(store, "2001:db8::" + i, NOT_ABORTED));
    }
    Thread waiting = waiting("192.0.2.66");
    Thread second = waiting("192.0.2.1");
    Thread manyAddresses = waiting("2001:db8::99");
    all.forEach(RunningScrapes.Lease::close);
    for (Thread thread : List.of(waiting, second, manyAddresses)) {
      thread.join();
    }
    assertEquals(0, budget.reservedBytes());
    for (int i = 0; i < 10; i++) {
      scrapes.begin(store, "192.0.2.66", NOT_ABORTED); // All of it was given back.
    }
  }

  /** A thread that waits for its turn. */
  private Thread waiting(String address) {
    Thread thread =
        new Thread(
            () -> {
              try {
                scrapes.begin(store, address, NOT_ABORTED).close();
              } catch (OverloadedException e) {
                throw new AssertionError(e);
              }
            });
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      assertTrue(thread.isAlive(), "it does not wait");
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void memoryThatWasReservedForAnActionIsGivenBack() throws Exception {
    store.start(ChangeLog.NONE);
    RunningScrapes.Lease lease = begin();
    long before = budget.reservedBytes();
    long[] during = {0};
    lease.reserveFor(1 << 20, () -> during[0] = budget.reservedBytes());
    assertEquals(before + (1 << 20), during[0]);
    assertEquals(before, budget.reservedBytes());
    lease.reserve(1 << 20);
    assertEquals(before + (1 << 20), budget.reservedBytes());
    lease.close();
    assertEquals(0, budget.reservedBytes());
  }

  @Test
  void whatHasNoRoomIsRefused() throws Exception {
    store.start(ChangeLog.NONE);
    RunningScrapes.Lease lease = begin();
    OverloadedException refusal =
        assertThrows(OverloadedException.class, () -> lease.reserve(1 << 30));
    assertTrue(refusal.getMessage().contains("needs about 1024 MiB"), refusal.getMessage());
    lease.close();
    assertEquals(0, budget.reservedBytes());
  }
}
