package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.PersistedGateway.gauge;
import static dev.pushgateway.persistence.PersistedGateway.key;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.LocalDisk;
import dev.pushgateway.disk.MemoryDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged stays, whichever operation of the disk fails, and the gateway recovers. */
class DiskFailureTest {
  private static final int GROUPS = 3;

  @TempDir Path folder;

  /** Groups by number: the last value that was acknowledged, and the last that was tried. */
  private final Map<Integer, Integer> acknowledged = new HashMap<>();

  private final Map<Integer, Integer> tried = new HashMap<>();

  private static GroupingKey group(int number) {
    return key("job" + number);
  }

  private void push(PersistedGateway gateway, int number, int value) {
    tried.put(number, value);
    try {
      GroupingKey key = group(number);
      gateway.push(key, true, value, gauge(key, "value", value));
      acknowledged.put(number, value);
    } catch (IOException refused) {
      assertTrue(refused.getMessage().contains("pushgateway.log"), refused.getMessage());
    }
  }

  private void check(PersistedGateway gateway, String what) {
    Map<Integer, Integer> found = new HashMap<>();
    gateway
        .store
        .groups()
        .forEach(
            group ->
                found.put(
                    Integer.valueOf(group.key().job().substring(3)), (int) group.pushTimeNanos()));
    for (int number = 0; number < GROUPS; number++) {
      Integer is = found.get(number);
      boolean right =
          acknowledged.containsKey(number)
              ? is != null && (is >= acknowledged.get(number) && is <= tried.get(number))
              : is == null || is <= tried.get(number);
      assertTrue(right, what + ": " + number + " is " + is + ", " + acknowledged + ", " + tried);
    }
  }

  /** One round: pushes, ticks, a compaction, with the n-th operation failing. */
  private boolean run(Duration interval, long failAt, long failures, boolean powerLoss)
      throws IOException {
    acknowledged.clear();
    tried.clear();
    MemoryDisk disk = new MemoryDisk();
    PersistedGateway gateway = new PersistedGateway(folder, disk, interval, 200).start();
    disk.failAt(failAt, failures);
    String what =
        "operation " + failAt + " and " + failures + " in all, " + interval + ", " + powerLoss;
    for (int i = 1; i <= 24; i++) {
      push(gateway, i % GROUPS, i);
      if (i % 4 == 0) {
        gateway.tick();
      }
      String told = gateway.file.failure().orElse("");
      assertFalse(told.contains(folder.toString()), what + ": " + told);
    }
    check(gateway, what);
    boolean failed = disk.hasFailed();
    if (powerLoss) {
      disk.powerLoss();
    } else {
      disk.kill();
    }
    gateway.vanish();
    gateway.start();
    check(gateway, what + ", after a crash");
    assertEquals(0, gateway.file.status().droppedRecords(), what);
    assertTrue(gateway.file.failure().isEmpty());
    push(gateway, 0, 100);
    assertEquals(100, acknowledged.get(0));
    gateway.file.close();
    return failed;
  }

  @Test
  void oneFailingOperationLosesNothing() throws IOException {
    int rounds = 1;
    while (run(Duration.ofMinutes(5), rounds, 1, false)) {
      rounds++;
    }
    assertTrue(rounds > 30, "only " + rounds + " operations");
  }

  @Test
  void oneFailingOperationLosesNothingWithPowerLoss() throws IOException {
    int rounds = 1;
    while (run(Duration.ZERO, rounds, 1, true)) {
      rounds++;
    }
    assertTrue(rounds > 50, "only " + rounds + " operations");
  }

  @Test
  void diskThatFailsForAWhileOrForEverLosesNothing() throws IOException {
    for (long failures : new long[] {2, 3, 5, 9, Long.MAX_VALUE}) {
      for (int failAt = 1; run(Duration.ZERO, failAt, failures, true); failAt++) {
        run(Duration.ofMinutes(5), failAt, failures, false);
      }
    }
  }

