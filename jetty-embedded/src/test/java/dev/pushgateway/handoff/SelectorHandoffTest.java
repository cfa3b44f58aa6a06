package dev.pushgateway.handoff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When another thread reads, and when none has to. */
class SelectorHandoffTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration SOON = Duration.ofMillis(1);
  private static final long TIMEOUT_SECONDS = 120;

  /** Longer than the watcher takes to notice a blocked thread. */
  private static final long WHILE_MILLIS = 50;

  private final Threads threads = new Threads();
  private final Runnable reader = () -> {};
  private final Object connection = new Object();
  private final CountDownLatch end = new CountDownLatch(1);
  private SelectorHandoff handoff;

  /** Keeps what it is given. */
  private static final class Threads implements TryExecutor {
    private final BlockingQueue<Runnable> started = new LinkedBlockingQueue<>();
    private final List<Runnable> queued = new ArrayList<>();
    private volatile Consumer<Runnable> atStart = task -> {};
    private boolean hasFree = true;
    private boolean isStopped;

    @Override
    public boolean tryExecute(Runnable task) {
      if (!hasFree) {
        return false;
      }
      atStart.accept(task);
      return started.add(task);
    }

    @Override
    public void execute(Runnable task) {
      if (isStopped) {
        throw new RejectedExecutionException();
      }
      queued.add(task);
    }

    Runnable awaitStarted() throws InterruptedException {
      return started.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void start(Duration patience) throws Exception {
    start(patience, NEVER);
  }

  private void start(Duration patience, Duration disabled) throws Exception {
    handoff = new SelectorHandoff(threads, patience, disabled);
    handoff.start();
  }

  @AfterEach
  void stop() throws Exception {
    end.countDown();
    handoff.stop();
  }

  /** A push that lasts until the test is over. */
  private void hang() {
    try {
      assertTrue(end.await(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pause() {
    try {
      Thread.sleep(WHILE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does what a thread does that reads a small push. */
  private void serve(Runnable push) {
    handoff.beginSmallPush(connection);
    push.run();
    handoff.endSmallPush();
  }

  private Thread start(Runnable task) {
    Thread thread = new Thread(task);
    thread.start();
    return thread;
  }

  @Test
  void smallPushesWakeNoThread() throws Exception {
    start(NEVER); // Else a busy processor could look like a blocked push.
    assertTrue(handoff.tryExecute(reader));
    for (int i = 0; i < 3; i++) {
      serve(() -> {});
      handoff.checkTurns();
      handoff.checkTurns();
    }
    assertTrue(threads.started.isEmpty());
  }

  /** Jetty may ask for each push, or once. */
  @Test
  void readerThatIsPassedAgain_wakesNoThread() throws Exception {
    start(NEVER);
    for (int i = 0; i < ReaderTurn.MAX_IN_A_ROW; i++) {
      assertTrue(handoff.tryExecute(reader));
      serve(() -> {});
    }
    assertTrue(threads.started.isEmpty());
    assertTrue(handoff.tryExecute(reader));
    serve(() -> {});
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }

  @Test
  void release_wakesOneThread() throws Exception {
    start(NEVER);
    assertTrue(handoff.tryExecute(reader));
    handoff.release();
    handoff.release();
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }

  @Test
  void release_afterAndWithinSmallPush_wakesThread() throws Exception {
    start(NEVER);
    assertTrue(handoff.tryExecute(reader));
    serve(() -> {});
    serve(handoff::release);
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }

  @Test
  void blockedThreadIsReplaced() throws Exception {
    start(SOON);
    start(
        () -> {
          handoff.tryExecute(reader);
          serve(this::hang);
        });
    assertEquals(reader, threads.awaitStarted());
  }

  /** The watcher sleeps while there is nothing to watch. */
  @Test
  void threadBlockedAfterPause_isReplaced() throws Exception {
    start(SOON);
    pause();
    start(
        () -> {
          handoff.tryExecute(reader);
          serve(() -> {});
          pause();
          serve(this::hang);
        });
    assertEquals(reader, threads.awaitStarted());
  }

  /** Pushes that block one after the other would each wait for the watcher. */
  @Test
  void afterBlockedThread_handoffIsDisabledForAWhile() throws Exception {
    start(SOON);
    start(
        () -> {
          handoff.tryExecute(reader);
          serve(this::hang);
        });
    assertEquals(reader, threads.awaitStarted());
    Runnable other = () -> {};
    assertTrue(handoff.tryExecute(other));
    assertEquals(other, threads.started.poll());
    threads.hasFree = false;
    assertFalse(handoff.tryExecute(other));
  }

  @Test
  @Timeout(TIMEOUT_SECONDS)
  void disabledHandoffIsEnabledAgain() throws Exception {
    start(SOON, SOON);
    start(
        () -> {
          handoff.tryExecute(reader);
          serve(this::hang);
        });
    assertEquals(reader, threads.awaitStarted());
    do {
      threads.started.clear();
      assertTrue(handoff.tryExecute(reader));
    } while (!threads.started.isEmpty());
  }

  /** The thread that replaces a blocked one may read a push at once. */
  @Test
  void handoffIsDisabledBeforeAnotherThreadReads() throws Exception {
    start(SOON);
    Runnable other = () -> {};
    threads.atStart =
        task -> {
          threads.atStart = started -> {};
          handoff.tryExecute(other);
        };
    start(
        () -> {
          handoff.tryExecute(reader);
          serve(this::hang);
        });
    assertEquals(other, threads.awaitStarted());
    assertEquals(reader, threads.awaitStarted());
  }

  /** A client that never stops would keep the thread for itself. */
  @Test
  void manyPushesOfOneConnectionInARow_wakeThread() throws Exception {
    start(NEVER);
    assertTrue(handoff.tryExecute(reader));
    for (int i = 0; i < ReaderTurn.MAX_IN_A_ROW; i++) {
      serve(() -> {});
    }
    assertTrue(threads.started.isEmpty());
    serve(() -> {});
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }

  @Test
  void manyPushesOfTwoConnections_wakeNoThread() throws Exception {
    start(NEVER);
    assertTrue(handoff.tryExecute(reader));
    for (int i = 0; i <= ReaderTurn.MAX_IN_A_ROW; i++) {
      serve(() -> {});
      handoff.beginSmallPush("another connection");
      handoff.endSmallPush();
    }
    assertTrue(threads.started.isEmpty());
  }

  @Test
  void release_concernsOwnSelectorOnly() throws Exception {
    start(NEVER);
    assertTrue(handoff.tryExecute(reader));
    start(() -> handoff.tryExecute(() -> {})).join();
    handoff.release();
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }

  @Test
  void withoutFreeThread_readerIsQueued() throws Exception {
    start(NEVER);
    threads.hasFree = false;
    assertTrue(handoff.tryExecute(reader));
    handoff.release();
    assertEquals(List.of(reader), threads.queued);
  }

  @Test
  void stoppedThreads_areNoFailure() throws Exception {
    start(NEVER);
    threads.hasFree = false;
    threads.isStopped = true;
    assertTrue(handoff.tryExecute(reader));
    handoff.release();
    assertTrue(threads.queued.isEmpty());
  }

  @Test
  void threadThatReadsNothing_wakesNone() throws Exception {
    start(SOON);
    start(
            () -> {
              handoff.release();
              serve(this::pause);
            })
        .join();
    assertTrue(threads.started.isEmpty());
  }

  @Test
  void untilStarted_eachReaderGetsThread() throws Exception {
    handoff = new SelectorHandoff(threads, NEVER);
    assertTrue(handoff.tryExecute(reader));
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }
}
