package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IdleMemoryTest {
  private static final long WORK = IdleMemory.WORTHWHILE_NANOS;
  private static final long NEARLY_NOTHING = IdleMemory.QUIET_NANOS / 2;

  private long processorNanos;
  private boolean pays = true;
  private boolean hasShrunk = true;
  private int givenBack;
  private final IdleMemory memory =
      new IdleMemory(() -> processorNanos, () -> pays, () -> hasShrunk, () -> givenBack++);

  /** Looks after so much work, and says how often memory was given back in all. */
  private int after(long workedNanos) {
    processorNanos += workedNanos;
    memory.look();
    return givenBack;
  }

  @Test
  void givesBackOnceWhenWorkIsOver() {
    assertEquals(0, after(WORK), "at work");
    assertEquals(0, after(IdleMemory.QUIET_NANOS + 1), "nearly over");
    assertEquals(1, after(NEARLY_NOTHING), "over");
    assertEquals(1, after(NEARLY_NOTHING), "nothing since");
  }

  @Test
  void doesNotCountWhatGivingBackCosts() {
    IdleMemory costly =
        new IdleMemory(() -> processorNanos, () -> true, () -> true, this::workHard);
    processorNanos += WORK;
    for (int i = 0; i < 10; i++) {
      costly.look();
    }
    assertEquals(1, givenBack);
  }

  private void workHard() {
    givenBack++;
    processorNanos += 2 * WORK;
  }

  @Test
  void givesBackForMuchWorkInBits() {
    int looks = 0;
    while (after(NEARLY_NOTHING) < 2) {
      looks++;
      assertTrue(looks < 3 * WORK / NEARLY_NOTHING, "looked " + looks + " times");
    }
    assertTrue(looks >= 2 * WORK / NEARLY_NOTHING - 2, "looked " + looks + " times only");
  }

  @Test
  void waitsUntilItPays() {
    pays = false;
    after(WORK);
    assertEquals(0, after(NEARLY_NOTHING));
    pays = true;
    assertEquals(1, after(NEARLY_NOTHING));
  }

  @Test
  void letsTheCollectorShrinkTheHeapFirst() {
    hasShrunk = false;
    after(WORK);
    assertEquals(0, after(NEARLY_NOTHING), "the collector has not run yet");
    hasShrunk = true;
    assertEquals(1, after(NEARLY_NOTHING));
  }

  @Test
  void doesNotWaitForACollectorThatNeverRuns() {
    hasShrunk = false;
    after(WORK);
    for (int i = 1; i < IdleMemory.PATIENCE; i++) {
      assertEquals(0, after(NEARLY_NOTHING), "quiet look " + i);
    }
    assertEquals(1, after(NEARLY_NOTHING));
  }

  @Test
  void isPatientAgainAfterEveryBusyLook() {
    hasShrunk = false;
    after(WORK);
    for (int i = 0; i < 3 * IdleMemory.PATIENCE; i++) {
      boolean quiet = i % IdleMemory.PATIENCE != 0;
      assertEquals(0, after(quiet ? NEARLY_NOTHING : IdleMemory.QUIET_NANOS + 1), "look " + i);
    }
  }

  @Test
  void worksInThisJvm() {
    IdleMemory jvm = IdleMemory.ofJvm().orElseThrow();
    jvm.look(); // Whatever the JVM is doing: it must not throw.
  }
}
