package dev.pushgateway.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
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

/** Which changes wait for a sync, until when, and which share one. */
@Timeout(60)
class SyncQueueTest {
  private final AtomicLong appended = new AtomicLong();
  private final AtomicLong onDisk = new AtomicLong();
  private final AtomicInteger syncs = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final List<SyncQueue> queues = new ArrayList<>();

  @AfterEach
  void shutDown() {
    queues.forEach(SyncQueue::close);
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

  private SyncQueue queue(SyncQueue.Target target) {
    SyncQueue queue = new SyncQueue(target, Clock.systemUTC());
    queues.add(queue);
    return queue;
  }

  private static void await(CompletionStage<Void> synced) throws Exception {
    synced.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static String failure(CompletionStage<Void> synced) {
    Throwable failure = assertThrows(ExecutionException.class, () -> await(synced)).getCause();
    assertTrue(failure instanceof IOException, failure.toString());
    return failure.getMessage();
  }

  @Test
  void loneChangeIsSyncedAtOnce() throws Exception {
    SyncQueue queue = queue(this::sync);
    for (int i = 1; i <= 100; i++) {
      await(queue.whenSynced(appended.incrementAndGet()));
      assertEquals(i, onDisk.get());
      assertEquals(i, syncs.get());
    }
    await(queue.whenSynced(1));
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

  @Test
  void changesThatComeDuringASyncShareTheNext() throws Exception {
    HeldDisk disk = new HeldDisk();
    SyncQueue queue = queue(disk);
    disk.end = 1;
    CompletionStage<Void> first = queue.whenSynced(1);
    disk.begun.acquire();
    CompletionStage<Void> second = queue.whenSynced(2);
    CompletionStage<Void> third = queue.whenSynced(3);
    assertSame(second, third);
    assertFalse(first.toCompletableFuture().isDone());
    disk.held.release();
    await(first);
    disk.begun.acquire();
    assertFalse(second.toCompletableFuture().isDone());
    disk.end = 3;
    disk.held.release();
    await(second);
    assertEquals(2, queue.syncs().count());
  }

  @Test
  void failureReachesThoseThatSharedTheSync_andNoOthers() throws Exception {
    HeldDisk disk = new HeldDisk();
    SyncQueue queue = queue(disk);
    CompletionStage<Void> first = queue.whenSynced(1);
    disk.begun.acquire();
    CompletionStage<Void> second = queue.whenSynced(2);
    disk.failure = "broken";
    disk.held.release();
    assertEquals("broken", failure(first));
    disk.begun.acquire();
    disk.failure = "";
    disk.held.release();
    await(second);
  }

  @Test
  void faultOfOursFailsTheSync_andTheNextIsMade() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    SyncQueue queue =
        queue(
            () -> {
              if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("a fault");
              }
              return Long.MAX_VALUE;
            });
    assertEquals("the sync was given up", failure(queue.whenSynced(1)));
    await(queue.whenSynced(2));
  }

  @Test
  void rewriteThatHasSyncedSparesTheSync() throws Exception {
    SyncQueue queue = queue(this::sync);
    queue.acquire();
    CompletionStage<Void> waiting = queue.whenSynced(7);
    assertFalse(waiting.toCompletableFuture().isDone());
    queue.syncedTo(7, 1);
    queue.release();
    await(waiting);
    assertEquals(0, syncs.get());
  }

  @Test
  void interruptionNeitherEndsTheWaitNorIsForgotten() throws Exception {
    SyncQueue queue = queue(this::sync);
    queue.acquire();
    Future<Boolean> interrupted =
        executor.submit(
            () -> {
              Thread.currentThread().interrupt();
              queue.acquire();
              queue.release();
              return Thread.interrupted();
            });
    queue.release();
    assertTrue(interrupted.get(10, TimeUnit.SECONDS));
  }

  @Test
  void closedQueueSyncsWhatWaits_andEndsItsThread() throws Exception {
    HeldDisk disk = new HeldDisk();
    SyncQueue queue = queue(disk);
    CompletionStage<Void> first = queue.whenSynced(1);
    disk.end = 1;
    disk.begun.acquire();
    CompletionStage<Void> second = queue.whenSynced(2);
    queue.close();
    disk.held.release(2);
    await(first);
    await(second);
    queue.awaitEnd();
    assertEquals("the persistence file is closed", failure(queue.whenSynced(Long.MAX_VALUE)));
  }

  /** Sixteen clients, and a thread that exchanges files all the time: no change is left waiting. */
  @Test
  void everyChangeIsSynced_andManyShareASync() throws Exception {
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
                  await(queue.whenSynced(position));
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

  @Test
  void waitingChangeKeepsNoThread() {
    SyncQueue queue = queue(this::sync);
    queue.acquire();
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    for (int i = 1; i <= 1_000; i++) {
      waiting.add(queue.whenSynced(appended.incrementAndGet()).toCompletableFuture());
    }
    assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));
    queue.release();
    waiting.forEach(CompletableFuture::join);
    assertEquals(1, syncs.get());
  }
}
