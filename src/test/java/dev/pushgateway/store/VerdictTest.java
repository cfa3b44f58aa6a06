package dev.pushgateway.store;

import static dev.pushgateway.store.StoreTesting.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Feeds the same random changes to two stores that differ in all that must not matter: their series
 * hashes, and when they are scraped. Verdicts and expositions are the same.
 */
class VerdictTest {
  private static final int STEPS = 500;

  /** Leaves four values of a series hash: nearly all series collide. */
  private static final long COLLIDING = 0x3;

  private static final String[] NAMES = {"a", "a_count", "a_sum", "a_bucket", "b", "b_count"};
  private static final String[] TYPES = {"gauge", "gauge", "counter", "summary", "histogram"};

  private static final GroupingKey[] KEYS = {
    key("j"), key("j", "instance", ""), key("j", "instance", "1"), key("k"), key("k", "l", "1")
  };

  private Random random;
  private int accepted;
  private int refused;
  private int hidden;

  @ParameterizedTest(name = "checked: {0}, seed {1}")
  @CsvSource({
    "true, 1",
    "true, 2",
    "true, 3",
    "true, 4",
    "true, 5",
    "true, 6",
    "false, 7",
    "false, 8"
  })
  void followsFromTheChangesAlone(boolean checks, int seed) throws Exception {
    random = new Random(seed);
    MetricStore scraped = store(checks, -1);
    MetricStore colliding = store(checks, COLLIDING);
    for (int step = 1; step <= STEPS; step++) {
      Change change = randomChange(step);
      String context = "step " + step + ": " + change;
      if (change instanceof Change.Pushed push && random.nextInt(10) > 0) {
        Verdict verdict = scraped.decide(push);
        assertEquals(verdict, colliding.decide(push), context);
        accepted += verdict.isAccepted() ? 1 : 0;
        refused += verdict.isAccepted() ? 0 : 1;
      } else {
        scraped.apply(change);
        colliding.apply(change);
      }
      String exposition = exposition(scraped);
      hidden += exposition.startsWith("inconsistent") ? 1 : 0;
      if (random.nextInt(20) == 0) {
        assertEquals(exposition, exposition(colliding), context);
      }
    }
    assertEquals(exposition(scraped), exposition(colliding));
    assertTrue(accepted > STEPS / 10, accepted + " pushes accepted");
    assertTrue(checks ? refused > STEPS / 10 : hidden > STEPS / 10, refused + ", " + hidden);
  }

  private static MetricStore store(boolean checks, long hashMask) {
    MetricStore store =
        new MetricStore(checks, Map.of(), StoreLimits.NONE, Clock.systemUTC(), hashMask);
    store.start(ChangeLog.NONE);
    return store;
  }

  private static String exposition(MetricStore store) {
    try {
      return StoreTesting.text(store.families());
    } catch (InconsistentStoreException e) {
      return "inconsistent: " + e.getMessage();
    }
  }

  private Change randomChange(int step) {
    GroupingKey key = KEYS[random.nextInt(KEYS.length)];
    int kind = random.nextInt(40);
    if (kind == 0) {
      return new Change.Wiped(step);
    }
    if (kind < 8) {
      return new Change.Deleted(key, step);
    }
    if (kind == 8) {
      return new Change.PushFailed(key, step);
    }
    StringBuilder text = new StringBuilder();
    String name = NAMES[random.nextInt(NAMES.length)];
    String type = TYPES[random.nextInt(TYPES.length)];
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    boolean isNumber = type.equals("gauge") || type.equals("counter");
    for (int i = random.nextInt(3); i >= 0; i--) {
      String labels = random.nextBoolean() ? "" : "{instance=\"" + random.nextInt(3) + "\"}";
      text.append(name).append(isNumber ? "" : "_count").append(labels).append(" 1\n");
    }
    Push push = StoreTesting.put(key, step, text.toString());
    return new Change.Pushed(key, random.nextBoolean(), step, push.exposition().families());
  }
}
