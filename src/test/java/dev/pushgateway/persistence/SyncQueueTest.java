package dev.pushgateway.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.store.ChangeLog;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits for a sync, until when, and who shares one. */
@Timeout(60)
class SyncQueueTest {
  private final AtomicLong appended = new AtomicLong();
  private final AtomicLong onDisk = new AtomicLong();
  private final AtomicInteger syncs = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final ExecutorService executor = Executors.newCachedThreadPool();

  @AfterEach
  void shutDown() {
    executor.shutdownNow();
  }

  private long sync() {
    assertEquals(1, atOnce.incrementAndGet(), "two syncs at once");
    long position = appended.get();
    onDisk.set(position);
    syncs.incrementAndGet();
    atOnce.decrementAndGet();
    return position;
  }

  private static SyncQueue queue(SyncQueue.Target target) {
    return new SyncQueue(target, Clock.systemUTC());
  }

  @Test
  void whoIsAloneIsSyncedEachTime() throws IOException {
    SyncQueue queue = queue(this::sync);
    for (int i = 1; i <= 100; i++) {
      queue.await(appended.incrementAndGet());
      assertEquals(i, onDisk.get());
      assertEquals(i, syncs.get());
    }
    queue.await(1);
    queue.sync(100);
    assertEquals(100, syncs.get(), "synced what was synced");
    assertEquals(100, queue.syncs().count());
  }

  /** A disk that holds up each sync until it is let go, and then does what it is told. */
  private static final class HeldDisk implements SyncQueue.Target {
    final Semaphore begun = new Semaphore(0);
    final Semaphore held = new Semaphore(0);
    volatile String failure = "";
    volatile long end = Long.MAX_VALUE;

    @Override
    public long sync() throws IOException {
      begun.release();
      held.acquireUninterruptibly();
      if (!failure.isEmpty()) {
        throw new IOException(failure);
      }
      return end;
    }
  }

  private Future<Thread> waiting(SyncQueue queue, long position) throws InterruptedException {
    Semaphore started = new Semaphore(0);
    Thread[] thread = new Thread[1];
    Callable<Thread> waiter =
        () -> {
          thread[0] = Thread.currentThread();
          started.release();
          queue.await(position);
          return Thread.currentThread();
        };
    Future<Thread> future = executor.submit(waiter);
    started.acquire();
    while (thread[0].getState() != Thread.State.WAITING
        && thread[0].getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return future;
  }

  @Test
  void failureIsToldToWhoSharedTheSyncAndNobodyElse() throws Exception {
    HeldDisk disk = new HeldDisk();
    SyncQueue queue = queue(disk);
    Future<Thread> first = waiting(queue, 1);
    disk.begun.acquire();
    List<Future<Thread>> sharing = new ArrayList<>();
    for (int i = 2; i <= 5; i++) {
      sharing.add(waiting(queue, i));
    }
    disk.failure = "broken";
    disk.held.release();
    assertEquals("broken", message(first));
    disk.begun.acquire();
    disk.failure = "";
    disk.held.release(4); // One is enough, unless somebody was late.
    for (Future<Thread> each : sharing) {
      each.get(10, TimeUnit.SECONDS);
    }
  }

  private static String message(Future<?> failed) {
    return assertThrows(Exception.class, () -> failed.get(10, TimeUnit.SECONDS))
        .getCause()
        .getMessage();
  }

  @Test
  void failureReachesThoseThatOnlyWait() throws Exception {
    HeldDisk disk = new HeldDisk();
    SyncQueue queue = queue(disk);
    final Future<Thread> first = waiting(queue, 1);
    disk.begun.acquire();
    final Future<Thread> second = waiting(queue, 2);
    final Future<Thread> third = waiting(queue, 3);
    disk.failure = "broken";
    disk.held.release(3);
    for (Future<Thread> each : List.of(first, second, third)) {
      assertEquals("broken", message(each));
    }
  }

  @Test
  void whoNeedsNoThreadIsToldByWhoSyncs() throws Exception {
    HeldDisk disk = new HeldDisk();
    SyncQueue queue = queue(disk);
    for (String failure : List.of("", "broken")) {
      long position = onDisk.get();
      disk.end = position + 1;
      final Future<Thread> running = waiting(queue, position + 1);
      disk.begun.acquire();
      final Future<Thread> first = waiting(queue, position + 2);
      List<Future<String>> told = new ArrayList<>();
      for (int i = 3; i <= 5; i++) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        told.add(outcome);
        assertFalse(
            queue.await(
                position + i,
                () -> reason -> outcome.complete(reason == null ? "" : reason.getMessage())));
      }
      assertTrue(told.stream().noneMatch(Future::isDone));
      disk.held.release();
      running.get(10, TimeUnit.SECONDS);
      disk.begun.acquire();
      disk.end = position + 5;
      disk.failure = failure;
      disk.held.release();
      for (Future<String> each : told) {
        assertEquals(failure, each.get(10, TimeUnit.SECONDS));
      }
      if (failure.isEmpty()) {
        first.get(10, TimeUnit.SECONDS);
      } else {
        assertEquals(failure, message(first));
      }
      onDisk.set(position + 5);
    }
  }

  @Test
  void whoIsFirstSyncsAndNeedsNotBeTold() throws IOException {
    SyncQueue queue = queue(this::sync);
    ChangeLog.Waiter nobody =
        () -> {
          throw new AssertionError("detached");
        };
    assertTrue(queue.await(appended.incrementAndGet(), nobody));
    assertEquals(1, onDisk.get());
    assertTrue(queue.await(1, nobody), "it is synced");
    assertEquals(1, syncs.get());
  }

  @Test
  void interruptionNeitherEndsTheWaitNorIsForgotten() throws Exception {
    HeldDisk disk = new HeldDisk();
    SyncQueue queue = queue(disk);
    waiting(queue, 1);
    disk.begun.acquire();
    Future<Boolean> interrupted =
        executor.submit(
            () -> {
              Thread.currentThread().interrupt();
              queue.await(2);
              return Thread.interrupted();
            });
    disk.held.release(3);
    assertTrue(interrupted.get(10, TimeUnit.SECONDS));
  }

  @Test
  void rewriteThatHasSyncedSparesTheSync() throws Exception {
    SyncQueue queue = queue(this::sync);
    queue.acquire();
    Future<Thread> waiter = waiting(queue, 7);
    queue.syncedTo(7, 1);
    queue.release();
    waiter.get(10, TimeUnit.SECONDS);
    assertEquals(0, syncs.get());
  }

  /** Sixteen clients, and somebody who exchanges files all the time: nobody is left waiting. */
  @Test
  void everybodyIsSyncedAndManyShareASync() throws Exception {
    SyncQueue queue = queue(this::sync);
    int clients = 16;
    int changes = 2_000;
    List<Future<Void>> all = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      all.add(
          executor.submit(
              () -> {
                for (int i = 0; i < changes; i++) {
                  long position = appended.incrementAndGet();
                  queue.await(position);
                  assertTrue(onDisk.get() >= position, "acknowledged before it was synced");
                }
                return null;
              }));
    }
    while (!all.stream().allMatch(Future::isDone)) {
      queue.acquire();
      queue.syncedTo(sync(), 1_000);
      queue.release();
    }
    for (Future<Void> each : all) {
      each.get(30, TimeUnit.SECONDS);
    }
    assertEquals(clients * changes, onDisk.get());
  }
}
