package dev.pushgateway.handoff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.ExecutionStrategy;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.eclipse.jetty.util.thread.strategy.AdaptiveExecutionStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The behaviour of Jetty that this package relies on; the numbers are those of {@code
 * package-info}.
 */
class JettyBehaviourTest {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<Thread> served = new ArrayList<>();
  private final Threads threads = new Threads();
  private final AdaptiveExecutionStrategy strategy =
      new AdaptiveExecutionStrategy(tasks::poll, threads);

  /** Is asked for threads, says that they come, and sends none. */
  private static final class Threads implements TryExecutor {
    private final List<Runnable> readers = new ArrayList<>();

    @Override
    public boolean tryExecute(Runnable reader) {
      return readers.add(reader);
    }

    @Override
    public void execute(Runnable task) {
      throw new AssertionError(task);
    }
  }

  @BeforeEach
  void startStrategy() throws Exception {
    strategy.start();
  }

  @AfterEach
  void stopStrategy() throws Exception {
    strategy.stop();
  }

  private void serve() {
    served.add(Thread.currentThread());
  }

  private static void runInAnotherThread(Runnable reader) {
    Thread thread = new Thread(reader);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** 1. */
  @Test
  void selectorsOfTheConnectorAskTheHandoff() throws Exception {
    Server server = new Server();
    SelectorHandoff handoff =
        new SelectorHandoff((TryExecutor) server.getThreadPool(), Duration.ofDays(1));
    server.addBean(handoff);
    HandoffConnector connector =
        new HandoffConnector(server, 1, List.of(new HttpConnectionFactory()));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.start();
    try {
      assertSame(handoff, connector.getSelectorManager().getExecutor());
      ManagedSelector selector = connector.getSelectorManager().getBean(ManagedSelector.class);
      ExecutionStrategy reads = selector.getBean(ExecutionStrategy.class);
      assertEquals(AdaptiveExecutionStrategy.class, reads.getClass());
      assertSame(handoff, ((AdaptiveExecutionStrategy) reads).getBean(TryExecutor.class));
    } finally {
      server.stop();
    }
  }

  /** 2 and 3. */
  @Test
  void threadThatAsks_servesAndReads() {
    for (int i = 0; i < 3; i++) {
      tasks.add(this::serve);
    }
    strategy.produce();
    Thread own = Thread.currentThread();
    assertEquals(List.of(own, own, own), served);
    assertEquals(Set.of(strategy), Set.copyOf(threads.readers));
  }

  /** 2 and 3. */
  @Test
  void readerThatRuns_takesOver() {
    tasks.add(
        () -> {
          serve();
          runInAnotherThread(threads.readers.get(0));
        });
    tasks.add(this::serve);
    tasks.add(this::serve);
    strategy.produce();
    assertEquals(3, served.size());
    assertSame(Thread.currentThread(), served.get(0));
    assertTrue(served.get(1) != Thread.currentThread());
    assertSame(served.get(1), served.get(2));
    assertEquals(Set.of(strategy), Set.copyOf(threads.readers));
  }

  /** 4. */
  @Test
  void readerThatRunsLate_servesNothingTwice() {
    tasks.add(this::serve);
    tasks.add(
        () -> {
          serve();
          tasks.add(this::serve);
        });
    strategy.produce();
    threads.readers.get(0).run();
    assertEquals(3, served.size());
  }
}
