package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.PersistedGateway.gauge;
import static dev.pushgateway.persistence.PersistedGateway.key;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.disk.MemoryDisk;
import dev.pushgateway.persistence.LogReader.Damage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole records that are missing, repeated or moved are noticed, and so is a missing end. */
class LogNumbersTest {
  private static final String DAMAGED = "pushgateway.log.damaged-20261122T101530Z";
  private static final int RECORDS = 5;

  @TempDir Path folder;
  private final MemoryDisk disk = new MemoryDisk();
  private PersistedGateway gateway;

  /** Five pushes to one group, each with a family of its own, and a clean stop. */
  private byte[] sound;

  /** Where the records start, and the end. */
  private final List<Integer> starts = new ArrayList<>();

  @BeforeEach
  void writeSoundFile() throws IOException {
    gateway = new PersistedGateway(folder, disk, Duration.ofSeconds(3)).start();
    for (int i = 0; i < RECORDS; i++) {
      starts.add(end());
      push(i);
    }
    starts.add(end());
    gateway.file.close();
    sound = disk.content(gateway.path);
  }

  private int end() {
    return (int) gateway.file.status().fileBytes();
  }

  private void push(int number) throws IOException {
    gateway.push(key("a"), false, number, gauge(key("a"), "family" + number, number));
  }

  private byte[] record(int number) {
    return Arrays.copyOfRange(sound, starts.get(number), starts.get(number + 1));
  }

