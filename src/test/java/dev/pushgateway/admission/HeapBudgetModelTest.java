package dev.pushgateway.admission;

import static dev.pushgateway.store.StoreTesting.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.admission.HeapBudget.Reservation;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.parse.ParsedPush;
import dev.pushgateway.parse.PushContext;
import dev.pushgateway.parse.TextParser;
import dev.pushgateway.store.ChangeLog;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.Push;
import dev.pushgateway.store.StoreTesting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random pushes that overlap at every stage, deletions and scrapes, on a small heap. What is stored
 * and reserved never passes the limit, whatever was stored fits again, and nothing is lost.
 */
class HeapBudgetModelTest {
  private static final long MIB = 1 << 20;
  private static final long HEAP = 128 * MIB;
  private static final long STORE_BYTES = HEAP / 2;
  private static final long ROOM_BYTES = HEAP / 4 * 3 - 16 * MIB;
  private static final int STEPS = 400;
  private static final int GROUPS = 40;

  private final MetricStore store = new MetricStore(true, Map.of());
  private final HeapBudget budget = new HeapBudget(HEAP, () -> Optional.of(store), 1);
  private final TextParser parser = new TextParser(false);

  /** The body that each group was last made of. */
  private final Map<Integer, byte[]> stored = new HashMap<>();

  private final List<InFlight> pushes = new ArrayList<>();
  private final List<MetricStore.Reading> scrapes = new ArrayList<>();
  private int refused;
  private int repeated;

  /** A push that goes on by a stage at each step. */
  private final class InFlight {
    final int group;
    final byte[] body;
    final Reservation memory = budget.open(true);
    int stage;
    Push push;

    InFlight(int group, byte[] body) {
      this.group = group;
      this.body = body;
    }

    /** Returns whether there is more to come. */
    boolean goOn() throws OverloadedException, ExpositionException {
      GroupingKey key = key("j", "i", "" + group);
      switch (stage++) {
        case 0 -> memory.takeBody(body.length / 2, body.length);
        case 1 -> {
          memory.takeBody(body.length, body.length);
          memory.keepBody(body.length);
        }
        case 2 -> {
          memory.takeForParser(body.length);
          ParsedPush exposition =
              parser.parse(
                  body,
                  0,
                  body.length,
                  new PushContext(key.groupingLabels(), store.known(key), memory));
          push = new Push(key, true, exposition, 1, memory.countedBytes());
        }
        case 3 -> memory.admit(store, push);
        default -> {
          assertEquals("", StoreTesting.push(store, push));
          stored.put(group, body);
          memory.close();
          return false;
        }
      }
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void staysWithinTheHeap(long seed) throws Exception {
    store.start(ChangeLog.NONE);
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(20)) {
        case 0 -> {
          int group = random.nextInt(GROUPS);
          StoreTesting.join(store.delete(key("j", "i", "" + group)));
          stored.remove(group);
        }
        case 1 -> scrapes.add(store.read());
        case 2, 3 -> scrapes.removeIf(this::close);
        case 4 -> repeatOne(random);
        case 5, 6, 7, 8 -> pushes.add(new InFlight(random.nextInt(GROUPS), body(random)));
        default -> goOn(random);
      }
      check();
    }
    while (!pushes.isEmpty()) {
      goOn(random);
    }
    repeatAll();
    assertEquals(0, budget.reservedBytes());
    assertTrue(refused > 0 && repeated > GROUPS / 2, refused + " refused, " + repeated);
  }

  private boolean close(MetricStore.Reading scrape) {
    scrape.close();
    return true;
  }

  /** Lines of any length, few or many, and sometimes little but comments. */
  private static byte[] body(Random random) {
    int length = 1 << 10 + random.nextInt(13);
    int lineLength = 1 << 3 + random.nextInt(12);
    StringBuilder text = new StringBuilder();
    if (random.nextInt(4) == 0) {
      text.append("# ").append("c".repeat(length)).append('\n');
      length /= 64;
    }
    for (int i = 0; text.length() < length || i == 0; i++) {
      text.append('m').append(i / 100).append("{a=\"").append(i);
      text.append("x".repeat(lineLength)).append("\"} 1\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void goOn(Random random) throws ExpositionException {
    if (pushes.isEmpty()) {
      return;
    }
    InFlight push = pushes.get(random.nextInt(pushes.size()));
    try {
      if (!push.goOn()) {
        pushes.remove(push);
      }
    } catch (OverloadedException | ExpositionException e) {
      refused++;
      push.memory.close();
      pushes.remove(push);
    }
  }

  private void check() {
    long kept = store.storedBytes() + store.retainedBytes();
    long uncounted = pushes.size() * HeapBudget.FREE_BYTES;
    assertTrue(store.storedBytes() <= STORE_BYTES, () -> store.storedBytes() + " bytes");
    assertTrue(
        kept + budget.reservedBytes() <= ROOM_BYTES + uncounted,
        () -> kept + " bytes beside " + budget.reservedBytes());
  }

  /** When nothing else runs, what was stored fits again. */
  private void repeatOne(Random random) throws Exception {
    if (stored.isEmpty() || !pushes.isEmpty()) {
      return;
    }
    scrapes.removeIf(this::close);
    List<Integer> groups = List.copyOf(stored.keySet());
    repeat(groups.get(random.nextInt(groups.size())));
  }

  private void repeatAll() throws Exception {
    scrapes.removeIf(this::close);
    for (int group : List.copyOf(stored.keySet())) {
      repeat(group);
    }
  }

  private void repeat(int group) throws Exception {
    InFlight push = new InFlight(group, stored.get(group));
    while (push.goOn()) {
      check();
    }
    repeated++;
  }
}
