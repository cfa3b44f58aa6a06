package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.LogFormat.RECORD_HEADER_LENGTH;
import static dev.pushgateway.persistence.PersistedGateway.gauge;
import static dev.pushgateway.persistence.PersistedGateway.key;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.change.Change;
import dev.pushgateway.change.ChangeCodec;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.MemoryDisk;
import dev.pushgateway.store.ChangeLog;
import dev.pushgateway.store.MetricStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes back from files that were cut, damaged or written by somebody else. */
class RecoveryTest {
  private static final String DAMAGED = "pushgateway.log.damaged-20261122T101530Z";
  private static final String UNREADABLE = "pushgateway.log.unreadable-20261122T101530Z";

  @TempDir Path folder;
  private final MemoryDisk disk = new MemoryDisk();
  private PersistedGateway gateway;

  /** A file with a record of each kind, where its records end, and what they say. */
  private byte[] sound;

  /** The same, as a kill leaves it: its notes count no record. */
  private byte[] killed;

  private final List<Integer> ends = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();

  @BeforeEach
  void writeSoundFile() throws IOException {
    gateway = new PersistedGateway(folder, disk, Duration.ofMinutes(5)).start();
    ends.add(LogFormat.RECORDS_OFFSET);
    GroupingKey a = key("a", "instance", "häuser \"1\"\n");
    GroupingKey b = key("b");
    gateway.push(a, true, 1_000, gauge(a, "one", 1), gauge(a, "two", -0.0));
    noteEnd();
    gateway.push(b, false, 2_000, gauge(b, "one", 2));
    noteEnd();
    gateway.push(a, false, 3_000, gauge(a, "two", Double.NaN));
    noteEnd();
    gateway.failPush(b, 4_000);
    noteEnd();
    gateway.push(key("empty"), true, 5_000);
    noteEnd();
    gateway.delete(b);
    noteEnd();
    gateway.push(b, true, 6_000, gauge(b, "three", 3));
    noteEnd();
    killed = Arrays.copyOf(disk.content(gateway.path), ends.get(ends.size() - 1));
    gateway.file.close();
    sound = disk.content(gateway.path);
    LogReader reader = new LogReader(gateway.path, disk.open(gateway.path), changes::add);
    reader.read(LogReader.header(disk.open(gateway.path)));
    assertEquals(ends.size() - 1, changes.size());
    assertEquals(sound.length, ends.get(ends.size() - 1));
  }

  private void noteEnd() {
    ends.add((int) gateway.file.status().fileBytes());
  }

  private static Map<String, String> replayed(List<Change> changes) {
    MetricStore store = new MetricStore(true, Map.of());
    changes.forEach(store::apply);
    store.start(ChangeLog.NONE);
    return PersistedGateway.state(store);
  }

  private PersistedGateway open(byte[] content) throws IOException {
    MemoryDisk fresh = new MemoryDisk();
    fresh.put(gateway.path, content);
    return new PersistedGateway(folder, fresh, Duration.ofMinutes(5)).start();
  }

  @Test
  void everythingComesBack() throws IOException {
    Map<String, String> before = gateway.state();
    gateway.start();
    assertEquals(before, gateway.state());
    assertEquals(replayed(changes), gateway.state());
    assertEquals(0, gateway.file.status().droppedRecords());
    gateway.file.close();
  }

  @Test
  void compactedFileSaysTheSame() throws IOException {
    gateway.start();
    Map<String, String> before = gateway.state();
    gateway.file.rewrite();
    assertTrue(gateway.file.status().fileBytes() < sound.length);
    gateway.file.close();
    gateway.start();
    assertEquals(before, gateway.state());
    gateway.file.close();
  }

  @Test
  void fileCutAnywhereGivesTheLongestWholePrefix() throws IOException {
    for (int length = LogFormat.RECORDS_OFFSET; length <= killed.length; length++) {
      PersistedGateway opened = open(Arrays.copyOf(killed, length));
      assertEquals(replayed(wholeUpTo(length)), opened.state(), "cut at " + length);
      assertEquals(0, opened.file.status().droppedRecords(), "cut at " + length);
      GroupingKey late = key("late");
      opened.push(late, true, 9_000, gauge(late, "late", 1));
      Map<String, String> before = opened.state();
      opened.file.close();
      opened.start();
      assertEquals(before, opened.state(), "pushed after a cut at " + length);
      opened.file.close();
    }
  }

  private List<Change> wholeUpTo(int length) {
    int whole = 0;
    while (whole < changes.size() && ends.get(whole + 1) <= length) {
      whole++;
    }
    return changes.subList(0, whole);
  }