  /** The sound file with these records in place of its own. */
  private byte[] file(int... numbers) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(sound, 0, LogFormat.RECORDS_OFFSET);
    for (int number : numbers) {
      file.writeBytes(record(number));
    }
    return file.toByteArray();
  }

  private LogReader.Result read(byte[] content) throws IOException {
    MemoryDisk on = new MemoryDisk();
    on.put(gateway.path, content);
    LogReader reader = new LogReader(gateway.path, on.open(gateway.path), change -> {});
    return reader.read(LogReader.header(on.open(gateway.path)));
  }

  private static String number(int index) {
    return String.valueOf(LogFormat.FIRST_NUMBER + index);
  }

  /** Opens a file and looks which families are there; the file must be kept aside. */
  private void checkDamaged(byte[] content, String reason, int... families) throws IOException {
    List<String> reasons = read(content).damages().stream().map(Damage::reason).toList();
    assertEquals(List.of(reason), reasons);
    MemoryDisk on = new MemoryDisk();
    on.put(gateway.path, content);
    PersistedGateway opened = new PersistedGateway(folder, on, Duration.ofSeconds(3)).start();
    assertEquals(1, opened.file.status().droppedRecords());
    assertArrayEquals(content, on.content(folder.resolve(DAMAGED)));
    TreeSet<String> expected =
        new TreeSet<>(List.of("push_failure_time_seconds", "push_time_seconds"));
    for (int family : families) {
      expected.add("family" + family);
    }
    TreeSet<String> found = new TreeSet<>();
    opened.store.groups().forEach(group -> group.families().forEach(f -> found.add(f.name())));
    assertEquals(expected, found);
    Map<String, String> before = opened.state();
    opened.file.close();
    opened.start();
    assertEquals(before, opened.state(), "second start");
    assertEquals(0, opened.file.status().droppedRecords());
    opened.file.close();
  }

  @Test
  void fileIsSound() throws IOException {
    LogReader.Result result = read(file(0, 1, 2, 3, 4));
    assertEquals(List.of(), result.damages());
    assertEquals(LogFormat.FIRST_NUMBER + 4, result.lastNumber());
    assertEquals(LogFormat.FIRST_NUMBER + 4, result.notes().newest().orElseThrow().last());
  }

  @Test
  void gapIsNoticed() throws IOException {
    checkDamaged(file(0, 2, 3, 4), "record " + number(1) + " is missing", 0, 2, 3, 4);
    checkDamaged(file(0, 4), "records " + number(1) + " to " + number(3) + " are missing", 0, 4);
    checkDamaged(file(1, 2, 3, 4), "record " + number(0) + " is missing", 1, 2, 3, 4);
  }

  @Test
  void repetitionIsNoticed() throws IOException {
    String reason = "record " + number(1) + " is there a second time";
    checkDamaged(file(0, 1, 1, 2, 3, 4), reason, 0, 1, 2, 3, 4);
    checkDamaged(file(0, 1, 2, 3, 4, 1), reason, 0, 1, 2, 3, 4);
  }

  @Test
  void swapIsNoticedAndCostsNothing() throws IOException {
    checkDamaged(file(0, 2, 1, 3, 4), "1 records are out of order", 0, 1, 2, 3, 4);
    checkDamaged(file(4, 0, 1, 2, 3), "1 records are out of order", 0, 1, 2, 3, 4);
    checkDamaged(file(4, 3, 2, 1, 0), "4 records are out of order", 0, 1, 2, 3, 4);
  }

  /** The changes are applied in the order in which they were made, whatever order the file has. */
  @Test
  void swappedStatesOfAGroupEndWithTheNewest() throws IOException {
    PersistedGateway other =
        new PersistedGateway(folder, new MemoryDisk(), Duration.ofSeconds(3)).start();
    int from = (int) other.file.status().fileBytes();
    other.push(key("a"), true, 1, gauge(key("a"), "g", 1));
    int middle = (int) other.file.status().fileBytes();
    other.push(key("a"), true, 2, gauge(key("a"), "g", 2));
    Map<String, String> newest = other.state();
    other.file.close();
    byte[] content = ((MemoryDisk) other.disk).content(other.path);
    byte[] swapped = content.clone();
    System.arraycopy(content, middle, swapped, from, content.length - middle);
    System.arraycopy(content, from, swapped, from + content.length - middle, middle - from);
    ((MemoryDisk) other.disk).put(other.path, swapped);
    other.start();
    assertEquals(newest, other.state());
    assertEquals(1, other.file.status().droppedRecords());
    other.file.close();
  }

  @Test
  void missingEndIsNoticed() throws IOException {
    checkDamaged(file(0, 1, 2, 3), "record " + number(4) + " is missing", 0, 1, 2, 3);
    checkDamaged(file(0), "records " + number(1) + " to " + number(4) + " are missing", 0);
    byte[] zeroed = sound.clone();
    Arrays.fill(zeroed, starts.get(3), sound.length, (byte) 0);
    String missing = "; records " + number(3) + " to " + number(4) + " are missing";
    checkDamaged(zeroed, "no record starts there, nor anywhere behind" + missing, 0, 1, 2);
  }

  @Test
  void zeroedRecordIsNoticed() throws IOException {
    byte[] zeroed = sound.clone();
    Arrays.fill(zeroed, starts.get(1), starts.get(2), (byte) 0);
    checkDamaged(zeroed, "no record starts there; record " + number(1) + " is missing", 0, 2, 3, 4);
  }

  @Test
  void tornNoteLeavesTheOtherOne() throws IOException {
    for (int at = LogFormat.HEADERS_LENGTH; at < LogFormat.RECORDS_OFFSET; at++) {
      byte[] torn = sound.clone();
      torn[at] ^= 1;
      LogReader.Result result = read(torn);
      assertEquals(List.of(), result.damages(), "byte " + at);
      assertEquals(1, result.notes().soundCount());
      int slot = at < LogFormat.HEADERS_LENGTH + LogFormat.NOTE_LENGTH ? 0 : 1;
      assertEquals(slot, result.notes().nextSlot(), "the torn one is written next");
    }
  }

  @Test
  void bothNotesTornAreDamage() throws IOException {
    byte[] torn = sound.clone();
    torn[LogFormat.HEADERS_LENGTH] ^= 1;
    torn[LogFormat.HEADERS_LENGTH + LogFormat.NOTE_LENGTH] ^= 1;
    checkDamaged(torn, "both notes are wrong", 0, 1, 2, 3, 4);
  }

  private long noted(MemoryDisk on) throws IOException {
    Disks disks = new Disks(on, gateway.path);
    return disks.notes().newest().orElseThrow().last() - LogFormat.FIRST_NUMBER + 1;
  }

  /** What is on a disk. */
  private record Disks(MemoryDisk disk, Path path) {
    Notes notes() throws IOException {
      return Notes.read(disk.open(path), LogReader.header(disk.open(path)).salt());
    }
  }

  @Test
  void noteComesWithEachTimedSyncOnly() throws IOException {
    gateway.start();
    assertEquals(RECORDS, noted(disk));
    push(5);
    push(6);
    gateway.tick();
    gateway.tick();
    assertEquals(RECORDS, noted(disk), "before the sync");
    gateway.tick();
    assertEquals(RECORDS + 2, noted(disk), "after the sync");
    push(7);
    gateway.file.rewrite();
    assertEquals(RECORDS + 3, noted(disk), "after a compaction");
    push(8);
    gateway.file.close();
    assertEquals(RECORDS + 4, noted(disk), "after a stop");
  }

  @Test
  void noteComesOnceASecondWithIntervalZero() throws IOException {
    MemoryDisk on = new MemoryDisk();
    gateway = new PersistedGateway(folder, on, Duration.ZERO).start();
    push(0);
    push(1);
    assertEquals(0, noted(on));
    gateway.tick();
    assertEquals(2, noted(on));
    byte[] before = on.content(gateway.path);
    gateway.tick();
    assertArrayEquals(before, on.content(gateway.path), "no records, no note");
    gateway.file.close();
  }

  /** A note that tells of records that a power loss takes would be a false alarm. */
  @Test
  void noteIsNotWrittenBeforeItsRecordsAreSynced() throws IOException {
    gateway.start();
    push(5);
    List<Long> seen = new ArrayList<>();
    disk.beforeSync(() -> seen.add(notedUnchecked(disk)));
    gateway.tick();
    gateway.tick();
    gateway.tick();
    assertEquals(List.of((long) RECORDS), seen);
    disk.beforeSync(() -> {});
    disk.powerLoss();
    gateway.vanish();
    gateway.start();
    assertEquals(0, gateway.file.status().droppedRecords());
    gateway.file.close();
  }

  private long notedUnchecked(MemoryDisk on) {
    try {
      return noted(on);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The note that counts is never the one that is being written. */
  @Test
  void failedNoteLeavesTheOneBefore() throws IOException {
    MemoryDisk on = new MemoryDisk();
    LogFile file = LogFile.create(on, gateway.path, Optional.empty(), 1, 10);
    file.note(11);
    for (int attempt = 0; attempt < 3; attempt++) {
      on.failAt(1, 1);
      try {
        file.note(12);
        throw new AssertionError("the disk did not fail");
      } catch (IOException expected) {
        assertEquals(11, file.notedNumber());
      }
      Notes notes = new Disks(on, gateway.path).notes();
      assertEquals(11, notes.newest().orElseThrow().last());
    }
    file.note(13);
    Notes notes = new Disks(on, gateway.path).notes();
    assertEquals(13, notes.newest().orElseThrow().last());
    assertEquals(2, notes.soundCount());
    file.close();
  }

  @Test
  void numbersGoOnThroughCompactionsAndRestarts() throws IOException {
    gateway.start();
    for (int i = 0; i < 20; i++) {
      gateway.push(key("job" + i), true, i, gauge(key("job" + i), "g", i));
    }
    gateway.file.rewrite();
    push(100);
    gateway.file.close();
    LogReader.Result result = read(disk.content(gateway.path));
    assertEquals(List.of(), result.damages());
    assertEquals(22, result.records(), "21 groups and a push");
    assertEquals(LogFormat.FIRST_NUMBER + RECORDS + 20, result.lastNumber());
    LogFormat.Note note = result.notes().newest().orElseThrow();
    assertEquals(result.lastNumber() - 21, note.first());
    assertEquals(result.lastNumber(), note.last());
  }
}
