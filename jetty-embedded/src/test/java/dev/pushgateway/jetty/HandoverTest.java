package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
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
  private final CountDownLatch end = new CountDownLatch(1);
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
    end.countDown();
    handover.stop();
  }

  /** A task that lasts until the test is over. */
  private void hang() {
    try {
      assertTrue(end.await(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a thread does that has read something for which {@code next} takes over. */
  private Thread serve(Runnable next, Runnable task) {
    Thread thread =
        new Thread(
            () -> {
              handover.tryExecute(next);
              handover.watched(task).run();
            });
    thread.start();
    return thread;
  }

  @Test
  void nobodyIsWokenForBriefWork() throws Exception {
    start(SOON);
    assertTrue(handover.tryExecute(reader));
    for (int i = 0; i < 3; i++) {
      handover.watched(() -> {}).run();
      Thread.sleep(WHILE_MILLIS);
    }
    assertTrue(threads.started.isEmpty());
  }

  @Test
  void otherWorkIsHandedOnOnce() throws Exception {
    start(NEVER);
    assertTrue(handover.tryExecute(reader));
    handover
        .watched(
            () -> {
              handover.handOn();
              handover.handOn();
              assertEquals(List.of(reader), List.copyOf(threads.started));
            })
        .run();
    handover.handOn();
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }

  @Test
  void otherWorkAfterBriefWorkIsHandedOn() throws Exception {
    start(NEVER);
    assertTrue(handover.tryExecute(reader));
    handover.watched(() -> {}).run();
    handover.watched(handover::handOn).run();
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }

  @Test
  void whoIsHeldUpIsNoticed() throws Exception {
    start(SOON);
    serve(reader, this::hang);
    assertEquals(reader, threads.awaitStarted());
  }

  /** The thread that looks sleeps while there is nothing to look at. */
  @Test
  void whoIsHeldUpAfterAPauseIsNoticed() throws Exception {
    start(SOON);
    Thread.sleep(WHILE_MILLIS);
    Thread thread =
        new Thread(
            () -> {
              handover.tryExecute(reader);
              handover.watched(() -> {}).run();
              sleep();
              handover.watched(this::hang).run();
            });
    thread.start();
    assertEquals(reader, threads.awaitStarted());
  }

  private static void sleep() {
    try {
      Thread.sleep(WHILE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Many that hang on a disk would otherwise keep the others waiting one after the other. */
  @Test
  void afterSomebodyWasHeldUpThreadsTakeOverAtOnceForAWhile() throws Exception {
    start(SOON);
    serve(reader, this::hang);
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
    serve(() -> {}, () -> {}).join();
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
    Thread thread =
        new Thread(
            () -> {
              handover.handOn();
              handover.watched(HandoverTest::sleep).run();
            });
    thread.start();
    thread.join();
    assertTrue(threads.started.isEmpty());
  }

  @Test
  void untilStartedThreadsTakeOverAtOnce() throws Exception {
    handover = new Handover(threads, NEVER);
    assertTrue(handover.tryExecute(reader));
    assertEquals(List.of(reader), List.copyOf(threads.started));
  }

  /** Jetty chooses the thread by the type, and closes what it cannot have done. */
  @Test
  void watchedTaskIsToJettyAsTheTask() throws Exception {
    start(NEVER);
    AtomicBoolean closed = new AtomicBoolean();
    class Task implements Invocable.Task, Closeable {
      @Override
      public void run() {}

      @Override
      public InvocationType getInvocationType() {
        return InvocationType.EITHER;
      }

      @Override
      public void close() {
        closed.set(true);
      }
    }

    Invocable.Task watched = handover.watched(new Task());
    assertEquals(InvocationType.EITHER, watched.getInvocationType());
    ((Closeable) watched).close();
    assertTrue(closed.get());
    assertEquals(InvocationType.BLOCKING, handover.watched(() -> {}).getInvocationType());
  }
}
