package dev.pushgateway.admission;

import static dev.pushgateway.store.StoreTesting.key;
import static dev.pushgateway.store.StoreTesting.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.admission.HeapBudget.Reservation;
import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.parse.ParsedPush;
import dev.pushgateway.store.ChangeLog;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.Push;
import dev.pushgateway.store.StoreTesting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class HeapBudgetTest {
  private static final long MIB = 1 << 20;
  private static final long FAMILY_BYTES = 128 << 10;

  /** Half for the store; 80 MiB for it and requests, of which pushes leave ten to scrapes. */
  private static final long HEAP = 128 * MIB;

  private final MetricStore store = new MetricStore(false, Map.of());
  private final HeapBudget budget = new HeapBudget(HEAP, () -> Optional.of(store), 1);
  private final HeapBudget patient =
      new HeapBudget(HEAP, () -> Optional.of(store), TimeUnit.MINUTES.toNanos(1));

  {
    store.start(ChangeLog.NONE);
  }

  /** Small ones, as G1 gives large arrays regions of their own. */
  private static final List<FamilyBlock> FAMILIES = families();

  private static List<FamilyBlock> families() {
    StringBuilder text = new StringBuilder();
    String value = "x".repeat((int) (FAMILY_BYTES - 500) * 6 / 7); // Compressed pages: a sixth.
    for (int i = 0; i < 70 * MIB / FAMILY_BYTES; i++) {
      text.append('a').append(i).append("{b=\"").append(value).append("\"} 1\n");
    }
    return put(key("any"), 1, text.toString()).exposition().families();
  }

  /** A push that takes about this much in the store, and took that much to be read. */
  private static Push push(String job, long storedBytes, long takenBytes) {
    List<FamilyBlock> families = FAMILIES.subList(0, (int) (storedBytes / FAMILY_BYTES));
    return new Push(key(job), true, new ParsedPush(families, false), 1, takenBytes);
  }

  private void store(Push push) {
    assertEquals("", StoreTesting.push(store, push));
  }

  @Test
  void givesBackWhatWasReserved() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (Reservation one = budget.open(true);
          Reservation other = budget.open(true)) {
        one.add(40 * MIB);
        other.add(20 * MIB);
        other.add(10 * MIB);
        assertThrows(OverloadedException.class, () -> one.add(1));
        assertEquals(70 * MIB, budget.reservedBytes());
        try (Reservation scrape = budget.openForScrape()) {
          scrape.add(10 * MIB);
          assertThrows(OverloadedException.class, () -> scrape.add(1));
        }
      }
      assertEquals(0, budget.reservedBytes());
    }
  }

  @Test
  void littleIsNotCounted() throws Exception {
    try (Reservation small = budget.open(true)) {
      small.add(HeapBudget.FREE_BYTES / 2);
      small.add(HeapBudget.FREE_BYTES / 2);
      assertEquals(0, budget.reservedBytes());
      assertEquals(0, small.countedBytes());
      small.add(1);
      assertEquals(HeapBudget.FREE_BYTES + 1, budget.reservedBytes());
      assertEquals(HeapBudget.FREE_BYTES + 1, small.countedBytes());
    }
    assertEquals(0, budget.reservedBytes());
  }

  @Test
  void refusal_saysWhetherARetryHelps() throws Exception {
    store(push("stored", 30 * MIB, 0));
    try (Reservation one = budget.open(true);
        Reservation other = budget.open(true)) {
      one.add(10 * MIB);
      OverloadedException later =
          assertThrows(OverloadedException.class, () -> other.add(34 * MIB));
      assertTrue(later.isTemporary());
      assertEquals(
          "not enough memory right now (needs about 34 MiB); retry later", later.getMessage());
      OverloadedException never =
          assertThrows(OverloadedException.class, () -> other.add(51 * MIB));
      assertFalse(never.isTemporary());
      assertEquals(
          "the request needs about 51 MiB of memory, more than is left beside the store; delete"
              + " groups or raise -Xmx",
          never.getMessage());
      assertEquals(10 * MIB, budget.reservedBytes());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "72000000, 68 MiB",
    "1048576,   1 MiB",
    "1048575, 1023 KiB",
    "70000,    68 KiB",
  })
  void refusal_saysHowMuchInAUnitThatFits(long bytes, String said) throws Exception {
    try (Reservation one = budget.open(true);
        Reservation other = budget.open(true)) {
      one.add(70 * MIB);
      OverloadedException e = assertThrows(OverloadedException.class, () -> other.add(bytes));
      assertTrue(e.getMessage().contains("(needs about " + said + ")"), e.getMessage());
    }
  }

  @Test
  void parserIsToldNo_andTheRequestWhy() throws Exception {
    try (Reservation one = budget.open(true)) {
      assertTrue(one.take(20 * MIB)); // Three copies.
      assertEquals(60 * MIB, budget.reservedBytes());
      one.throwRefusal();
      assertFalse(one.take(4 * MIB));
      assertThrows(OverloadedException.class, one::throwRefusal);
    }
  }

  /** Twice its array while it grows; the array alone when it is there. */
  @Test
  void bodyTakesItsArrayTwice_thenOnce() throws Exception {
    try (Reservation push = budget.open(false)) {
      push.takeBody(16 * MIB, 0);
      assertEquals(32 * MIB, budget.reservedBytes());
      push.keepBody(16 * MIB);
      assertEquals(16 * MIB, budget.reservedBytes());
      assertEquals(32 * MIB, push.countedBytes());
    }
  }

  @Test
  void bodyThatWillNeverFitIsRefusedAtItsStart() {
    try (Reservation push = budget.open(false)) {
      OverloadedException never =
          assertThrows(OverloadedException.class, () -> push.takeBody(MIB, 36 * MIB));
      assertFalse(never.isTemporary());
    }
  }

  /** Text takes three copies more to be parsed: no array grows for what cannot be parsed. */
  @Test
  void textThatCannotBeParsedIsRefusedWhileItIsRead() throws Exception {
    long most;
    try (Reservation push = budget.open(true)) {
      most = push.largestBody();
      long tooMuch = most + 1;
      push.takeBody(most, most);
      OverloadedException never =
          assertThrows(OverloadedException.class, () -> push.takeBody(tooMuch - 1, tooMuch));
      assertFalse(never.isTemporary());
    }
    try (Reservation messages = budget.open(false)) {
      messages.takeBody(most, most + 1);
    }
  }

  /** Else each would receive a part of its body, and wait for the others. */
  @Test
  void largeBodiesAreReadOneAfterTheOther_smallOnesBeside() throws Exception {
    try (Reservation first = budget.open(false);
        Reservation second = budget.open(false);
        Reservation small = budget.open(false)) {
      first.takeBody(MIB, 5 * MIB);
      assertThrows(OverloadedException.class, () -> second.takeBody(MIB, 6 * MIB));
      small.takeBody(MIB, 2 * MIB);
      first.takeBody(5 * MIB, 5 * MIB);
    }
    assertEquals(0, budget.reservedBytes());
  }

  @Test
  void parserGetsAsMuchAsThereIs_butAtLeastThreeCopies() throws Exception {
    try (Reservation first = budget.open(true);
        Reservation second = budget.open(true)) {
      first.takeForParser(10 * MIB);
      assertEquals(70 * MIB / 4 * 3, budget.reservedBytes());
      assertThrows(OverloadedException.class, () -> second.takeForParser(10 * MIB));
      assertEquals(30 * MIB, first.countedBytes());
      store(push("a", MIB, 0));
      first.admit(store, push("a", MIB, 0));
      assertEquals(30 * MIB, budget.reservedBytes(), "what was not used is given back");
      second.takeForParser(10 * MIB);
    }
  }

  @Test
  void waitsUntilOthersHaveLeftRoom() throws Exception {
    Thread waiting;
    try (Reservation one = patient.open(true)) {
      one.add(60 * MIB);
      waiting = waiting(20);
      assertEquals(60 * MIB, patient.reservedBytes());
    }
    waiting.join();
    assertEquals(0, patient.reservedBytes());
  }

  @Test
  void waitsUntilSomethingIsDeleted() throws Exception {
    store(push("stored", 30 * MIB, 0));
    try (Reservation one = patient.open(true)) {
      one.add(30 * MIB);
      Thread waiting = waiting(20);
      StoreTesting.join(store.wipe());
      waiting.join();
    }
  }

  @Test
  void waitsInTurnToBeParsed() throws Exception {
    Reservation most = patient.open(true);
    Reservation little = patient.open(true);
    most.add(50 * MIB);
    little.add(15 * MIB);
    Thread large = inThread(memory -> memory.takeForParser(12 * MIB));
    Thread small = inThread(memory -> memory.takeForParser(3 * MIB));
    little.close(); // There would be room for the small one.
    assertTrue(isWaiting(small) && isWaiting(large));
    most.close();
    large.join();
    small.join();
    assertEquals(0, patient.reservedBytes());
  }

  @Test
  void onlySoManyWait() throws Exception {
    Thread[] waiting = new Thread[HeapBudget.MAX_WAITING];
    try (Reservation one = patient.open(true);
        Reservation tooMany = patient.open(true)) {
      one.add(65 * MIB);
      for (int i = 0; i < waiting.length; i++) {
        waiting[i] = waiting(10);
      }
      assertThrows(OverloadedException.class, () -> tooMany.add(10 * MIB));
    }
    for (Thread thread : waiting) {
      thread.join();
    }
  }

  /** All that a request waits for has one end. */
  @Test
  void waitsNoLongerThanOneDeadline() throws Exception {
    long waitNanos = TimeUnit.MILLISECONDS.toNanos(100);
    HeapBudget short1 = new HeapBudget(HEAP, () -> Optional.of(store), waitNanos);
    try (Reservation all = short1.open(true);
        Reservation push = short1.open(true)) {
      all.add(70 * MIB);
      long start = System.nanoTime();
      assertThrows(OverloadedException.class, () -> push.takeBody(MIB, 0));
      long deadline = push.deadlineNanos();
      assertTrue(deadline - start >= waitNanos);
      assertThrows(OverloadedException.class, () -> push.takeForParser(MIB));
      assertThrows(OverloadedException.class, () -> push.add(MIB));
      assertEquals(deadline, push.deadlineNanos());
    }
  }

  /** Stored before, in MiB each; then one that is pushed, and what it took to read it. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "new in an empty store,                  0, new, 12,  48, ''",
    "it could not come again,                0, new, 16,  60, 'store is full: 60 of 70 MiB used,"
        + " with room to push the largest group again; delete groups or raise -Xmx'",
    "the last ninth is for others,          55, new,  3,   0, 'store is full: 54 of 56 MiB used;"
        + " delete groups or raise -Xmx'",
    "an existing group grows into it,       55, old, 58,   0, ''",
    "beyond half of the heap,               55, old, 66,   0, 'store is full: 54 of 64 MiB used;"
        + " delete groups or raise -Xmx'",
    "as much as before,                     63, old, 63,   7, ''",
    "less than before,                      63, old, 10,   7, ''"
  })
  void admits(String what, int stored, String job, int size, int taken, String refusal)
      throws Exception {
    if (stored > 0) {
      store(push("old", stored * MIB, 0));
    }
    try (Reservation memory = budget.open(true)) {
      memory.add(taken * MIB);
      Push push = push(job, size * MIB, taken * MIB);
      if (refusal.isEmpty()) {
        memory.admit(store, push);
        store(push);
      } else {
        OverloadedException e =
            assertThrows(OverloadedException.class, () -> memory.admit(store, push));
        assertEquals(refusal, e.getMessage());
        assertFalse(e.isTemporary());
      }
    }
  }

  /** Also if its body was far larger than its metrics. */
  @Test
  void leavesRoomToPushTheLargestGroupAgain() throws Exception {
    assertEquals("", admitted("large", MIB / 100, 40));
    int groups = 0;
    while (admitted("i" + groups, MIB, 1).isEmpty()) {
      groups++;
    }
    assertTrue(groups > 20 && groups <= 30, groups + " groups");
    assertEquals("", admitted("large", MIB / 100, 40));
    StoreTesting.join(store.delete(key("large")));
    assertEquals("", admitted("after", 5 * MIB, 1), "the room is free again");
  }

  private String admitted(String job, long storedBytes, int takenMib) {
    try (Reservation memory = budget.open(true)) {
      memory.add(takenMib * MIB);
      Push push = push(job, storedBytes, memory.countedBytes());
      memory.admit(store, push);
      store(push);
      return "";
    } catch (OverloadedException e) {
      return e.getMessage();
    }
  }

  /** Both fit, but not both at a time. */
  @Test
  void pushesOnTheirWayIntoTheStoreCount() throws Exception {
    store(push("old", 30 * MIB, 0));
    Reservation one = budget.open(true);
    one.add(20 * MIB);
    one.admit(store, push("one", 15 * MIB, 0));
    try (Reservation other = budget.open(true)) {
      OverloadedException e =
          assertThrows(
              OverloadedException.class, () -> other.admit(store, push("other", 15 * MIB, 0)));
      assertTrue(e.isTemporary());
      one.close();
      other.admit(store, push("other", 15 * MIB, 0));
    }
  }

  /** A small push is not counted, but what it replaces is, while a scrape keeps it. */
  @Test
  void slowScrapeIsEnded_whenItKeepsTooMuch() throws Exception {
    GroupingKey key = key("a");
    store(push("a", 45 * MIB, 0));
    MetricStore.Reading scrape = store.read();
    store(push("a", 45 * MIB, 0));
    assertTrue(store.retainedBytes() > 44 * MIB);
    try (Reservation memory = patient.open(true)) {
      patient.onShortage(scrape::close);
      memory.admit(store, put(key, 1, "a 1\n"));
    }
    assertEquals(0, store.retainedBytes());
  }

  private interface Wish {
    void of(Reservation memory) throws OverloadedException;
  }

  private Thread waiting(int mebibytes) {
    return inThread(memory -> memory.add(mebibytes * MIB));
  }

  private Thread inThread(Wish wish) {
    Thread thread =
        new Thread(
            () -> {
              try (Reservation memory = patient.open(true)) {
                wish.of(memory);
              } catch (OverloadedException e) {
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
