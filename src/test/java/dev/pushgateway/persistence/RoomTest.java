package dev.pushgateway.persistence;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.change.Change;
import dev.pushgateway.disk.MemoryDisk;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.Push;
import dev.pushgateway.store.StoreTesting;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The file stands at 0 and takes nothing: what is free, the test says. */
class RoomTest {
  private static final int RESERVE = 64 << 10;

  private final Path file = Path.of("/log/metrics");
  private final MemoryDisk disk = new MemoryDisk();
  private final MetricStore store = StoreTesting.startedStore();
  private final Room room = new Room(disk, file, store);
  private final Push push = StoreTesting.put(StoreTesting.key("a"), 1, "one 1\n");
  private final Change change =
      new Change.Pushed(push.key(), true, 1, push.exposition().families());

  private boolean hasRoom(Change wanted, int length) {
    return room.make(wanted, length, () -> 0, Attendant.NONE);
  }

  private void volume(long bytes) {
    room.lookAgain();
    disk.volume(bytes);
  }

  private long liveBytes() {
    return LiveSize.estimate(store.totals());
  }

  @Test
  void changeNeedsRoomForItselfAndItsCopy() {
    volume(liveBytes() + RESERVE + 2000);
    assertTrue(hasRoom(change, 1000));
    assertTrue(room.hasFor(1000));
    volume(liveBytes() + RESERVE + 1999);
    assertFalse(hasRoom(change, 1000));
    assertFalse(room.hasFor(1000));
  }

  @Test
  void deletionsAndWipesNeedNone() {
    volume(0);
    assertTrue(hasRoom(new Change.Deleted(push.key(), 1), 1000));
    assertTrue(hasRoom(new Change.Wiped(1), 1000));
  }

  @Test
  void roomIsLookedForOnlyBeyondWhatIsKnown() {
    volume(liveBytes() + RESERVE + 4000);
    assertTrue(hasRoom(change, 1000));
    disk.volume(0);
    assertTrue(hasRoom(change, 2000));
    room.lookAgain();
    assertFalse(hasRoom(change, 1000));
  }

  /** The content does not grow by what replaces as much. */
  @Test
  void replacementNeedsNoCopyOfItsOwn() throws Exception {
    StoreTesting.push(store, push);
    int length = 20;
    volume(liveBytes() + RESERVE + length);
    assertTrue(hasRoom(change, length));
    Push other = StoreTesting.put(StoreTesting.key("a"), 2, "two 1\n");
    assertFalse(
        hasRoom(new Change.Pushed(push.key(), true, 2, other.exposition().families()), length));
    Change ofNewGroup =
        new Change.Pushed(StoreTesting.key("b"), true, 2, push.exposition().families());
    assertFalse(hasRoom(ofNewGroup, length));
  }

  @Test
  void volumeThatHasBecomeTooSmallIsUsedUpToTheReserve() throws Exception {
    StoreTesting.push(store, push);
    volume(RESERVE + 100);
    assertTrue(room.isTooSmall(0));
    assertTrue(hasRoom(change, 100));
    assertTrue(room.hasFor(100));
    assertFalse(hasRoom(change, 101));
    assertFalse(room.hasFor(101));
    assertFalse(room.hasContentAgain() && room.hasDeadBlocks(0));
  }

  @Test
  void unknownVolumeHasRoomForAll() {
    assertTrue(hasRoom(change, Integer.MAX_VALUE));
    assertFalse(room.isTooSmall(0));
    assertFalse(room.isShort(1 << 30));
  }
}
