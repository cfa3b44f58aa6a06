package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.http.MemoryBudget.Reservation;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final long MIB = 1 << 20;

  private long storedBytes;

  /** Three quarters of the heap but for 16 MiB: 80 MiB, of which pushes leave ten. */
  private final MemoryBudget budget = new MemoryBudget(128 * MIB, () -> storedBytes);

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
}
