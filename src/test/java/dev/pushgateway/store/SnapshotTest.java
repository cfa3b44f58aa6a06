package dev.pushgateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.change.GroupingKey;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private final MetricStore store = StoreTesting.startedStore();

  private void push(String job, String text) {
    StoreTesting.push(store, StoreTesting.put(StoreTesting.key(job), 1, text));
  }

  @Test
  void staysTheSameUntilSomethingChanges() throws Exception {
    push("a", "m 1\n");
    MetricStore.Snapshot before = store.snapshot();
    assertSame(before, store.snapshot());
    store.delete(StoreTesting.key("nobody"));
    assertSame(before, store.snapshot());
    push("a", "m 2\n");
    assertNotSame(before, store.snapshot());
    assertEquals(1, before.groups().size());
  }

  @Test
  void hasAnotherVersionAfterEachKindOfChange() throws Exception {
    long version = store.version();
    Runnable[] changes = {
      () -> push("a", "m 1\n"), () -> push("a", "m 1\n"), () -> push("a", "m 1 1\n"),
    };
    for (Runnable change : changes) {
      change.run();
      assertTrue(store.version() > version);
      version = store.version();
      assertEquals(version, store.snapshot().version());
    }
    store.delete(StoreTesting.key("a"));
    assertNotEquals(version, store.version());
    version = store.version();
    store.wipe();
    assertEquals(version, store.version(), "there was nothing to wipe");
    push("a", "m 1\n");
    version = store.version();
    store.wipe();
    assertNotEquals(version, store.version());
    assertEquals(List.of(), store.snapshot().groups());
  }

  @Test
  void isSortedWhateverComesAndGoes() throws Exception {
    Random random = new Random(1);
    TreeMap<GroupingKey, String> expected = new TreeMap<>();
    for (int i = 0; i < 2_000; i++) {
      GroupingKey key = StoreTesting.key("job" + random.nextInt(300), "n", "" + random.nextInt(2));
      switch (random.nextInt(5)) {
        case 0 -> {
          store.delete(key);
          expected.remove(key);
        }
        default -> {
          StoreTesting.push(store, StoreTesting.put(key, i, "m 1\n"));
          expected.put(key, "");
        }
      }
      if (i == 1_500) {
        store.wipe();
        expected.clear();
      }
      if (random.nextInt(4) == 0) {
        assertEquals(
            List.copyOf(expected.keySet()), store.groups().stream().map(Group::key).toList());
      }
    }
  }
}
