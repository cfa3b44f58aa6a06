package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.PersistedGateway.key;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.MemoryDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log on a volume of 3 MiB: it is compacted by need, so that pushes always find room. */
class SmallVolumeTest {
  private static final int VOLUME = 3 << 20;
  private static final int PUSHES = 100;

  @TempDir Path folder;
  private final MemoryDisk disk = new MemoryDisk();
  private PersistedGateway gateway;

  @BeforeEach
  void startOnSmallVolume() throws IOException {
    disk.volume(VOLUME);
    start(Duration.ofMinutes(5));
  }

  private void start(Duration interval) throws IOException {
    gateway =
        new PersistedGateway(folder, disk, interval, PersistenceFile.COMPACTION_SLACK_BYTES)
            .start();
  }

  private void push(String job, int value, int length) throws IOException {
    GroupingKey key = key(job);
    FamilyBlock block = FamilyBlock.gauge("g", "h", key.groupingLabels(), value);
    FamilyBlock filler =
        FamilyBlock.gauge("filler", "x".repeat(length), key.groupingLabels(), value);
    gateway.push(key, true, value, block, filler);
  }

  /** Kills the gateway and looks whether the next one has all that was acknowledged. */
  private void checkNothingIsLost() throws IOException {
    Map<String, String> before = gateway.state();
    disk.kill();
    gateway.vanish();
    gateway.start();
    assertEquals(before, gateway.state());
    assertEquals(0, gateway.file.status().droppedRecords());
  }

  private void fillVolume(int left) {
    disk.put(folder.resolve("other"), new byte[(int) disk.freeBytes(folder) - left]);
  }

  @Test
  void sameGroupsAreTakenForEver() throws IOException {
    for (int i = 1; i <= PUSHES; i++) {
      push("job" + i % 10, i, 90_000);
    }
    assertTrue(gateway.file.status().compactions() > 2);
    assertFalse(gateway.file.status().isVolumeTooSmall());
    checkNothingIsLost();
  }

  /** Its content is replaced as a whole: what is live never grows. */
  @Test
  void oneLargeGroupIsTakenForEver() throws IOException {
    for (int i = 1; i <= PUSHES; i++) {
      push("large", i, 700_000);
    }
    checkNothingIsLost();
  }

  @Test
  void growingGroupsAreTakenUntilTheyFitNoMoreThanTwice() throws IOException {
    for (int i = 1; i <= PUSHES; i++) {
      push("large", i, i * 8_000);
      push("job" + i, i, 2_000);
    }
    assertFalse(gateway.file.status().isVolumeTooSmall());
    checkNothingIsLost();
  }

  @Test
  void wipesGiveUpTheirBlocks() throws IOException {
    for (int i = 1; i <= PUSHES; i++) {
      push("job" + i, i, 500_000);
      assertEquals(1, gateway.wipe());
      gateway.tick();
      assertTrue(disk.freeBytes(folder) >= VOLUME - 8192, "after wipe " + i);
    }
    checkNothingIsLost();
  }