  @Test
  void fileThatEndsBeforeItsNoteIsDamaged() throws IOException {
    for (int length = LogFormat.RECORDS_OFFSET; length < sound.length; length++) {
      checkDamaged(Arrays.copyOf(sound, length), replayed(wholeUpTo(length)), "cut at " + length);
    }
  }

  @Test
  void fileCutWithinItsHeaderIsKeptAside() throws IOException {
    for (int length = 1; length < LogFormat.HEADERS_LENGTH; length++) {
      byte[] cut = Arrays.copyOf(sound, length);
      PersistedGateway opened = open(cut);
      assertEquals(Map.of(), opened.state(), "cut at " + length);
      assertEquals(1, opened.file.status().droppedRecords());
      Path aside = folder.resolve(length < LogFormat.HEADER_LENGTH ? UNREADABLE : DAMAGED);
      assertArrayEquals(cut, ((MemoryDisk) opened.disk).content(aside));
      opened.file.close();
    }
  }

  @Test
  void flippedByteCostsItsRecordOnly() throws IOException {
    for (int record = 0; record < changes.size(); record++) {
      List<Change> others = new ArrayList<>(changes);
      others.remove(record);
      Map<String, String> expected = replayed(others);
      for (int at = ends.get(record); at < ends.get(record + 1); at++) {
        for (int mask : new int[] {1, 0x80, 0xFF}) {
          byte[] flipped = sound.clone();
          flipped[at] ^= (byte) mask;
          checkDamaged(flipped, expected, "record " + record + ", byte " + at);
        }
      }
    }
  }

  @Test
  void flippedByteOfTheHeaderCostsNothing() throws IOException {
    for (int at = 0; at < LogFormat.HEADERS_LENGTH; at++) {
      byte[] flipped = sound.clone();
      flipped[at] ^= (byte) 0xFF;
      checkDamaged(flipped, replayed(changes), "header byte " + at);
    }
  }

  @Test
  void missingAndForeignBytesBetweenRecordsCostNoOther() throws IOException {
    for (int record = 0; record < changes.size(); record++) {
      int from = ends.get(record);
      List<Change> others = new ArrayList<>(changes);
      others.remove(record);
      byte[] without = new byte[sound.length - 5];
      System.arraycopy(sound, 0, without, 0, from);
      System.arraycopy(sound, from + 5, without, from, without.length - from);
      if (record < changes.size() - 1) {
        checkDamaged(without, replayed(others), "five bytes missing at " + from);
      }
      byte[] with = new byte[sound.length + 5];
      System.arraycopy(sound, 0, with, 0, from);
      Arrays.fill(with, from, from + 5, (byte) 'x');
      System.arraycopy(sound, from, with, from + 5, sound.length - from);
      checkDamaged(with, replayed(changes), "five bytes too many at " + from);
    }
  }

  private void checkDamaged(byte[] content, Map<String, String> expected, String what)
      throws IOException {
    PersistedGateway opened = open(content);
    MemoryDisk on = (MemoryDisk) opened.disk;
    assertEquals(expected, opened.state(), what);
    assertEquals(1, opened.file.status().droppedRecords(), what);
    assertArrayEquals(content, on.content(folder.resolve(DAMAGED)), what);
    opened.file.close();
    opened.start();
    assertEquals(expected, opened.state(), what + ", second start");
    assertEquals(0, opened.file.status().droppedRecords(), what);
    opened.file.close();
  }

  @Test
  void recordWithinARecordIsNotFoundByItsGuessedForm() throws IOException {
    // Who pushes the bytes of a record does not know the salt; here, another file's.
    RecordBuffer guessed = new RecordBuffer(4711);
    guessed.add(new Change.Wiped(1), LogFormat.FIRST_NUMBER + changes.size());
    byte[] content = Arrays.copyOf(sound, sound.length + guessed.length());
    System.arraycopy(guessed.bytes(), 0, content, sound.length, guessed.length());
    checkDamaged(content, replayed(changes), "a record of another file");
  }

  @Test
  void zerosAtTheEndAreDamage() throws IOException {
    checkDamaged(Arrays.copyOf(sound, sound.length + 10_000), replayed(changes), "zeros");
  }

  @Test
  void emptyFileIsANewOne() throws IOException {
    PersistedGateway opened = open(new byte[0]);
    assertEquals(Map.of(), opened.state());
    assertEquals(0, opened.file.status().droppedRecords());
    opened.file.close();
  }

  @Test
  void foreignFileIsKeptAsideAndTheGatewayStartsEmpty() throws IOException {
    byte[] foreign = "# HELP up\nup 1\n".getBytes(StandardCharsets.UTF_8);
    PersistedGateway opened = open(foreign);
    assertEquals(Map.of(), opened.state());
    assertEquals(1, opened.file.status().droppedRecords());
    assertArrayEquals(foreign, ((MemoryDisk) opened.disk).content(folder.resolve(UNREADABLE)));
    opened.file.close();
  }