  @Test
  void fullDiskRefusesAPushAndChangesNothing() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ofMinutes(5)).start();
    push(gateway, 1, 1);
    Map<String, String> before = gateway.state();
    long length = gateway.file.status().fileBytes();
    disk.capacity(length + 10);
    GroupingKey key = group(1);
    IOException refused =
        assertThrows(IOException.class, () -> gateway.push(key, true, 2, gauge(key, "value", 2)));
    String reason =
        "cannot write to persistence file " + gateway.path + ": No space left on device";
    assertEquals(reason, refused.getMessage());
    assertEquals(
        "cannot write to the persistence file: No space left on device",
        gateway.file.failure().orElseThrow());
    assertTrue(gateway.file.status().failing());
    assertEquals(1, gateway.file.status().failures());
    assertThrows(IOException.class, () -> gateway.delete(key));
    assertThrows(IOException.class, () -> gateway.wipe());
    assertEquals(before, gateway.state());
    assertEquals(length, disk.content(gateway.path).length);
    gateway.tick();
    assertTrue(gateway.file.failure().isPresent());
    disk.heal();
    gateway.tick();
    assertTrue(gateway.file.failure().isEmpty(), "healthy without a push");
    push(gateway, 1, 3);
    assertEquals(3, acknowledged.get(1));
    gateway.file.close();
  }

  @Test
  void fullDiskWithoutAFileIsFoundBeforeTheStart() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Path path = folder.resolve("pushgateway.log");
    disk.capacity(LogFormat.RECORDS_OFFSET - 1);
    IOException full = assertThrows(IOException.class, () -> PersistenceFile.check(path, disk));
    assertEquals(
        "cannot open persistence file " + path + ": No space left on device", full.getMessage());
    assertEquals("[]", disk.fileNames().toString());
    disk.heal();
    PersistenceFile.check(path, disk);
    assertEquals("[]", disk.fileNames().toString());
  }

  @Test
  void pushThatFitsIsNoRecoveryFromALongerOneThatDoesNot() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ofMinutes(5)).start();
    disk.capacity(LogFormat.RECORDS_OFFSET + 20_000);
    checkPush(gateway, 30_000, false, true);
    checkPush(gateway, 10, true, true);
    checkPush(gateway, 5_000, true, true);
    checkPush(gateway, 20_000, false, true);
    checkPush(gateway, 10, true, true);
    disk.capacity(LogFormat.RECORDS_OFFSET + 28_000);
    gateway.tick();
    checkPush(gateway, 10, true, true);
    disk.capacity(LogFormat.RECORDS_OFFSET + 80_000);
    checkPush(gateway, 29_000, true, true);
    checkPush(gateway, 30_000, true, false);
    checkPush(gateway, 30_000, false, true);
    disk.heal();
    gateway.tick();
    checkPush(gateway, 10, true, false);
    gateway.file.close();
  }

  private static void checkPush(
      PersistedGateway gateway, int length, boolean taken, boolean failing) {
    GroupingKey key = key("full " + length); // Nothing is dead, so that a compaction is no help.
    FamilyBlock block = FamilyBlock.gauge("g", "x".repeat(length), key.groupingLabels(), length);
    String what = "a push of " + length + " bytes";
    assertEquals(taken, succeeds(() -> gateway.push(key, true, 1, block)), what);
    assertEquals(failing, gateway.file.status().failing(), "failing after " + what);
    assertEquals(failing, gateway.file.failure().isPresent(), what);
  }

  private static boolean succeeds(Step step) {
    try {
      step.run();
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  @Test
  void recoversFromAPushThatIsLongerThanAProbe() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ofMinutes(5)).start();
    disk.capacity(100_000);
    checkPush(gateway, 3 << 20, false, true);
    gateway.tick();
    assertTrue(gateway.file.status().failing());
    disk.capacity(2 << 20);
    gateway.tick();
    assertFalse(gateway.file.status().failing());
    gateway.file.close();
  }

  @Test
  void failedSyncRefusesUntilTheFileIsWrittenAnew() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ZERO).start();
    push(gateway, 1, 1);
    disk.failAt(3, Long.MAX_VALUE); // The look and the write succeed, the sync does not.
    push(gateway, 1, 2);
    assertEquals(1, acknowledged.get(1));
    assertEquals(
        "cannot sync the persistence file: Input/output error",
        gateway.file.failure().orElseThrow());
    gateway.tick();
    disk.heal();
    push(gateway, 2, 3);
    assertFalse(acknowledged.containsKey(2), "a push into a broken log");
    gateway.nanoTime += 3_000_000_000L;
    gateway.tick();
    assertTrue(gateway.file.failure().isEmpty());
    push(gateway, 2, 4);
    assertEquals(4, acknowledged.get(2));
    disk.powerLoss();
    gateway.vanish();
    gateway.start();
    check(gateway, "after a power loss");
    gateway.file.close();
  }

  @Test
  void removedFileIsWrittenAgain() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ofMinutes(5)).start();
    push(gateway, 1, 1);
    disk.delete(gateway.path);
    gateway.tick();
    assertTrue(gateway.file.failure().isEmpty());
    disk.kill();
    gateway.vanish();
    gateway.start();
    check(gateway, "after the file was removed");
    gateway.file.close();
  }

  @Test
  void removedLockIsTakenAgain() throws IOException {
    PersistedGateway gateway =
        new PersistedGateway(folder, new LocalDisk(), Duration.ofMinutes(5)).start();
    Path lock = folder.resolve("pushgateway.log.lock");
    Files.delete(lock);
    Files.delete(gateway.path);
    gateway.tick();
    assertTrue(gateway.file.failure().isEmpty());
    assertThrows(FileInUseException.class, () -> PersistenceFile.check(gateway.path));
    Files.delete(lock);
    Files.createFile(lock); // Replaced between two ticks.
    gateway.tick();
    assertThrows(FileInUseException.class, () -> PersistenceFile.check(gateway.path));
    gateway.file.close();
    PersistenceFile.check(gateway.path);
  }

  @Test
  void fileIsLeftToTheGatewayThatHasItsLock() throws IOException {
    PersistedGateway gateway =
        new PersistedGateway(folder, new LocalDisk(), Duration.ofMinutes(5)).start();
    push(gateway, 1, 1);
    Path lock = folder.resolve("pushgateway.log.lock");
    Files.delete(lock);
    try (FileChannel another = FileChannel.open(lock, CREATE_NEW, WRITE)) {
      another.lock();
      gateway.tick();
    }
    String failure = gateway.file.failure().orElseThrow();
    assertTrue(failure.endsWith("after its lock file was removed; restart this gateway"), failure);
    gateway.tick();
    push(gateway, 1, 2);
    assertEquals(1, acknowledged.get(1), "a push that the other gateway does not know of");
    Files.writeString(gateway.path, "of the other");
    gateway.file.close();
    assertEquals("of the other", Files.readString(gateway.path));
  }

  @Test
  void damagedFileIsLeftAloneWhenItCannotBeKeptAside() throws IOException {
    for (int failAt = 1; ; failAt++) {
      MemoryDisk disk = new MemoryDisk();
      PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ZERO);
      byte[] damaged = "not a log".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      disk.put(gateway.path, damaged);
      disk.failAt(failAt, Long.MAX_VALUE);
      boolean started = true;
      try {
        gateway.start();
      } catch (IOException e) {
        started = false;
        assertTrue(e.getMessage().contains(gateway.path.toString()), e.getMessage());
      }
      if (started && !disk.hasFailed()) {
        disk.heal();
        gateway.file.close();
        return;
      }
      String names = disk.fileNames().toString();
      boolean kept =
          names.contains("unreadable")
              || new String(disk.content(gateway.path)).equals("not a log");
      assertTrue(kept, "operation " + failAt + ": " + names);
      if (started) {
        disk.heal();
        gateway.file.close();
      }
    }
  }
}
