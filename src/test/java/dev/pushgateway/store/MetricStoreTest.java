package dev.pushgateway.store;

import static dev.pushgateway.store.StoreTesting.join;
import static dev.pushgateway.store.StoreTesting.key;
import static dev.pushgateway.store.StoreTesting.post;
import static dev.pushgateway.store.StoreTesting.push;
import static dev.pushgateway.store.StoreTesting.put;
import static dev.pushgateway.store.StoreTesting.putEmptyFamily;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.scrape.MergedFamily;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricStoreTest {
  private static final GroupingKey ONE = key("j", "g", "1");
  private static final GroupingKey TWO = key("j", "g", "2");

  private final MetricStore store = StoreTesting.startedStore();

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
    type in another group     | # TYPE a counter;a 1 | # TYPE a gauge;a 1 | family "a" is pushed as gauge, but group {g="1",job="j"} has it as counter
    part of a histogram       | # TYPE a histogram;a_count 1 | a_count 1 | family "a_count" of this push collides with a series of histogram "a" of group {g="1",job="j"}
    bucket of a histogram     | # TYPE a histogram;a_count 1 | a_bucket 1 | family "a_bucket" of this push collides with a series of histogram "a" of group {g="1",job="j"}
    part of a summary         | # TYPE a summary;a_count 1 | a_sum 1 | family "a_sum" of this push collides with a series of summary "a" of group {g="1",job="j"}
    histogram over its parts  | a_bucket 1 | # TYPE a histogram;a_count 1 | family "a_bucket" of group {g="1",job="j"} collides with a series of histogram "a" of this push
    the gateway's own family  | b 1 | # TYPE pushgateway_own counter;pushgateway_own 1 | family "pushgateway_own" is pushed as counter, but the gateway's own family of that name is a gauge
    """)
  void refusesAcrossGroups(String what, String first, String second, String reason) {
    MetricStore checking = new MetricStore(true, Map.of("pushgateway_own", MetricType.GAUGE));
    checking.start(ChangeLog.NONE);
    assertEquals("", push(checking, put(ONE, 1, lines(first))));
    String before = familyNames(checking);
    assertEquals(reason, push(checking, put(TWO, 2, lines(second))));
    assertEquals(before, familyNames(checking));
  }

  private static String lines(String text) {
    return text.replace(';', '\n') + '\n';
  }

  private static String familyNames(MetricStore store) {
    try {
      return store.families().stream().map(MergedFamily::name).collect(Collectors.joining(" "));
    } catch (InconsistentStoreException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void familyWithoutMetricsIsInNobodysWay() {
    int summary = 2;
    assertEquals("", push(store, putEmptyFamily(ONE, 1, "a", summary)));
    assertEquals("", push(store, put(TWO, 2, "a 1\na_count 2\n")));
    assertEquals("", push(store, putEmptyFamily(key("k"), 3, "a", summary)));
    assertEquals("", push(store, putEmptyFamily(key("k"), 4, "pushgateway_own", summary)));
    assertEquals("a a_count push_failure_time_seconds push_time_seconds", familyNames(store));
    assertEquals("", push(store, putEmptyFamily(TWO, 5, "a", summary)));
    assertEquals("push_failure_time_seconds push_time_seconds", familyNames(store));
    assertEquals("", push(store, put(TWO, 6, "# TYPE a gauge\na 1\n")));
    assertEquals("a push_failure_time_seconds push_time_seconds", familyNames(store));
  }

  @Test
  void refusesASeriesThatAnotherGroupExposes() {
    assertEquals("", push(store, put(key("j"), 1, "a{instance=\"i\"} 1\n")));
    assertEquals(
        "series a{instance=\"i\",job=\"j\"} is exposed already by group {job=\"j\"}",
        push(store, put(key("j", "instance", "i"), 2, "a 2\n")));
    assertEquals("", push(store, put(key("j"), 3, "b 1\n")));
    assertEquals("", push(store, put(key("j", "instance", "i"), 4, "a 2\n")));
  }

  @ParameterizedTest
  @CsvSource({"summary, quantile", "histogram, le"})
  void refusesAGroupingLabelThatEachSampleOfTheTypeHas(String type, String label) {
    GroupingKey key = key("j", label, "7");
    String text = "# TYPE a " + type + "\na_count 1\n";
    assertEquals(
        type + " a cannot be in a group with a label \"" + label + "\"",
        push(store, put(key, 1, text)));
    assertEquals("", push(store, put(key, 2, "a_count 1\n")));
  }

  @Test
  void replacedFamiliesDoNotStandInTheWayOfTheirOwnPush() {
    assertEquals("", push(store, put(ONE, 1, "# TYPE a histogram\na_count 1\n")));
    assertEquals("", push(store, put(ONE, 2, "# TYPE a_count counter\na_count 1\n")));
    assertEquals("", push(store, post(ONE, 3, "# TYPE a_count gauge\na_count 1\n")));
    assertFalse(push(store, post(ONE, 4, "# TYPE a histogram\na_count 1\n")).isEmpty());
  }

  @Test
  void refusedPushOnlyMovesTheFailureTime() {
    push(store, put(ONE, 1_000_000_000L, "a 1\n"));
    assertEquals(
        "pushed metrics must not have timestamps",
        push(store, put(ONE, 2_000_000_000L, "b 1 1\n")));
    Group group = store.groups().get(0);
    assertEquals(1_000_000_000L, group.pushTimeNanos());
    assertEquals(2_000_000_000L, group.failureTimeNanos());
    assertFalse(group.lastPushSuccessful());
    assertTrue(StoreTesting.scrape(store).contains("push_failure_time_seconds{g=\"1\",inst"));
    assertTrue(StoreTesting.scrape(store).contains("a{g=\"1\",instance=\"\",job=\"j\"} 1\n"));
  }

  @Test
  void twinGroupsDoNotExposeTheirPushTimesTwice() throws IOException {
    GroupingKey twin = key("j", "instance", "");
    assertEquals("", push(store, put(key("j"), 1_000_000_000L, "a 1\n")));
    assertEquals("", push(store, put(twin, 2_000_000_000L, "b 1\n")));
    assertTrue(
        StoreTesting.scrape(store).contains("push_time_seconds{instance=\"\",job=\"j\"} 1\n"));
    assertFalse(StoreTesting.scrape(store).contains("job=\"j\"} 2\n"));
    store.delete(key("j"));
    assertTrue(
        StoreTesting.scrape(store).contains("push_time_seconds{instance=\"\",job=\"j\"} 2\n"));
  }

  @Test
  void unchecked_conflictFailsScrapesUntilItIsGone() throws Exception {
    MetricStore unchecked = StoreTesting.started(false);
    push(unchecked, put(ONE, 1, "# TYPE a counter\na 1\n"));
    push(unchecked, put(TWO, 2, "# TYPE a gauge\na 2\n"));
    InconsistentStoreException failure =
        assertThrows(InconsistentStoreException.class, unchecked::families);
    assertEquals(
        "group {g=\"2\",job=\"j\"}: family \"a\" is pushed as gauge, but group {g=\"1\",job=\"j\"}"
            + " has it as counter",
        failure.getMessage());
    assertEquals(2, unchecked.groups().size());
    unchecked.delete(ONE);
    assertTrue(StoreTesting.scrape(unchecked).contains("# TYPE a gauge\na{g=\"2\""));
  }

  @Test
  void unchecked_conflictWithinAPushFailsScrapesUntilItIsReplaced() {
    MetricStore unchecked = StoreTesting.started(false);
    push(unchecked, put(ONE, 1, "a 1\na 2\n"));
    assertThrows(InconsistentStoreException.class, unchecked::families);
    push(unchecked, put(ONE, 2, "a 3\n"));
    assertTrue(StoreTesting.scrape(unchecked).contains("a{g=\"1\",instance=\"\",job=\"j\"} 3\n"));
  }

  @Test
  void ofSeveralHelpTextsTheOneOfTheLowestGroupIsShown() throws IOException {
    push(store, put(TWO, 1, "# HELP a two\na 1\n"));
    push(store, put(ONE, 2, "# HELP a one\na 1\n"));
    assertTrue(StoreTesting.scrape(store).startsWith("# HELP a one\n"));
    push(store, put(TWO, 3, "# HELP a two again\na 1\n"));
    assertTrue(StoreTesting.scrape(store).startsWith("# HELP a one\n"));
    store.delete(ONE);
    assertTrue(StoreTesting.scrape(store).startsWith("# HELP a two again\n"));
  }

  @Test
  void changeThatCannotBeLoggedIsNotMade() {
    MetricStore logged = new MetricStore(true, Map.of());
    List<Change> changes = new ArrayList<>();
    boolean[] full = {false};
    logged.start(
        change -> {
          if (full[0]) {
            throw new IOException("no space left on device");
          }
          changes.add(change);
          return ChangeLog.DURABLE;
        });
    push(logged, put(ONE, 1, "a 1\n"));
    String before = StoreTesting.scrape(logged);
    full[0] = true;
    assertThrows(IOException.class, () -> join(logged.push(put(ONE, 2, "a 2\n"))));
    assertThrows(IOException.class, () -> join(logged.push(put(ONE, 2, "a 2 3\n"))));
    assertThrows(IOException.class, () -> join(logged.delete(ONE)));
    assertThrows(IOException.class, () -> join(logged.wipe()));
    assertEquals(before, StoreTesting.scrape(logged));
    assertEquals(1, changes.size());
  }

  @Test
  void deletionAndWipeHaveTheTimeOfTheClock() throws Exception {
    Clock clock = Clock.fixed(Instant.ofEpochSecond(7, 8), ZoneOffset.UTC);
    MetricStore logged = new MetricStore(true, Map.of(), StoreLimits.NONE, clock, -1);
    List<Change> changes = new ArrayList<>();
    logged.start(
        change -> {
          changes.add(change);
          return ChangeLog.DURABLE;
        });
    push(logged, put(ONE, 1, "a 1\n"));
    push(logged, put(TWO, 2, "a 1\n"));
    logged.delete(ONE);
    logged.wipe();
    assertEquals(
        List.of(1L, 2L, 7_000_000_008L, 7_000_000_008L),
        changes.stream().map(Change::timeNanos).toList());
  }

  @Test
  void hangingLogHoldsUpNoScrape() throws Exception {
    MetricStore logged = new MetricStore(true, Map.of());
    Exchanger<String> disk = new Exchanger<>();
    logged.start(
        change -> {
          try {
            disk.exchange("hangs");
            disk.exchange("goes on");
            return ChangeLog.DURABLE;
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    Thread pusher = new Thread(() -> push(logged, put(ONE, 1, "a 1\n")));
    pusher.start();
    disk.exchange("");
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try {
      assertEquals("", reader.submit(() -> StoreTesting.scrape(logged)).get(10, SECONDS));
      assertEquals(0, reader.submit(() -> logged.totals().groups()).get(10, SECONDS));
      assertEquals(0, reader.submit(() -> logged.groups().size()).get(10, SECONDS));
    } finally {
      disk.exchange("");
      reader.shutdown();
    }
    pusher.join();
    assertTrue(StoreTesting.scrape(logged).contains("a{"));
  }

  @Test
  void absenceIsAnsweredOnlyWhenItIsDurable() throws Exception {
    MetricStore logged = new MetricStore(true, Map.of());
    List<CompletableFuture<Void>> syncs = new ArrayList<>();
    logged.start(
        change -> {
          syncs.add(new CompletableFuture<>());
          return syncs.get(syncs.size() - 1);
        });
    assertFalse(join(logged.delete(ONE)));
    CompletionStage<Verdict> push = logged.push(put(ONE, 1, "a 1\n"));
    CompletionStage<Boolean> deletion = logged.delete(ONE);
    CompletionStage<Boolean> absence = logged.delete(ONE);
    CompletionStage<Integer> nothingToWipe = logged.wipe();
    syncs.get(0).complete(null);
    assertTrue(join(push).isAccepted());
    assertFalse(deletion.toCompletableFuture().isDone());
    assertFalse(absence.toCompletableFuture().isDone());
    assertFalse(nothingToWipe.toCompletableFuture().isDone());
    syncs.get(1).complete(null);
    assertTrue(join(deletion));
    assertFalse(join(absence));
    assertEquals(0, join(nothingToWipe));
  }

  @Test
  void failedSyncFailsTheChange() throws Exception {
    MetricStore logged = new MetricStore(true, Map.of());
    logged.start(change -> CompletableFuture.failedFuture(new IOException("disk is gone")));
    IOException failure =
        assertThrows(IOException.class, () -> join(logged.push(put(ONE, 1, "a 1\n"))));
    assertEquals("disk is gone", failure.getMessage());
  }

  @Test
  void hiddenFamilyIsExposedByAChange_neverByAScrape() throws Exception {
    for (boolean scrapes : new boolean[] {false, true}) {
      MetricStore restored = new MetricStore(true, Map.of());
      restored.apply(pushed(ONE, 1, "# TYPE a gauge\na 1\n"));
      restored.apply(pushed(TWO, 2, "# TYPE a counter\na 2\n"));
      assertEquals(1, restored.start(ChangeLog.NONE).size());
      join(restored.delete(ONE));
      if (scrapes) {
        assertTrue(StoreTesting.scrape(restored).contains("# TYPE a counter\na{g=\"2\""));
      }
      assertEquals(
          "family \"a\" is pushed as gauge, but group {g=\"2\",job=\"j\"} has it as counter",
          push(restored, put(key("j", "g", "3"), 3, "# TYPE a gauge\na 3\n")));
    }
  }

  @Test
  void partOfAHiddenHistogramIsExposedWhenTheHistogramGoes() throws Exception {
    MetricStore restored = new MetricStore(true, Map.of());
    restored.apply(pushed(ONE, 1, "# TYPE a histogram\na_count 1\n"));
    restored.apply(pushed(TWO, 2, "a_count 2\n"));
    assertEquals(1, restored.start(ChangeLog.NONE).size());
    assertEquals("", push(restored, put(ONE, 3, "b 1\n")));
    assertTrue(StoreTesting.scrape(restored).contains("a_count{g=\"2\""));
  }

  @Test
  void changeOfAnotherGateway_isAppliedAfterTheStart() throws Exception {
    push(store, put(ONE, 1, "# TYPE a gauge\na 1\n"));
    store.apply(pushed(TWO, 2, "# TYPE a counter\na 2\n"));
    assertFalse(StoreTesting.scrape(store).contains("a{g=\"2\""), "hidden, as it conflicts");
    assertEquals(2, store.groups().size());
    store.apply(pushed(ONE, 3, "b 3\n"));
    assertTrue(StoreTesting.scrape(store).contains("# TYPE a counter\na{g=\"2\""));
    store.apply(new Change.Wiped(4));
    assertEquals("", StoreTesting.scrape(store));
  }

  @Test
  void pushOfASharedLog_isDecidedAsAPushIs() throws Exception {
    push(store, put(ONE, 1, "# TYPE a gauge\na 1\n"));
    Verdict refused = store.decide(pushed(TWO, 2, "# TYPE a counter\na 2\n"));
    assertEquals(
        Optional.of(
            "family \"a\" is pushed as counter, but group {g=\"1\",job=\"j\"} has it as gauge"),
        refused.refusal());
    assertEquals(2, store.groups().get(1).failureTimeNanos());
    assertTrue(store.decide(pushed(TWO, 3, "# TYPE a gauge\na 2\n")).isAccepted());
    assertTrue(StoreTesting.scrape(store).contains("a{g=\"2\""));
  }

  private static Change.Pushed pushed(GroupingKey key, long timeNanos, String text) {
    Push push = put(key, timeNanos, text);
    return new Change.Pushed(key, true, timeNanos, push.exposition().families());
  }

  @Test
  void snapshotsStayAsTheyWere() throws Exception {
    push(store, put(ONE, 1, "a 1\n"));
    List<MergedFamily> families = store.families();
    List<Group> groups = store.groups();
    push(store, put(ONE, 2, "b 2\n"));
    store.delete(ONE);
    store.wipe();
    assertTrue(StoreTesting.text(families).startsWith("# TYPE a untyped\na{g=\"1\""));
    assertEquals(3, groups.get(0).families().size());
  }

  /** Each push in its turn on one store; what is refused changes nothing, not even push times. */
  @Test
  void takesNoMoreThanItsLimitsAllow() {
    MetricStore full = new MetricStore(true, Map.of(), new StoreLimits(2, 8));
    full.start(ChangeLog.NONE);
    GroupingKey a = key("a");
    GroupingKey b = key("b");
    String groups = "too many groups; the limit is 2 (--store.max-groups)";
    String series = "too many series: the store would have 9; the limit is 8 (--store.max-series)";
    assertEquals("", push(full, put(a, 1, "x 1\ny 1\n")));
    assertEquals("", push(full, put(b, 1, "x 2\ny 2\n")));
    String before = StoreTesting.scrape(full);
    assertEquals(groups, push(full, put(key("c"), 2, "x 3\n")));
    assertEquals(groups, push(full, put(key("c"), 2, "x 3\nx 3\n")), "a rejected one");
    assertEquals(series, push(full, post(a, 3, "z 1\n")));
    assertEquals(series, push(full, put(a, 3, "x 1\ny 1\nz 1\n")));
    assertEquals(before, StoreTesting.scrape(full));
    assertEquals("", push(full, put(a, 4, "z 4\nx 4\n")), "as many as before");
    assertEquals("", push(full, post(a, 5, "z 5\n")), "as many as before");
    assertEquals("", push(full, put(a, 6, "x 6\n")), "fewer than before");
    assertEquals("", push(full, post(b, 7, "w 7\n")), "there is room again");
    assertEquals(new MetricStore.Totals(2, 8, 8, 8, full.totals().bytes()), full.totals());
  }
}
