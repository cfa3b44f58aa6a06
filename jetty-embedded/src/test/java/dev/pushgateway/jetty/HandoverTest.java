package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When somebody else reads on, and when nobody has to. */
class HandoverTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration SOON = Duration.ofMillis(1);
  private static final long TIMEOUT_SECONDS = 10;

  /** Longer than it takes to notice that somebody is held up, if it is noticed at all. */
  private static final long WHILE_MILLIS = 50;

  private final Threads threads = new Threads();
  private final Runnable reader = () -> {};
  private Handover handover;

  /** Keeps what it is given. */
  private static final class Threads implements TryExecutor {
    private final BlockingQueue<Runnable> started = new LinkedBlockingQueue<>();
    private final List<Runnable> queued = new ArrayList<>();
    private boolean hasFree = true;
    private boolean isStopped;

    @Override
    public boolean tryExecute(Runnable task) {
      return hasFree && started.add(task);
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
    handover = new Handover(threads, patience);
    handover.start();
  }

  @AfterEach
  void stop() throws Exception {
    handover.stop();
  }

  @Test
  void nobodyIsWokenForBriefWork() throws Exception {
    start(SOON);
    assertTrue(handover.tryExecute(reader));
    for (int i = 0; i < 3; i++) {
      handover.beginBriefWork();
      handover.endBriefWork();
      Thread.sleep(WHILE_MILLIS);
    }
    assertTrue(threads.started.isEmpty());
  }

  @Test
  void otherWorkIsHandedOnOnce() throws Exception {
    start(NEVER);
    assertTrue(handover.tryExecute(reader));
    handover.handOn();
    handover.handOn();
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }

  @Test
  void otherWorkAfterBriefWorkIsHandedOn() throws Exception {
    start(NEVER);
    assertTrue(handover.tryExecute(reader));
    handover.beginBriefWork();
    handover.endBriefWork();
    handover.handOn();
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }

  @Test
  void whoIsHeldUpIsNoticed() throws Exception {
    start(SOON);
    assertTrue(handover.tryExecute(reader));
    handover.beginBriefWork();
    assertEquals(reader, threads.awaitStarted());
  }

  /** The thread that looks sleeps while there is nothing to look at. */
  @Test
  void whoIsHeldUpAfterAPauseIsNoticed() throws Exception {
    start(SOON);
    Thread.sleep(WHILE_MILLIS);
    assertTrue(handover.tryExecute(reader));
    handover.beginBriefWork();
    handover.endBriefWork();
    Thread.sleep(WHILE_MILLIS);
    handover.beginBriefWork();
    assertEquals(reader, threads.awaitStarted());
  }

  /** Many that hang on a disk would otherwise keep the others waiting one after the other. */
  @Test
  void afterSomebodyWasHeldUpThreadsTakeOverAtOnceForAWhile() throws Exception {
    start(SOON);
    assertTrue(handover.tryExecute(reader));
    handover.beginBriefWork();
    assertEquals(reader, threads.awaitStarted());
    Runnable other = () -> {};
    assertTrue(handover.tryExecute(other));
    assertEquals(other, threads.started.poll());
    threads.hasFree = false;
    assertFalse(handover.tryExecute(other));
    threads.hasFree = true;
    Thread.sleep(1_100); // It is trusted again.
    assertTrue(handover.tryExecute(other));
    assertTrue(threads.started.isEmpty());
  }

  @Test
  void eachSelectorIsHandedOnByItsOwnThread() throws Exception {
    start(NEVER);
    assertTrue(handover.tryExecute(reader));
    Thread other =
        new Thread(
            () -> {
              handover.tryExecute(() -> {});
              handover.beginBriefWork();
            });
    other.start();
    other.join();
    handover.handOn();
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }

  @Test
  void withoutAFreeThreadTheReaderWaitsForOne() throws Exception {
    start(NEVER);
    threads.hasFree = false;
    assertTrue(handover.tryExecute(reader));
    handover.handOn();
    assertEquals(List.of(reader), threads.queued);
  }

  @Test
  void poolThatHasStoppedIsNoFailure() throws Exception {
    start(NEVER);
    threads.hasFree = false;
    threads.isStopped = true;
    assertTrue(handover.tryExecute(reader));
    handover.handOn();
    assertTrue(threads.queued.isEmpty());
  }

  @Test
  void whoReadsNothingHasNothingToHandOn() throws Exception {
    start(SOON);
    handover.handOn();
    handover.beginBriefWork();
    Thread.sleep(WHILE_MILLIS);
    handover.endBriefWork();
    assertTrue(threads.started.isEmpty());
  }

  @Test
  void untilStartedThreadsTakeOverAtOnce() throws Exception {
    handover = new Handover(threads, NEVER);
    assertTrue(handover.tryExecute(reader));
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }
}