  /** The thread that maintains the log need not come between. */
  @Test
  void wipesWithoutATickAreTaken() throws IOException {
    for (int i = 1; i <= PUSHES; i++) {
      push("job" + i, i, 500_000);
      assertEquals(1, gateway.wipe());
    }
    checkNothingIsLost();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void restartsLoseNothing(boolean kills) throws IOException {
    for (int i = 1; i <= PUSHES; i++) {
      push("job" + i % 10, i, 90_000);
      if (kills) {
        checkNothingIsLost();
      } else {
        Map<String, String> before = gateway.state();
        gateway.file.close();
        gateway.start();
        assertEquals(before, gateway.state());
      }
    }
  }

  @Test
  void everyPushIsTakenWithIntervalZero() throws IOException {
    gateway.file.close();
    start(Duration.ZERO);
    for (int i = 1; i <= PUSHES; i++) {
      push("job" + i % 10, i, 90_000);
    }
    Map<String, String> before = gateway.state();
    disk.powerLoss();
    gateway.vanish();
    gateway.start();
    assertEquals(before, gateway.state());
  }

  /** Content that fits no more than once would be the end of all compactions. */
  @Test
  void pushThatTakesTheRoomOfACompactionIsRefused() throws IOException {
    int taken = 0;
    IOException refused = null;
    while (refused == null) {
      try {
        push("job" + taken, taken + 1, 50_000);
        taken++;
      } catch (IOException e) {
        refused = e;
      }
    }
    assertEquals(
        "cannot write to persistence file "
            + gateway.path
            + ": its volume has no room for a compaction",
        refused.getMessage());
    assertTrue(taken > 20 && taken < 31, taken + " were taken");
    assertTrue(gateway.file.status().isVolumeTooSmall());
    assertTrue(gateway.file.status().failing());
    checkNothingIsLost();
    int last = taken;
    assertThrows(IOException.class, () -> push("job" + last, last, 50_000));
    for (int i = 0; i < 5; i++) {
      assertTrue(gateway.delete(key("job" + i)));
    }
    gateway.tick();
    assertTrue(gateway.file.failure().isEmpty());
    for (int i = 0; i < PUSHES; i++) {
      push("job10", i, 50_000);
    }
    checkNothingIsLost();
    gateway.wipe();
    push("job", 1, 700_000);
    checkNothingIsLost();
  }

  @Test
  void fullVolumeIsCompactedByThePushThatFindsIt() throws IOException {
    for (int i = 1; i <= 10; i++) {
      push("job", i, 50_000);
    }
    push("job", 11, 5_000);
    long compactions = gateway.file.status().compactions();
    fillVolume(20_000);
    push("other", 12, 25_000);
    assertEquals(compactions + 1, gateway.file.status().compactions());
    checkNothingIsLost();
  }

  /** Both the old file and the new one get the push: it must not take the room of the new one. */
  @Test
  void pushWaitsForACompactionThatIsRunning() throws Exception {
    for (int i = 1; i <= 10; i++) {
      push("job" + i, i, 80_000);
    }
    fillVolume(1_000_000);
    gateway.tick(); // It looks at the volume once a second.
    CountDownLatch hasBegun = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    disk.beforeSync(
        () -> {
          hasBegun.countDown();
          await(mayGoOn);
        });
    FutureTask<Void> compaction = task(() -> gateway.file.rewrite());
    new Thread(compaction).start();
    hasBegun.await();
    FutureTask<Void> push = task(() -> push("job1", 11, 80_000));
    Thread pushing = new Thread(push);
    pushing.start();
    while (pushing.getState() != Thread.State.WAITING) {
      assertFalse(push.isDone(), "it has not waited");
      Thread.onSpinWait();
    }
    mayGoOn.countDown();
    compaction.get();
    push.get();
    checkNothingIsLost();
  }

  private interface Step {
    void run() throws IOException;
  }

  private static FutureTask<Void> task(Step step) {
    return new FutureTask<>(
        () -> {
          step.run();
          return null;
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void fullVolumeTakesDeletions() throws IOException {
    push("a", 1, 5_000);
    push("b", 1, 5_000);
    fillVolume(0);
    assertThrows(IOException.class, () -> push("c", 2, 5_000));
    assertTrue(gateway.delete(key("a")));
    assertEquals(1, gateway.wipe());
    checkNothingIsLost();
  }

  /** The new file gets the groups from before the wipe, too. */
  @Test
  void wipeDuringACompactionGivesUpTheBlocks() throws IOException {
    push("a", 1, 500_000);
    boolean[] done = new boolean[1];
    disk.beforeSync(
        () -> {
          if (!done[0]) {
            done[0] = true;
            assertDoesNotThrow(gateway::wipe);
          }
        });
    gateway.file.rewrite();
    assertTrue(gateway.file.status().fileBytes() > 500_000);
    gateway.tick();
    assertEquals(LogFormat.RECORDS_OFFSET, gateway.file.status().fileBytes());
    checkNothingIsLost();
  }

  /** There is no room for a new file, and no need of one. */
  @Test
  void wipeGivesUpTheBlocksAlsoOnAFullVolume() throws IOException {
    push("a", 1, 500_000);
    fillVolume(0);
    gateway.wipe();
    gateway.tick();
    assertEquals(LogFormat.RECORDS_OFFSET, gateway.file.status().fileBytes());
    push("b", 2, 100_000);
    gateway.tick();
    checkNothingIsLost();
  }

  @Test
  void startCompacts() throws IOException {
    disk.volume(Long.MAX_VALUE);
    for (int i = 1; i <= 28; i++) {
      push("job", i, 100_000);
    }
    gateway.file.close();
    disk.volume(VOLUME);
    gateway.start();
    assertTrue(gateway.file.status().fileBytes() < 110_000);
    checkNothingIsLost();
  }

  @Test
  void volumeThatBecomesTooSmallIsTold() throws IOException {
    push("job", 1, 100_000);
    assertFalse(gateway.file.status().isVolumeTooSmall());
    fillVolume(1 << 20);
    assertTrue(gateway.file.status().isVolumeTooSmall());
    push("job", 2, 100_000);
    checkNothingIsLost();
  }

  /** What has no name any more is lost with the process anyway. */
  @Test
  void blocksOfARemovedFileAreGivenUp() throws IOException {
    for (int i = 1; i <= 10; i++) {
      push("job" + i, i, 100_000);
    }
    fillVolume(100_000);
    disk.delete(gateway.path);
    gateway.tick();
    assertTrue(gateway.file.failure().isEmpty());
    checkNothingIsLost();
  }

  @Test
  void blocksOfARemovedFileAreGivenUpAtTheEnd() throws IOException {
    for (int i = 1; i <= 10; i++) {
      push("job" + i, i, 100_000);
    }
    fillVolume(100_000);
    disk.delete(gateway.path);
    Map<String, String> before = gateway.state();
    gateway.file.close();
    gateway.start();
    assertEquals(before, gateway.state());
  }

  /** A file that has another name keeps its content, and one that comes meanwhile is kept. */
  @Test
  void fileWithAnotherNameIsNotGivenUp() throws IOException {
    push("a", 1, 1_000_000);
    byte[] moved = disk.content(gateway.path);
    Path backup = folder.resolve("backup");
    disk.move(gateway.path, backup);
    fillVolume(100_000);
    gateway.tick();
    assertTrue(gateway.file.failure().isPresent(), "there is no room beside the moved file");
    assertEquals(moved.length, disk.content(backup).length);
    byte[] foreign = {1, 2, 3};
    disk.put(gateway.path, foreign);
    disk.delete(folder.resolve("other"));
    gateway.nanoTime += 10_000_000_000L;
    gateway.tick();
    assertTrue(gateway.file.failure().isEmpty());
    assertEquals(
        foreign.length,
        disk.content(folder.resolve("pushgateway.log.foreign-20261122T101530Z")).length);
    checkNothingIsLost();
  }

  @Test
  void endThatCannotWriteIsAnError() throws IOException {
    push("a", 1, 1_000_000);
    disk.delete(gateway.path);
    disk.volume(900_000);
    IOException lost = assertThrows(IOException.class, () -> gateway.file.close());
    assertEquals(
        "cannot rewrite persistence file " + gateway.path + ": No space left on device",
        lost.getMessage());
  }
}
