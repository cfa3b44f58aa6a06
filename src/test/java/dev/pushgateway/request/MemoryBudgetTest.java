package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.request.MemoryBudget.Reservation;
import dev.pushgateway.store.StoreLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MemoryBudgetTest {
  private static final long MIB = 1 << 20;

  private volatile long storedBytes;
  private volatile long claimNanos;

  /** Three quarters of the heap but for 16 MiB: 80 MiB, of which pushes leave ten. */
  private final MemoryBudget budget = new MemoryBudget(128 * MIB, () -> storedBytes, 1, () -> 0);

  /** As large, but patient. */
  private final MemoryBudget waited =
      new MemoryBudget(128 * MIB, () -> storedBytes, Long.MAX_VALUE / 2, () -> claimNanos);

  /** What the store takes must leave room for a push. */
  @ParameterizedTest
  @ValueSource(longs = {64 << 20, 256 << 20, 8L << 30})
  void pushesMayTakeWhatTheStoreLeavesThem(long heapBytes) {
    long most = StoreLimits.inPush(heapBytes);
    MemoryBudget empty = new MemoryBudget(heapBytes, () -> 0, 0, () -> 0);
    try (MemoryBudget.Reservation push = empty.open()) {
      assertTrue(push.tryAdd(most));
      assertFalse(push.tryAdd(1));
    }
  }

  @Test
  void givesBackWhatWasReserved() {
    for (int i = 0; i < 3; i++) {
      try (Reservation one = budget.open();
          Reservation other = budget.open()) {
        assertTrue(one.tryAdd(40 * MIB));
        assertTrue(other.tryAdd(20 * MIB));
        assertTrue(other.tryAdd(10 * MIB));
        assertFalse(one.tryAdd(1));
        assertEquals(70 * MIB, budget.reservedBytes());
        try (Reservation read = budget.openForRead()) {
          assertTrue(read.tryAdd(10 * MIB));
          assertFalse(read.tryAdd(1));
        }
      }
      assertEquals(0, budget.reservedBytes());
    }
  }

  @Test
  void doesNotCountWhatIsLittleInAll() {
    try (Reservation small = budget.open()) {
      assertTrue(small.tryAdd(MemoryBudget.FREE_BYTES / 2));
      assertTrue(small.tryAdd(MemoryBudget.FREE_BYTES / 2));
      assertEquals(0, budget.reservedBytes());
      assertTrue(small.tryAdd(1));
      assertEquals(MemoryBudget.FREE_BYTES + 1, budget.reservedBytes());
    }
    assertEquals(0, budget.reservedBytes());
  }

  @Test
  void saysWhetherItIsOfUseToTryAgain() {
    storedBytes = 30 * MIB;
    try (Reservation one = budget.open();
        Reservation other = budget.open()) {
      assertDoesNotThrow(() -> one.add(10 * MIB));
      RequestRefusedException later =
          assertThrows(RequestRefusedException.class, () -> other.add(31 * MIB));
      assertEquals(503, later.status());
      assertEquals(
          "serving this request takes about 31 MiB of memory, and other requests leave less than"
              + " that",
          later.getMessage());
      RequestRefusedException never =
          assertThrows(RequestRefusedException.class, () -> other.add(51 * MIB));
      assertEquals(507, never.status());
      assertEquals(
          "serving this request takes about 51 MiB of memory, and there is less than that beside"
              + " what is stored; see -Xmx",
          never.getMessage());
      assertEquals(10 * MIB, budget.reservedBytes());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1 KiB", "70000, 68 KiB", "1048575, 1023 KiB", "1048576, 1 MiB", "5000000, 4 MiB"})
  void saysHowMuchInAUnitThatFits(long bytes, String said) {
    try (Reservation one = budget.open()) {
      String sentence = one.refusal(bytes).getMessage();
      assertTrue(sentence.startsWith("serving this request takes about " + said + " of"), sentence);
    }
  }

  @Test
  void arrayNeedsAsMuchAgain() throws Exception {
    try (Reservation one = budget.open();
        Reservation other = budget.open()) {
      one.addArray(20 * MIB);
      assertEquals(20 * MIB, budget.reservedBytes());
      RequestRefusedException never =
          assertThrows(RequestRefusedException.class, () -> one.addArray(26 * MIB));
      assertEquals(507, never.status());
      RequestRefusedException later =
          assertThrows(RequestRefusedException.class, () -> other.addArray(26 * MIB));
      assertEquals(503, later.status());
      one.addArray(25 * MIB);
      assertEquals(45 * MIB, budget.reservedBytes());
    }
  }

  @Test
  void waitsUntilOthersHaveLeftRoom() throws Exception {
    Thread waiting;
    try (Reservation one = waited.open()) {
      assertTrue(one.tryAdd(60 * MIB));
      waiting = add(20);
      assertEquals(60 * MIB, waited.reservedBytes());
    }
    waiting.join();
    assertEquals(0, waited.reservedBytes());
  }

  @Test
  void waitsUntilSomethingIsDeleted() throws Exception {
    storedBytes = 60 * MIB;
    Thread waiting;
    try (Reservation one = waited.open()) {
      assertTrue(one.tryAdd(9 * MIB));
      waiting = add(2);
      storedBytes = 30 * MIB;
      waiting.join();
    }
  }

  @Test
  void whoWaitsLongerIsServedFirst() throws Exception {
    Reservation most = waited.open();
    Reservation little = waited.open();
    assertTrue(most.tryAdd(50 * MIB) && little.tryAdd(15 * MIB));
    Thread large = add(40);
    Thread small = add(10);
    little.close(); // There would be room for the small one.
    assertTrue(isWaiting(small) && isWaiting(large));
    most.close();
    large.join();
    small.join();
    assertEquals(0, waited.reservedBytes());
  }

  @Test
  void onlySoManyWait() throws Exception {
    List<Thread> waiting = new ArrayList<>();
    try (Reservation one = waited.open();
        Reservation tooMany = waited.open()) {
      assertTrue(one.tryAdd(65 * MIB));
      for (int i = 0; i < MemoryQueue.MAX_WAITING; i++) {
        waiting.add(add(10));
      }
      assertFalse(tooMany.tryAdd(10 * MIB));
    }
    for (Thread thread : waiting) {
      thread.join();
    }
  }

  @Test
  void claimIsUsedUpByWhatIsReserved() throws Exception {
    try (Reservation first = waited.open();
        Reservation second = waited.open()) {
      first.expect(10 * MIB, 40 * MIB);
      assertTrue(first.tryAdd(40 * MIB));
      second.expect(0, 29 * MIB); // Counted twice, they would be too many.
      assertTrue(second.tryAdd(29 * MIB));
    }
    assertEquals(0, waited.reservedBytes());
  }

  /** Else each would receive a part of its body, and wait for the others. */
  @Test
  void claimsAreGrantedOneAfterTheOther() throws Exception {
    Thread second;
    try (Reservation first = waited.open()) {
      first.expect(10 * MIB, 50 * MIB);
      second = expect(30);
      assertTrue(first.tryAdd(50 * MIB), "what it has claimed");
      assertTrue(isWaiting(second));
    }
    second.join();
    assertEquals(0, waited.reservedBytes());
  }

  @Test
  void claimLapses_andKeepsNothingFromThoseWithout() throws Exception {
    try (Reservation slow = waited.open();
        Reservation small = waited.open()) {
      slow.expect(10 * MIB, 50 * MIB);
      assertTrue(small.tryAdd(30 * MIB), "without a claim");
      Thread other = expect(30);
      claimNanos = MemoryBudget.CLAIM_NANOS + 1;
      other.join();
    }
    assertEquals(0, waited.reservedBytes());
    waited.open().expect(50 * MIB, 50 * MIB); // Nothing is claimed any more.
  }

  @Test
  void nothingIsClaimedThatWillNeverFit_orIsLittle() throws Exception {
    try (Reservation one = budget.open()) {
      RequestRefusedException never =
          assertThrows(RequestRefusedException.class, () -> one.expect(71 * MIB, 80 * MIB));
      assertEquals(507, never.status());
      for (int i = 0; i < 100; i++) {
        budget.open().expect(0, 4 * MIB); // Else each of them would wait for the last.
      }
    }
  }

  /** A thread that cannot have so many MiB yet. */
  private Thread add(int mebibytes) {
    return waiting(memory -> memory.add(mebibytes * MIB));
  }

  /** A thread that cannot claim so many MiB yet. */
  private Thread expect(int mebibytes) {
    return waiting(memory -> memory.expect(0, mebibytes * MIB));
  }

  private interface Wish {
    void of(Reservation memory) throws RequestRefusedException;
  }

  private Thread waiting(Wish wish) {
    Thread thread =
        new Thread(
            () -> {
              try (Reservation memory = waited.open()) {
                wish.of(memory);
              } catch (RequestRefusedException e) {
                throw new AssertionError(e);
              }
            });
    thread.start();
    while (!isWaiting(thread)) {
      assertTrue(thread.isAlive(), "it does not wait");
      Thread.onSpinWait();
    }
    return thread;
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING;
  }
}
