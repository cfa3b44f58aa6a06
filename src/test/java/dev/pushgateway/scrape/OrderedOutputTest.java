package dev.pushgateway.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderedOutputTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 10, 1_000})
  void writesPiecesInTheOrderTheyWereAdded(int count) throws IOException {
    List<Integer> written = new ArrayList<>();
    OrderedOutput<Integer> output = new OrderedOutput<>(written::add);
    for (int i = 0; i < count; i++) {
      int piece = i;
      if (i % 3 == 0) {
        output.add(piece, 1); // Is there already.
      } else {
        output.add(
            () -> {
              spin(piece % 7);
              return piece;
            },
            1_000);
      }
    }
    output.flush();
    assertEquals(IntStream.range(0, count).boxed().toList(), written);
  }

  private static void spin(int factor) {
    long end = System.nanoTime() + 10_000L * factor;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void makesEachPieceOnceAndWritesOnTheThreadThatAdds() throws IOException {
    ConcurrentHashMap<Integer, AtomicInteger> made = new ConcurrentHashMap<>();
    List<Thread> writers = new ArrayList<>();
    OrderedOutput<Integer> output =
        new OrderedOutput<>(piece -> writers.add(Thread.currentThread()));
    for (int i = 0; i < 500; i++) {
      int piece = i;
      output.add(
          () -> {
            made.computeIfAbsent(piece, key -> new AtomicInteger()).incrementAndGet();
            return piece;
          },
          1);
    }
    output.flush();
    assertEquals(500, made.size());
    made.forEach((piece, times) -> assertEquals(1, times.get(), "piece " + piece));
    assertEquals(List.of(Thread.currentThread()), writers.stream().distinct().toList());
  }

  @Test
  void goesOnWhereWritingIsInterrupted() throws IOException {
    List<Integer> written = new ArrayList<>();
    OrderedOutput<Integer> output = new OrderedOutput<>(written::add);
    Thread.currentThread().interrupt();
    for (int i = 0; i < 100; i++) {
      int piece = i;
      output.add(() -> piece, 1);
    }
    output.flush();
    assertEquals(true, Thread.interrupted(), "the interruption is left for who cares");
    assertEquals(100, written.size());
  }

  @Test
  void leavesNothingBehindWhenTheReaderIsGone() {
    for (int round = 0; round < 1_000; round++) { // More than may be ahead, if any were forgotten.
      OrderedOutput<Integer> output =
          new OrderedOutput<>(
              piece -> {
                throw new IOException("connection reset");
              });
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < 100; i++) {
              int piece = i;
              output.add(() -> piece, 64 << 10);
            }
          });
      output.abandon();
    }
    assertEquals(0, OrderedOutput.ahead());
  }

  @Test
  void saysSoIfAPieceCannotBeMade() {
    OrderedOutput<Integer> output = new OrderedOutput<>(piece -> {});
    IllegalStateException failure =
        assertThrows(
            IllegalStateException.class,
            () -> {
              output.add(
                  () -> {
                    throw new ArithmeticException("overflow");
                  },
                  1);
              output.flush();
            });
    assertEquals("overflow", failure.getCause().getMessage());
  }

  /** An operator is told to give the JVM more memory, and the client to try again. */
  @Test
  void outOfMemoryErrorStaysOne() {
    OrderedOutput<Integer> output = new OrderedOutput<>(piece -> {});
    assertThrows(
        OutOfMemoryError.class,
        () -> {
          output.add(
              () -> {
                throw new OutOfMemoryError();
              },
              1);
          output.flush();
        });
  }

  /** Issue 20: the limit was a number of pieces, however long. */
  @Test
  void piecesAreMadeBeforeTheirTurnOnlyWithinALimitOfBytes() throws IOException {
    int bytes = (int) (OrderedOutput.MAX_AHEAD_BYTES / 2 + 1);
    List<Integer> written = new ArrayList<>();
    List<OrderedOutput<Integer>> outputs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      OrderedOutput<Integer> output = new OrderedOutput<>(written::add);
      outputs.add(output);
      output.add(() -> 1, bytes);
      output.add(() -> 2, bytes);
      assertTrue(OrderedOutput.ahead() <= OrderedOutput.MAX_AHEAD_BYTES);
    }
    for (OrderedOutput<Integer> output : outputs) {
      output.add(3, bytes);
      assertTrue(OrderedOutput.ahead() <= OrderedOutput.MAX_AHEAD_BYTES);
      output.flush();
    }
    assertEquals(30, written.size());
    assertEquals(List.of(1, 2, 3), written.subList(27, 30));
    assertEquals(0, OrderedOutput.ahead());
  }
}