  @Test
  void fileKeptAsideIsNeverOverwritten() throws IOException {
    byte[] foreign = {1, 2, 3};
    MemoryDisk on = new MemoryDisk();
    on.put(gateway.path, foreign);
    on.put(folder.resolve(UNREADABLE), new byte[] {9});
    new PersistedGateway(folder, on, Duration.ZERO).start().file.close();
    assertArrayEquals(new byte[] {9}, on.content(folder.resolve(UNREADABLE)));
    assertArrayEquals(foreign, on.content(folder.resolve(UNREADABLE + "-2")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void anotherVersionIsRefusedAndLeftAlone(int version) throws IOException {
    byte[] other = sound.clone();
    System.arraycopy(LogFormat.headers(version, 0), 0, other, 0, LogFormat.HEADERS_LENGTH);
    checkRefused(
        other, "has version " + version + ", this gateway reads version 2 only: start the gateway");
  }

  @Test
  void unknownKindOfChangeIsRefusedAndLeftAlone() throws IOException {
    // What a newer gateway has written must not be lost, nor guessed.
    checkRefused(
        withRecord(new byte[] {99, 0, 0}),
        "has a change at offset "
            + sound.length
            + " that this gateway does not know (record kind 99): start the gateway");
  }

  @Test
  void unknownTypeOfMetricsIsRefusedAndLeftAlone() throws IOException {
    byte[] change = change(new Change.Pushed(key("a"), true, 1, List.of(gauge(key("a"), "g", 1))));
    int at = indexOf(change, new byte[] {2, 1, 2, 3}); // Type, one byte: gauge; then the help.
    change[at + 2] = 7;
    checkRefused(
        withRecord(change),
        "has a change at offset "
            + sound.length
            + " that this gateway does not know (metric type 7): start the gateway");
  }

  @Test
  void unknownFieldIsSkipped() throws IOException {
    byte[] change = change(new Change.Deleted(key("a", "instance", "häuser \"1\"\n"), 7));
    byte[] longer = Arrays.copyOf(change, change.length + 5);
    System.arraycopy(new byte[] {77, 3, 'n', 'e', 'w'}, 0, longer, change.length, 5);
    PersistedGateway opened = open(withRecord(longer));
    List<Change> all = new ArrayList<>(changes);
    all.add(new Change.Deleted(key("a", "instance", "häuser \"1\"\n"), 7));
    assertEquals(replayed(all), opened.state());
    assertEquals(0, opened.file.status().droppedRecords());
    opened.file.close();
  }

  private static byte[] change(Change change) {
    byte[] bytes = new byte[(int) ChangeCodec.maxLength(change)];
    return Arrays.copyOf(bytes, ChangeCodec.write(change, bytes, 0));
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    int at = 0;
    while (!Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
      at++;
    }
    return at;
  }

  /** The sound file with one more record, whatever is in it. */
  private byte[] withRecord(byte[] change) throws IOException {
    LogFormat.Header header = LogReader.header(disk.open(gateway.path));
    byte[] file = Arrays.copyOf(sound, sound.length + RECORD_HEADER_LENGTH + change.length);
    int at = sound.length;
    System.arraycopy(change, 0, file, at + RECORD_HEADER_LENGTH, change.length);
    LogFormat.INTS.set(file, at, change.length);
    LogFormat.INTS.set(file, at + LogFormat.RECORD_CRC_AT, LogFormat.crc(change, 0, change.length));
    long number = LogFormat.FIRST_NUMBER + changes.size();
    LogFormat.LONGS.set(file, at + LogFormat.RECORD_NUMBER_AT, number);
    LogFormat.INTS.set(
        file, at + LogFormat.RECORD_CHECK_AT, LogFormat.check(header.salt(), file, at));
    return file;
  }

  private void checkRefused(byte[] content, String sentence) throws IOException {
    MemoryDisk on = new MemoryDisk();
    on.put(gateway.path, content);
    PersistedGateway opened = new PersistedGateway(folder, on, Duration.ZERO);
    PersistenceFileException refused = assertThrows(PersistenceFileException.class, opened::start);
    assertTrue(refused.getMessage().contains(sentence), refused.getMessage());
    assertTrue(refused.withoutPath().startsWith("the persistence file has "));
    assertArrayEquals(content, on.content(gateway.path));
    assertEquals("[pushgateway.log]", on.fileNames().toString());
    gateway.start().file.close(); // The lock was given back.
  }

  @Test
  void leftoverOfARewriteIsRemoved() throws IOException {
    disk.put(folder.resolve("pushgateway.log.rewrite"), new byte[] {1});
    gateway.start();
    assertEquals("[pushgateway.log]", disk.fileNames().toString());
    gateway.file.close();
  }
}
