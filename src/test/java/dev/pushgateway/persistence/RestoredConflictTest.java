package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.PersistedGateway.gauge;
import static dev.pushgateway.persistence.PersistedGateway.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.MemoryDisk;
import dev.pushgateway.store.Push;
import dev.pushgateway.store.StoreFullException;
import dev.pushgateway.store.StoreTesting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of groups when a damage brings one back, or loses a part of one. */
class RestoredConflictTest {
  private static final GroupingKey OLD = key("old");
  private static final GroupingKey LIVE = key("live");

  @TempDir Path folder;
  private final MemoryDisk disk = new MemoryDisk();
  private PersistedGateway gateway;

  /** Where the records start that {@link #mark} was called before. */
  private final List<Integer> marks = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    gateway = new PersistedGateway(folder, disk, Duration.ofMinutes(5)).start();
  }

  private void mark() {
    marks.add((int) gateway.file.status().fileBytes());
  }

  /** Restarts with a file that lacks the bytes between the first mark and the second. */
  private void restartWithoutMarked() throws IOException {
    gateway.file.close();
    byte[] bytes = disk.content(gateway.path);
    int from = marks.get(0);
    int to = marks.get(1);
    byte[] damaged = Arrays.copyOf(bytes, bytes.length - (to - from));
    System.arraycopy(bytes, to, damaged, from, bytes.length - to);
    disk.put(gateway.path, damaged);
    gateway.start();
    assertEquals(1, gateway.droppedRecords());
  }

  private void pushOld() throws IOException {
    gateway.push(OLD, true, 1, gauge(OLD, "f", 1), gauge(OLD, "other", 1));
  }

  private void pushLive(long timeNanos) throws IOException {
    try {
      Push push = StoreTesting.put(LIVE, timeNanos, "# TYPE f counter\nf 2\n");
      assertEquals(Optional.empty(), StoreTesting.join(gateway.store.push(push)).refusal());
    } catch (StoreFullException e) {
      throw new AssertionError(e);
    }
  }

  /** The clock went back before the later push, which wins all the same. */
  @Test
  void groupThatWasPushedLaterWins() throws IOException {
    pushOld();
    mark();
    gateway.delete(OLD);
    mark();
    pushLive(0);
    restartWithoutMarked();
    checkLiveWins();
  }

  /** A live group that was there before the old one has a lower number in the store. */
  @Test
  void orderOfRecordsCounts_notThatOfGroups() throws IOException {
    gateway.push(LIVE, true, 1, gauge(LIVE, "first", 1));
    pushOld();
    mark();
    gateway.delete(OLD);
    mark();
    pushLive(2);
    restartWithoutMarked();
    checkLiveWins();
  }

  private void checkLiveWins() throws IOException {
    Map<GroupingKey, List<String>> setAside = Map.of(OLD, List.of("f"));
    assertEquals(setAside, gateway.store.hidden());
    pushLive(3);
    gateway.file.rewrite();
    gateway.file.close();
    gateway.start();
    assertEquals(setAside, gateway.store.hidden(), "after a compaction and a start");
    pushLive(4);
    assertTrue(gateway.delete(OLD));
    assertEquals(Map.of(), gateway.store.hidden());
    pushLive(5);
    gateway.file.close();
  }

  private Set<GroupingKey> mixed() {
    return gateway.file.mixedGroups();
  }

  @Test
  void groupThatMayMixStatesIsNamed() throws IOException {
    pushOld();
    mark();
    gateway.push(OLD, true, 2, gauge(OLD, "lost", 2));
    mark();
    gateway.push(OLD, false, 3, gauge(OLD, "added", 3));
    gateway.push(LIVE, true, 3, gauge(LIVE, "whole", 3));
    gateway.push(LIVE, false, 4, gauge(LIVE, "more", 4));
    restartWithoutMarked();
    assertEquals(Set.of(OLD), mixed());
    gateway.file.close();
    gateway.start();
    assertEquals(Set.of(), mixed());
    gateway.file.close();
  }

  @Test
  void groupThatIsReplacedLaterIsNotNamed() throws IOException {
    pushOld();
    mark();
    gateway.push(OLD, true, 2, gauge(OLD, "lost", 2));
    mark();
    gateway.push(OLD, false, 3, gauge(OLD, "added", 3));
    gateway.push(OLD, true, 4, gauge(OLD, "whole", 4));
    restartWithoutMarked();
    assertEquals(Set.of(), mixed());
    gateway.file.close();
  }

  @Test
  void groupThatOnlyLacksItsLastPushIsNotNamed() throws IOException {
    pushOld();
    mark();
    gateway.push(OLD, true, 2, gauge(OLD, "lost", 2));
    mark();
    gateway.failPush(OLD, 3);
    restartWithoutMarked();
    assertEquals(Set.of(), mixed());
    gateway.file.close();
  }

  @Test
  void wipeEndsAllDoubts() throws IOException {
    pushOld();
    mark();
    gateway.push(OLD, true, 2, gauge(OLD, "lost", 2));
    mark();
    gateway.push(OLD, false, 3, gauge(OLD, "added", 3));
    gateway.wipe();
    gateway.push(OLD, false, 4, gauge(OLD, "added", 4));
    restartWithoutMarked();
    assertEquals(Set.of(), mixed());
    gateway.file.close();
  }
}
