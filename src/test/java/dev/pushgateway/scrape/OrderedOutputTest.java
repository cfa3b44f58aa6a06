package dev.pushgateway.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
        output.add(piece); // Is there already.
      } else {
        output.add(
            () -> {
              spin(piece % 7);
              return piece;
            });
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
          });
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
      output.add(() -> piece);
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
              output.add(() -> piece);
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
                  });
              output.flush();
            });
    assertEquals("overflow", failure.getCause().getMessage());
  }
}
