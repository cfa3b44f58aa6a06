package dev.pushgateway.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.PlainFamily;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.Disk;
import dev.pushgateway.model.Labels;
import dev.pushgateway.parse.ParsedPush;
import dev.pushgateway.persistence.PersistenceFile.Surroundings;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.Push;
import dev.pushgateway.store.StoreFullException;
import dev.pushgateway.store.StoreTesting;
import dev.pushgateway.store.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A store and its file, as the gateway wires them, without a thread and with a clock to set. */
public final class PersistedGateway {
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T10:15:30Z"), ZoneOffset.UTC);

  public final Path path;
  final Disk disk;
  final Duration interval;
  final long slackBytes;
  long nanoTime;
  public MetricStore store;
  public PersistenceFile file;

  public PersistedGateway(Path folder, Disk disk, Duration interval) {
    this(folder, disk, interval, 1 << 20);
  }

  public PersistedGateway(Path folder, Disk disk, Duration interval, long slackBytes) {
    this.path = folder.resolve("pushgateway.log");
    this.disk = disk;
    this.interval = interval;
    this.slackBytes = slackBytes;
  }

  public PersistedGateway start() throws IOException {
    store = new MetricStore(true, Map.of());
    file =
        PersistenceFile.open(
            path,
            interval,
            store,
            new Surroundings(disk, CLOCK, () -> nanoTime, false, slackBytes));
    return this;
  }

  /** How many damages were found when the file was read. */
  public long droppedRecords() {
    return file.status().droppedRecords();
  }

  /** Goes away without a word to the disk, but for the lock, which the system would take back. */
  void vanish() throws IOException {
    file.releaseForTest();
  }

  void tick() {
    nanoTime += 1_000_000_000L;
    file.maintain();
  }

  public static GroupingKey key(String job, String... labels) {
    String[] all = new String[labels.length + 2];
    all[0] = "job";
    all[1] = job;
    System.arraycopy(labels, 0, all, 2, labels.length);
    return new GroupingKey(Labels.of(all));
  }

  static FamilyBlock gauge(GroupingKey key, String name, double value) {
    return FamilyBlock.gauge(name, "Help of " + name, key.groupingLabels(), value);
  }

  void push(GroupingKey key, boolean replace, long timeNanos, FamilyBlock... blocks)
      throws IOException {
    Push push = new Push(key, replace, new ParsedPush(List.of(blocks), false), timeNanos, 0);
    assertEquals(Optional.empty(), decide(push).refusal());
  }

  void failPush(GroupingKey key, long timeNanos) throws IOException {
    Push push = new Push(key, true, new ParsedPush(List.of(), true), timeNanos, 0);
    assertFalse(decide(push).isAccepted(), "a push with timestamps was accepted");
  }

  private Verdict decide(Push push) throws IOException {
    try {
      return StoreTesting.join(store.push(push));
    } catch (StoreFullException e) {
      throw new AssertionError(e);
    }
  }

  boolean delete(GroupingKey key) throws IOException {
    return StoreTesting.join(store.delete(key));
  }

  int wipe() throws IOException {
    return StoreTesting.join(store.wipe());
  }

  /** Everything that is stored, as text: what must come back. */
  public Map<String, String> state() {
    return state(store);
  }

  public static Map<String, String> state(MetricStore store) {
    Map<String, String> state = new TreeMap<>();
    for (Group group : store.groups()) {
      List<String> families = new ArrayList<>();
      for (Group.Family family : group.families()) {
        families.add(describe(family));
      }
      state.put(
          group.key().toString(),
          group.pushTimeNanos() + " " + group.failureTimeNanos() + " " + families);
    }
    return state;
  }

  private static String describe(Group.Family family) {
    FamilyBlock block = family.block();
    String text = new String(block.text(), StandardCharsets.UTF_8);
    return family.timeNanos()
        + " "
        + block.type()
        + " "
        + block.help()
        + " "
        + block.unit()
        + " "
        + block.problem()
        + " "
        + text
        + PlainFamily.of(block).metrics();
  }
}
