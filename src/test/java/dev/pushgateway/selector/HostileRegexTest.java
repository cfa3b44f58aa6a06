package dev.pushgateway.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.model.Labels;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No expression takes more memory, stack or time than the limits say (issue 20). */
@Timeout(120)
class HostileRegexTest {
  /** Half of what threads have by default. */
  private static final long STACK_BYTES = 512 << 10;

  private static final Labels SERIES =
      Labels.of("__name__", "m", "v", "a".repeat(30_000), "w", "ab");

  /** Expressions at the limits, each of which makes RE2/J call itself in another way. */
  static String[] deepExpressions() {
    return new String[] {
      "(?:a?){999}b",
      "a{0,499}b",
      "(?:a{0,249}){2}b",
      "(?:(?:a?){33}){29}b",
      "(".repeat(48) + "a" + ")".repeat(48),
      "(?:".repeat(666) + "a" + ")*)+".repeat(333) + "b",
      "(?:".repeat(999) + "a" + "{1})".repeat(999),
      alternatives(998),
      "(?:|b){333}",
      "^".repeat(999) + "b",
      "(?:)".repeat(999) + "b",
      "(?:(?:)|){249}b",
      "[" + zigzag(1_000) + "]*b",
    };
  }

  private static String alternatives(int count) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append(i == 0 ? "" : "|").appendCodePoint(0x4E00 + 2 * i).append("ab");
    }
    return all.toString();
  }

  /** Ranges in an order that makes a quicksort with the pivot in the middle slow and deep. */
  private static String zigzag(int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int middle = i / 2;
      order[i] = order[middle];
      order[middle] = i;
    }
    StringBuilder all = new StringBuilder();
    for (int value : order) {
      all.appendCodePoint(0x4E00 + 2 * value);
    }
    return all.toString();
  }

  @ParameterizedTest
  @MethodSource("deepExpressions")
  void aSmallStackIsEnough(String regex) throws Exception {
    CompletableFuture<Boolean> matched = new CompletableFuture<>();
    Runnable task =
        () -> {
          try {
            matched.complete(select("{v=~\"" + regex + "\",__name__=\"m\"}"));
          } catch (Throwable e) {
            matched.completeExceptionally(e);
          }
        };
    new Thread(null, task, "small stack", STACK_BYTES).start();
    assertFalse(matched.get(100, TimeUnit.SECONDS));
  }

  private static boolean select(String selector) throws SelectorException {
    return SelectorParser.parse(selector).matches(SERIES, Steps.UNLIMITED);
  }

  static String[] tooLargeExpressions() {
    return new String[] {
      "\\\\Q[\\\\E((a{999}){999}){99}",
      "((a?){50}){60}b",
      "(?:(?:){1000}){1000}",
      "[]](a{999}){999}",
      "[[:alpha:]](a{999}){999}",
      "[\\\\d-[:alpha:]](?:a{999}){999}",
      "\\\\pL(?:a{999}){999}",
      "\\\\Q\\\\E(?:a{999}){999}",
      "(?P<n>(?i:a{999})(?s){999})",
      "(?:a{999}){0,999}",
      "(?:a{999}){999,}?",
      "(?:a{999}){2}{9(?:a{999}){999}",
      "(a)".repeat(400),
      "(a)".repeat(250) + "a{999}",
      "a?".repeat(1_001),
      "a{0,501}",
      "a|b" + "|ab".repeat(1_000),
      "(?i)" + "\\\\pL".repeat(200),
      "(?i)[" + "Ā-\uD801\uDC00".repeat(200) + "]",
      "[" + "ac".repeat(501) + "]",
      "(?:".repeat(1_100) + "a" + "{1})".repeat(1_100),
    };
  }

  @ParameterizedTest
  @MethodSource("tooLargeExpressions")
  void isRefusedBeforeItIsCompiled(String regex) {
    SelectorException refusal =
        assertThrows(SelectorException.class, () -> select("{v=~\"" + regex + "\"}"));
    String why = refusal.getMessage();
    assertTrue(why.contains(" more than 1000 ") || why.contains(" more than 2 MiB "), why);
  }

  @Test
  void ordinaryExpressionsAreTaken() throws Exception {
    for (String regex :
        new String[] {
          "a|b",
          "backup-.*",
          "(?i)prod|staging",
          "10\\\\.0\\\\.[0-9]{1,3}\\\\.[0-9]{1,3}(:[0-9]+)?",
          "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
          "\\\\p{L}{1,200}",
          ".{0,255}",
          "x".repeat(8_000),
          "some-job-name|".repeat(480) + "x",
        }) {
      SelectorParser.parse("{w=~\"" + regex + "\",v!=\"\"}");
    }
  }

  /** One match of 60 KB took 20 s, and nothing could end it. */
  @Test
  void oneMatchCountsManySteps() throws Exception {
    SeriesSelector selector = SelectorParser.parse("{v=~\".*(a{900}){9}b\"}");
    int[] steps = {0};
    Steps limited =
        () -> {
          if (++steps[0] > 1_000) {
            throw new IllegalStateException("enough");
          }
        };
    assertThrows(IllegalStateException.class, () -> selector.matches(SERIES, limited));
    assertThrows(IllegalStateException.class, () -> selector.given(SERIES, limited));
    assertEquals(1_002, steps[0]);
  }
}
