package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.PersistedGateway.gauge;
import static dev.pushgateway.persistence.PersistedGateway.key;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.MemoryDisk;
import dev.pushgateway.store.ChangeLog;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.MetricStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random pushes, refused pushes, deletions, wipes, compactions, restarts and crashes, against a map
 * from group to what it holds.
 */
class CrashModelTest {
  private static final int STEPS = 400;

  @TempDir Path folder;

  /** Group to {push time, failure time, families with value and time}. */
  private final TreeMap<String, String> model = new TreeMap<>();

  private final TreeMap<String, TreeMap<String, String>> families = new TreeMap<>();
  private final TreeMap<String, long[]> times = new TreeMap<>();

  private boolean clockGoesBack;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void killLosesNothing(long seed) throws IOException {
    run(seed, Duration.ofMinutes(5), false);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void powerLossLosesNothingWithIntervalZero(long seed) throws IOException {
    run(seed, Duration.ZERO, true);
  }

  /** The clock is set back again and again; what came later wins all the same. */
  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void clockThatGoesBackLosesNothing(long seed) throws IOException {
    clockGoesBack = true;
    run(seed, Duration.ofMinutes(5), false);
  }

  private void run(long seed, Duration interval, boolean powerLoss) throws IOException {
    Random random = new Random(seed);
    MemoryDisk disk = new MemoryDisk();
    PersistedGateway gateway = new PersistedGateway(folder, disk, interval, 2000).start();
    for (int step = 1; step <= STEPS; step++) {
      change(gateway, random, clockGoesBack ? STEPS + 1 - step : step);
      check(gateway, seed + ", step " + step);
      if (random.nextInt(10) == 0) {
        restart(gateway, disk, random.nextInt(3), powerLoss);
        check(gateway, seed + ", restarted after step " + step);
        assertEquals(0, gateway.file.status().droppedRecords());
      }
    }
    gateway.file.close();
  }

  private static void restart(PersistedGateway gateway, MemoryDisk disk, int how, boolean powerLoss)
      throws IOException {
    if (how == 0) {
      gateway.file.close();
    } else {
      if (powerLoss) {
        disk.powerLoss();
      } else {
        disk.kill();
      }
      gateway.vanish();
    }
    gateway.start();
  }

  private void change(PersistedGateway gateway, Random random, int step) throws IOException {
    String job = "job" + random.nextInt(4);
    GroupingKey key = key(job);
    switch (random.nextInt(12)) {
      case 0 -> {
        gateway.delete(key);
        families.remove(job);
        times.remove(job);
      }
      case 1 -> {
        if (random.nextInt(4) == 0) {
          gateway.wipe();
          families.clear();
          times.clear();
        }
      }
      case 2 -> {
        gateway.failPush(key, step);
        families.computeIfAbsent(job, j -> new TreeMap<>());
        times.computeIfAbsent(job, j -> new long[2])[1] = step;
      }
      case 3 -> gateway.tick();
      default -> push(gateway, random, key, step);
    }
  }

  private void push(PersistedGateway gateway, Random random, GroupingKey key, int step)
      throws IOException {
    boolean replace = random.nextBoolean();
    TreeMap<String, String> group = families.computeIfAbsent(key.job(), j -> new TreeMap<>());
    if (replace) {
      group.clear();
    }
    List<FamilyBlock> blocks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      if (random.nextBoolean()) {
        String name = "family" + i;
        blocks.add(gauge(key, name, step + i));
        group.put(name, (step + i) + " at " + step);
      }
    }
    gateway.push(key, replace, step, blocks.toArray(new FamilyBlock[0]));
    times.computeIfAbsent(key.job(), j -> new long[2])[0] = step;
  }

  private void check(PersistedGateway gateway, String what) {
    model.clear();
    times.forEach((job, time) -> model.put(job, time[0] + " " + time[1] + " " + families.get(job)));
    assertEquals(model, described(gateway.store), "seed " + what);
    // And once more through what a compaction would write.
    MetricStore copy = new MetricStore(true, Map.of());
    for (Group group : gateway.store.groups()) {
      for (Change change : RestoringChanges.of(group, 0)) {
        copy.apply(change);
      }
    }
    copy.start(ChangeLog.NONE);
    assertEquals(
        PersistedGateway.state(gateway.store), PersistedGateway.state(copy), "split, seed " + what);
  }

  private static TreeMap<String, String> described(MetricStore store) {
    TreeMap<String, String> all = new TreeMap<>();
    for (Group group : store.groups()) {
      TreeMap<String, String> values = new TreeMap<>();
      for (Change.StoredFamily family : group.stored().families()) {
        String line = new String(family.block().text(), StandardCharsets.UTF_8);
        String value = line.substring(line.lastIndexOf(' ') + 1).trim();
        values.put(family.block().name(), value + " at " + family.timeNanos());
      }
      all.put(
          group.key().job(), group.pushTimeNanos() + " " + group.failureTimeNanos() + " " + values);
    }
    return all;
  }
}
