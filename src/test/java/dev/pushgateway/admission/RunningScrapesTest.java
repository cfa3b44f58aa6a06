package dev.pushgateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.store.ChangeLog;
import dev.pushgateway.store.MetricStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RunningScrapesTest {
  private static final int LONGER_THAN_PATIENCE_MILLIS = 1_100;

  private final MetricStore store = new MetricStore(true, List.of());
  private final HeapBudget budget = new HeapBudget(256 << 20, () -> Optional.of(store));
  private final RunningScrapes scrapes = new RunningScrapes(budget, 10);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final AtomicBoolean wasEnded = new AtomicBoolean();
  private final AtomicBoolean stillInterrupted = new AtomicBoolean();

  /** Waits for its client in vain, as a container does in the middle of a write. */
  private Thread slowReader() throws InterruptedException {
    store.start(ChangeLog.NONE);
    Thread thread =
        new Thread(
            () -> {
              try {
                RunningScrapes.Lease lease = scrapes.begin(store, "192.0.2.1");
                try {
                  begun.countDown();
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  wasEnded.set(true);
                  Thread.currentThread().interrupt();
                } finally {
                  lease.close();
                }
                stillInterrupted.set(Thread.currentThread().isInterrupted());
              } catch (OverloadedException e) {
                throw new AssertionError(e);
              }
            });
    thread.start();
    begun.await();
    return thread;
  }

  @Test
  void whoReadsForLongIsEnded() throws Exception {
    Thread reader = slowReader();
    Thread.sleep(LONGER_THAN_PATIENCE_MILLIS);
    scrapes.endSlow();
    reader.join();
    assertTrue(wasEnded.get());
    assertFalse(stillInterrupted.get(), "the thread goes on to serve others");
    assertEquals(0, budget.reservedBytes());
  }

  @Test
  void whoHasJustBegunIsLeftAlone() throws Exception {
    Thread reader = slowReader();
    scrapes.endSlow();
    reader.join(100);
    assertTrue(reader.isAlive());
    reader.interrupt();
    reader.join();
  }

  @Test
  void whoHasReadItsAnswerIsNotInterrupted() throws Exception {
    store.start(ChangeLog.NONE);
    scrapes.begin(store, "192.0.2.1").close();
    Thread.sleep(LONGER_THAN_PATIENCE_MILLIS);
    scrapes.endSlow();
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void firstOfAnAddressNeedNotWaitForThoseOfAnother() throws Exception {
    store.start(ChangeLog.NONE);
    List<RunningScrapes.Lease> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      all.add(scrapes.begin(store, "192.0.2.66"));
    }
    all.add(scrapes.begin(store, "192.0.2.1"));
    for (int i = 0; i < 7; i++) {
      all.add(scrapes.begin(store, "2001:db8::" + i));
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
      scrapes.begin(store, "192.0.2.66"); // All of it was given back.
    }
  }

  /** A thread that waits for its turn. */
  private Thread waiting(String address) {
    Thread thread =
        new Thread(
            () -> {
              try {
                scrapes.begin(store, address).close();
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
}
