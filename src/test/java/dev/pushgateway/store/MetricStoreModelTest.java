package dev.pushgateway.store;

import static dev.pushgateway.store.StoreTesting.key;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.block.FamilyBlockRecord;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.parse.Exposition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random pushes, deletions, wipes and restarts, each step held against {@link PlainGateway}. */
class MetricStoreModelTest {
  private static final int STEPS = 600;
  private static final String[] NAMES = {"a", "b", "a_count", "a_sum", "a_bucket", "c"};
  private static final String[] TYPES = {"gauge", "gauge", "counter", "untyped", "summary"};
  private static final String[] VALUES = {"", "1", "\\\"", "x\\\\", "é", "\\n", "~", "10"};

  private static final GroupingKey[] KEYS = {
    key("j"),
    key("j", "instance", ""),
    key("j", "instance", "1"),
    key("j", "l", "1"),
    key("k"),
    key("k", "m", "\"x\\"),
    key("k", "a", "z", "z", "a")
  };

  private Random random;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void doesWhatThePlainGatewayDoes(int seed) throws IOException {
    random = new Random(seed);
    MetricStore store = StoreTesting.startedStore();
    PlainGateway plain = new PlainGateway();
    int taken = 0;
    for (int step = 1; step <= STEPS; step++) {
      GroupingKey key = pick(KEYS);
      int what = random.nextInt(40);
      if (what == 0) {
        store.wipe();
        plain.wipe();
      } else if (what < 4) {
        store.delete(key);
        plain.delete(key);
      } else if (what == 4) {
        store = restarted(store);
      } else if (!isShadowed(key, store)) {
        Push push = randomPush(key, step * 1_000_000_000L);
        String reason = StoreTesting.push(store, push);
        boolean plainTakes = plain.push(push);
        assertEquals(plainTakes, reason.isEmpty(), "step " + step + ": " + reason);
        taken += plainTakes ? 1 : 0;
      }
      if (random.nextInt(3) == 0) {
        assertEquals(plain.scrape(), StoreTesting.scrape(store), "step " + step);
      }
      assertEquals(count(store), store.totals());
    }
    assertEquals(true, taken > STEPS / 10 && taken < STEPS * 9 / 10, taken + " pushes taken");
  }

  /** Of {job} and {job, instance=""} only one at a time: there we do better than the Go gateway. */
  private static boolean isShadowed(GroupingKey key, MetricStore store) {
    GroupingKey twin = key.equals(KEYS[0]) ? KEYS[1] : key.equals(KEYS[1]) ? KEYS[0] : null;
    return store.groups().stream().anyMatch(group -> group.key().equals(twin));
  }

  private static MetricStore restarted(MetricStore store) {
    MetricStore next = new MetricStore(true, List.of());
    for (Group group : store.groups()) {
      next.apply(group.stored());
    }
    assertEquals(List.of(), next.start(ChangeLog.NONE));
    return next;
  }

  private static MetricStore.Totals count(MetricStore store) {
    int groups = 0;
    long families = 0;
    long metrics = 0;
    long series = 0;
    long bytes = 0;
    for (Group group : store.groups()) {
      groups++;
      for (var label : group.key().jobFirst().entrySet()) {
        bytes += (label.getKey() + label.getValue()).getBytes(StandardCharsets.UTF_8).length;
      }
      for (Group.Family family : group.families()) {
        families++;
        metrics += family.block().size();
        series += new String(family.block().text(), StandardCharsets.UTF_8).lines().count();
        bytes +=
            GroupTransitions.isPushTime(family.name())
                ? 0
                : FamilyBlockRecord.length(family.block());
      }
    }
    return new MetricStore.Totals(groups, families, metrics, series, bytes);
  }

  private Push randomPush(GroupingKey key, long timeNanos) {
    if (random.nextInt(12) == 0) {
      Exposition empty = StoreTesting.parseEmptyFamily(key, pick(NAMES), random.nextInt(5));
      return new Push(key, random.nextBoolean(), empty, timeNanos);
    }
    StringBuilder text = new StringBuilder();
    int families = random.nextInt(3);
    for (int i = 0; i < families; i++) {
      String name = NAMES[(random.nextInt(NAMES.length) + i) % NAMES.length];
      // The text format cannot tell a family a_count from a part of a family a in the same push.
      boolean ambiguous = name.startsWith("a") && text.indexOf("# TYPE a") >= 0;
      if (!ambiguous && text.indexOf("# TYPE " + name + " ") < 0) {
        addFamily(text, name);
      }
    }
    if (random.nextInt(30) == 0) {
      text.append("t 1 1000\n");
    }
    return random.nextBoolean()
        ? StoreTesting.put(key, timeNanos, text.toString())
        : StoreTesting.post(key, timeNanos, text.toString());
  }

  private void addFamily(StringBuilder text, String name) {
    String type = random.nextInt(6) == 0 ? pick(TYPES) : "gauge";
    boolean histogram = name.equals("a") && random.nextInt(4) == 0;
    text.append("# TYPE ").append(name).append(histogram ? " histogram\n" : " " + type + "\n");
    for (int i = random.nextInt(4); i >= 0; i--) {
      String labels = randomLabels();
      if (histogram) {
        text.append("a_count").append(labels).append(' ').append(random.nextInt(9)).append('\n');
      } else if (type.equals("summary")) {
        text.append(name).append("_sum").append(labels).append(" 0.5\n");
      } else {
        double value = random.nextBoolean() ? random.nextInt(3) : random.nextGaussian() * 1e6;
        text.append(name).append(labels).append(' ').append(value).append('\n');
      }
    }
  }

  private String randomLabels() {
    StringBuilder labels = new StringBuilder();
    for (String name : new String[] {"z", "instance", "a", "l"}) {
      if (random.nextInt(3) == 0) {
        labels.append(labels.length() == 0 ? "" : ",");
        labels.append(name).append("=\"").append(pick(VALUES)).append('"');
      }
    }
    return labels.length() == 0 ? "" : "{" + labels + "}";
  }

  private <T> T pick(T[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  @Test
  void nothingStored_nothingExposed() {
    assertEquals("", StoreTesting.scrape(StoreTesting.startedStore()));
  }
}
