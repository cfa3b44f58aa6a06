package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdleMemoryTest {
  private static final long MUCH_WORK = 100 * IdleMemory.WORK_NANOS;
  private static final long NEARLY_NOTHING = IdleMemory.WORK_NANOS / 100;
  private static final long STORED = 4 * IdleMemory.LITTLE_BYTES;
  private static final long MUCH_FREE = IdleMemory.MUCH_FREE_BYTES + STORED / 2 + 1;

  private final FakeJvm jvm = new FakeJvm();
  private final IdleMemory memory = new IdleMemory(jvm);

  /** Compacts to three quarters of what was stored, and works for that. */
  private static final class FakeJvm implements IdleMemory.Jvm {
    private long processorNanos;
    private long stored = STORED;
    private long free;
    private boolean canShrink = true;
    private int compactions;
    private Duration interval = IdleMemory.USUALLY;
    private boolean keepsLittleFree;

    @Override
    public long processorNanos() {
      return processorNanos;
    }

    @Override
    public long storedBytes() {
      return stored;
    }

    @Override
    public long freeBytes() {
      return free;
    }

    @Override
    public boolean canShrink() {
      return canShrink;
    }

    @Override
    public void compact() {
      compactions++;
      processorNanos += MUCH_WORK;
      stored -= stored / 4;
    }

    @Override
    public void keepLittleFree(boolean yes) {
      keepsLittleFree = yes;
    }

    @Override
    public void collectEvery(Duration next) {
      interval = next;
    }
  }

  private void look(int times, long workedNanos) {
    for (int i = 0; i < times; i++) {
      jvm.processorNanos += workedNanos;
      memory.look();
    }
  }

  /** Looks until it has surely done what it will do while nothing happens. */
  private int compactionsInQuiet() {
    look(2 * IdleMemory.PATIENCE, NEARLY_NOTHING);
    return jvm.compactions;
  }

  private int compactionsAfter(long stored) {
    look(1, MUCH_WORK);
    jvm.stored = stored;
    return compactionsInQuiet();
  }

  @Test
  void compactsOnceWhenWorkIsOver() {
    look(3, MUCH_WORK);
    assertEquals(0, jvm.compactions, "at work");
    look(1, NEARLY_NOTHING);
    assertEquals(1, jvm.compactions, "over");
    assertEquals(1, compactionsInQuiet(), "nothing since");
  }

  @Test
  void compactsAgainOnlyWhenMoreOrLessIsStored() {
    assertEquals(1, compactionsAfter(STORED));
    long then = jvm.stored;
    assertEquals(1, compactionsAfter(then + then / 5), "a fifth more");
    assertEquals(1, compactionsAfter(then - then / 5), "a fifth less");
    assertEquals(2, compactionsAfter(2 * then), "twice as much");
    assertEquals(3, compactionsAfter(jvm.stored / 2), "half of it");
  }

  @Test
  void leavesLittleAloneAndWhatIsLargeOrFixed() {
    assertEquals(0, compactionsAfter(IdleMemory.LITTLE_BYTES - 1));
    assertEquals(0, compactionsAfter(IdleMemory.LARGE_BYTES + 1));
    jvm.canShrink = false;
    assertEquals(0, compactionsAfter(STORED));
    jvm.canShrink = true;
    assertEquals(1, compactionsAfter(STORED));
  }

  @Test
  void letsTheCollectorShrinkTheHeapFirst() {
    jvm.free = MUCH_FREE;
    look(1, MUCH_WORK);
    look(IdleMemory.PATIENCE - 1, NEARLY_NOTHING);
    assertEquals(0, jvm.compactions, "the collector has not run yet");
    jvm.free = MUCH_FREE - 1;
    look(1, NEARLY_NOTHING);
    assertEquals(1, jvm.compactions);
  }

  @Test
  void doesNotWaitForEverForTheCollector() {
    jvm.free = MUCH_FREE;
    look(1, MUCH_WORK);
    look(IdleMemory.PATIENCE, NEARLY_NOTHING);
    assertEquals(1, jvm.compactions);
  }

  @Test
  void isPatientAgainAfterEveryBusyLook() {
    jvm.free = MUCH_FREE;
    for (int i = 0; i < 3; i++) {
      look(1, IdleMemory.QUIET_NANOS + 1);
      look(IdleMemory.PATIENCE - 1, NEARLY_NOTHING);
    }
    assertEquals(0, jvm.compactions);
  }

  @Test
  void leavesRoomToWorkWith() {
    look(2, MUCH_WORK);
    assertFalse(jvm.keepsLittleFree, "at work");
    look(1, NEARLY_NOTHING);
    assertTrue(jvm.keepsLittleFree, "quiet");
    look(1, MUCH_WORK);
    assertFalse(jvm.keepsLittleFree, "at work again");
  }

  @Test
  void collectorRestsUntilThereWasWork() {
    look(1, MUCH_WORK);
    assertEquals(IdleMemory.USUALLY, jvm.interval, "at work");
    compactionsInQuiet();
    assertEquals(Duration.ZERO, jvm.interval, "nothing to do");
    look(1, IdleMemory.WORK_NANOS);
    assertEquals(IdleMemory.USUALLY, jvm.interval, "worked");
    look(1, NEARLY_NOTHING);
    assertEquals(IdleMemory.USUALLY, jvm.interval, "it has to run first");
    compactionsInQuiet();
    assertEquals(Duration.ZERO, jvm.interval, "nothing to do again");
  }

  @Test
  void collectorRestsWhereNothingIsCompacted() {
    jvm.canShrink = false;
    compactionsInQuiet();
    assertEquals(Duration.ZERO, jvm.interval);
  }

  @Test
  void collectorIsHurriedWhenMuchIsFree() {
    look(1, MUCH_WORK);
    assertEquals(IdleMemory.USUALLY, jvm.interval, "little is free");
    jvm.free = MUCH_FREE;
    look(1, MUCH_WORK);
    assertEquals(IdleMemory.SOON, jvm.interval, "much is free");
    jvm.free = MUCH_FREE - 1;
    look(1, MUCH_WORK);
    assertEquals(IdleMemory.USUALLY, jvm.interval, "it has collected");
  }

  @Test
  void collectorIsNotHurriedForEverWhereNothingComesOfIt() {
    jvm.free = MUCH_FREE;
    look(IdleMemory.HASTE, MUCH_WORK);
    assertEquals(IdleMemory.SOON, jvm.interval);
    look(1, MUCH_WORK);
    assertEquals(IdleMemory.USUALLY, jvm.interval);
    look(10, MUCH_WORK);
    assertEquals(IdleMemory.USUALLY, jvm.interval);
  }

  /** Whatever it is, and has: nothing may throw. */
  @Test
  void worksInThisJvm() {
    HotSpotMemory.ofJvm()
        .ifPresent(
            jvm -> {
              IdleMemory here = new IdleMemory(jvm);
              for (int i = 0; i < 2 * IdleMemory.PATIENCE; i++) {
                here.look();
              }
              jvm.compact();
              jvm.keepLittleFree(false);
              jvm.collectEvery(IdleMemory.USUALLY);
              assertTrue(jvm.storedBytes() > 0);
            });
  }
}
