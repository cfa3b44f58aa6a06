package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.PersistedGateway.gauge;
import static dev.pushgateway.persistence.PersistedGateway.key;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.LocalDisk;
import dev.pushgateway.disk.MemoryDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody removes, replaces or changes the file of a running gateway: nothing is lost. */
class InterferenceTest {
  private static final String FOREIGN = "pushgateway.log.foreign-20261122T101530Z";
  private static final byte[] OTHER = "of somebody else".getBytes(StandardCharsets.US_ASCII);

  /** What somebody does, the sentence about it, and whether there is something to keep. */
  enum Act {
    REMOVES("another program removed the file", false),
    REPLACES("another program replaced the file", true),
    REPLACES_BY_A_COPY("another program replaced the file", true),
    TRUNCATES("another program changed the file", true),
    TRUNCATES_IN_THE_MIDDLE("another program changed the file", true),
    RESTORES_IN_PLACE("another program changed the file", true),
    APPENDS("another program changed the file", true);

    final String sentence;
    final boolean keeps;

    Act(String sentence, boolean keeps) {
      this.sentence = sentence;
      this.keeps = keeps;
    }

    void run(MemoryDisk disk, Path path) {
      try {
        switch (this) {
          case REMOVES -> disk.delete(path);
          case REPLACES -> disk.put(path, OTHER);
          case REPLACES_BY_A_COPY -> disk.put(path, disk.content(path));
          case TRUNCATES -> disk.meddle(path, bytes -> new byte[0]);
          case TRUNCATES_IN_THE_MIDDLE -> disk.meddle(path, bytes -> Arrays.copyOf(bytes, 60));
          case RESTORES_IN_PLACE -> disk.meddle(path, bytes -> Arrays.copyOf(bytes, 150));
          case APPENDS -> disk.meddle(path, bytes -> Arrays.copyOf(bytes, bytes.length + 1000));
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @TempDir Path folder;
  private final MemoryDisk disk = new MemoryDisk();
  private int pushes;

  private PersistedGateway start() throws IOException {
    PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ofMinutes(5)).start();
    push(gateway);
    push(gateway);
    gateway.tick();
    return gateway;
  }

  private void push(PersistedGateway gateway) throws IOException {
    pushes++;
    GroupingKey key = key("job" + pushes);
    gateway.push(key, true, pushes, gauge(key, "value", pushes));
  }

  /** Kills the gateway and looks whether the next one has all that was acknowledged. */
  private void checkNothingIsLost(PersistedGateway gateway) throws IOException {
    Map<String, String> before = gateway.state();
    assertEquals(pushes, before.size());
    disk.kill();
    gateway.vanish();
    gateway.start();
    assertEquals(before, gateway.state());
    assertEquals(0, gateway.file.status().droppedRecords());
    gateway.file.close();
  }

  private void checkKept(Act act) {
    TreeSet<String> expected = new TreeSet<>(List.of("pushgateway.log"));
    if (act.keeps) {
      expected.add(FOREIGN);
    }
    assertEquals(expected, disk.fileNames());
    if (act == Act.REPLACES) {
      assertArrayEquals(OTHER, disk.content(folder.resolve(FOREIGN)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void isNoticedAtTheNextTick(Act act) throws IOException {
    PersistedGateway gateway = start();
    act.run(disk, gateway.path);
    gateway.tick();
    assertEquals(1, gateway.file.status().interferences());
    assertEquals(1, gateway.file.status().failures());
    assertTrue(gateway.file.failure().isEmpty(), "it was written again");
    checkKept(act);
    push(gateway);
    checkNothingIsLost(gateway);
  }

  /** A process that dies before the next tick has lost nothing that was acknowledged. */
  @ParameterizedTest
  @EnumSource
  void isMendedByTheNextPush(Act act) throws IOException {
    PersistedGateway gateway = start();
    act.run(disk, gateway.path);
    push(gateway);
    assertEquals(1, gateway.file.status().interferences());
    checkKept(act);
    checkNothingIsLost(gateway);
  }

  /** The end that was looked at last is still there, and a push would make the file long again. */
  @Test
  void cutOfWhatIsNewIsMendedByTheNextPush() throws IOException {
    PersistedGateway gateway = start();
    push(gateway);
    disk.meddle(gateway.path, bytes -> Arrays.copyOf(bytes, bytes.length - 10));
    push(gateway);
    assertEquals(1, gateway.file.status().interferences());
    checkNothingIsLost(gateway);
  }

  @ParameterizedTest
  @EnumSource
  void pushIsRefusedWhileItCannotBeMended(Act act) throws IOException {
    PersistedGateway gateway = start();
    act.run(disk, gateway.path);
    disk.capacity(LogFormat.RECORDS_OFFSET + 2);
    checkRefused(act, gateway);
    disk.heal();
    checkRefused(act, gateway); // It has been tried a moment ago.
    gateway.nanoTime += 10_000_000_000L;
    push(gateway);
    checkNothingIsLost(gateway);
  }

  private void checkRefused(Act act, PersistedGateway gateway) {
    IOException refused = assertThrows(IOException.class, () -> push(gateway));
    pushes--;
    assertEquals(
        "cannot go on with persistence file " + gateway.path + ": " + act.sentence,
        refused.getMessage());
  }

  /** A push that has been written is acknowledged only if its file has its name after the sync. */
  @ParameterizedTest
  @EnumSource(names = {"REMOVES", "REPLACES", "REPLACES_BY_A_COPY"})
  void isNoticedAfterTheSyncThatAPushWaitsFor(Act act) throws IOException {
    PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ZERO).start();
    push(gateway);
    boolean[] done = new boolean[1];
    disk.beforeSync(
        () -> {
          if (!done[0]) {
            done[0] = true;
            act.run(disk, gateway.path);
          }
        });
    IOException refused = assertThrows(IOException.class, () -> push(gateway));
    assertTrue(refused.getMessage().endsWith(act.sentence), refused.getMessage());
    push(gateway);
    checkNothingIsLost(gateway);
  }

  @ParameterizedTest
  @EnumSource
  void isNoticedDuringACompaction(Act act) throws IOException {
    PersistedGateway gateway = start();
    boolean[] done = new boolean[1];
    disk.beforeSync(
        () -> {
          if (!done[0]) {
            done[0] = true;
            act.run(disk, gateway.path);
            checkRefused(act, gateway);
          }
        });
    try {
      gateway.file.rewrite();
      throw new AssertionError("it was not noticed");
    } catch (IOException e) {
      assertTrue(e.getMessage().endsWith(gateway.path + ": " + act.sentence), e.getMessage());
    }
    gateway.nanoTime += 10_000_000_000L;
    gateway.tick();
    assertEquals(1, gateway.file.status().interferences());
    checkKept(act);
    checkNothingIsLost(gateway);
  }

  @ParameterizedTest
  @EnumSource
  void isNoticedWhenTheGatewayStops(Act act) throws IOException {
    PersistedGateway gateway = start();
    act.run(disk, gateway.path);
    Map<String, String> before = gateway.state();
    gateway.file.close();
    checkKept(act);
    gateway.start();
    assertEquals(before, gateway.state());
    gateway.file.close();
  }

  @ParameterizedTest
  @EnumSource
  void isSaidWhileItCannotBeMended(Act act) throws IOException {
    PersistedGateway gateway = start();
    act.run(disk, gateway.path);
    disk.capacity(
        LogFormat.RECORDS_OFFSET + 2); // Enough for the headers of a new file, not for its records.
    for (int i = 0; i < 5; i++) {
      gateway.nanoTime += 10_000_000_000L;
      gateway.tick();
      assertEquals(
          "cannot go on with the persistence file: " + act.sentence,
          gateway.file.failure().orElseThrow());
    }
    assertEquals(1, gateway.file.status().interferences());
    disk.heal();
    gateway.nanoTime += 10_000_000_000L;
    gateway.tick();
    checkKept(act);
    checkNothingIsLost(gateway);
  }

  /** Whatever fails while it is mended, it is kept once and nothing is lost. */
  @ParameterizedTest
  @EnumSource
  void isKeptOnceThoughTheDiskFails(Act act) throws IOException {
    for (int failAt = 1; failAt < 60; failAt++) {
      for (String name : disk.fileNames()) {
        disk.delete(folder.resolve(name));
      }
      pushes = 0;
      PersistedGateway gateway = start();
      act.run(disk, gateway.path);
      disk.failAt(failAt, 3);
      for (int i = 0; i < 5; i++) {
        gateway.nanoTime += 10_000_000_000L;
        gateway.tick();
      }
      disk.heal();
      gateway.nanoTime += 10_000_000_000L;
      gateway.tick();
      assertTrue(gateway.file.failure().isEmpty(), "operation " + failAt);
      assertTrue(disk.fileNames().size() <= 2, "operation " + failAt + ": " + disk.fileNames());
      if (act == Act.REPLACES) {
        assertArrayEquals(OTHER, disk.content(folder.resolve(FOREIGN)), "operation " + failAt);
      }
      checkNothingIsLost(gateway);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsAnInterferenceWhateverKeysFilesHave(MemoryDisk.Keys keys) throws IOException {
    disk.keys(keys);
    PersistedGateway gateway = start();
    for (int i = 0; i < 10; i++) {
      push(gateway);
      gateway.tick();
      if (i % 3 == 0) {
        gateway.file.rewrite();
      }
    }
    assertEquals(0, gateway.file.status().interferences());
    assertEquals(new TreeSet<>(List.of("pushgateway.log")), disk.fileNames());
    Act.REPLACES_BY_A_COPY.run(disk, gateway.path);
    gateway.tick();
    assertEquals(1, gateway.file.status().interferences());
    checkNothingIsLost(gateway);
  }

  @Test
  void fileSystemThatCannotTellRaisesNoAlarm() throws IOException {
    disk.keys(MemoryDisk.Keys.UNSTABLE);
    disk.hideLengths();
    PersistedGateway gateway = start();
    gateway.file.rewrite();
    push(gateway);
    gateway.tick();
    assertEquals(0, gateway.file.status().interferences());
    Act.REMOVES.run(disk, gateway.path);
    gateway.tick();
    assertEquals(1, gateway.file.status().interferences());
    checkNothingIsLost(gateway);
  }

  @Test
  void folderInItsPlaceIsKeptAside() throws IOException {
    PersistedGateway gateway =
        new PersistedGateway(folder, new LocalDisk(), Duration.ofMinutes(5)).start();
    push(gateway);
    Files.delete(gateway.path);
    Files.createDirectory(gateway.path);
    Files.write(gateway.path.resolve("inside"), OTHER);
    gateway.tick();
    assertTrue(gateway.file.failure().isEmpty());
    assertArrayEquals(OTHER, Files.readAllBytes(folder.resolve(FOREIGN).resolve("inside")));
    checkNothingIsLost(gateway);
  }

  @Test
  void brokenLinkInItsPlaceIsReplaced() throws IOException {
    PersistedGateway gateway =
        new PersistedGateway(folder, new LocalDisk(), Duration.ofMinutes(5)).start();
    push(gateway);
    Files.delete(gateway.path);
    Files.createSymbolicLink(gateway.path, Path.of("nowhere"));
    gateway.tick();
    assertTrue(gateway.file.failure().isEmpty());
    checkNothingIsLost(gateway);
  }

  @Test
  void linkToAnotherFileInItsPlaceIsKeptAside() throws IOException {
    PersistedGateway gateway =
        new PersistedGateway(folder, new LocalDisk(), Duration.ofMinutes(5)).start();
    push(gateway);
    Path other = Files.write(folder.resolve("other"), OTHER);
    Files.delete(gateway.path);
    Files.createSymbolicLink(gateway.path, other);
    gateway.tick();
    assertTrue(gateway.file.failure().isEmpty());
    assertArrayEquals(OTHER, Files.readAllBytes(folder.resolve(FOREIGN)));
    assertArrayEquals(OTHER, Files.readAllBytes(other));
    checkNothingIsLost(gateway);
  }
}
