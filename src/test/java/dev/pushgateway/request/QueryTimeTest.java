package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTimeTest {
  private static final long SECOND = 1_000_000_000L;

  private long now = 77;
  private boolean isGone;

  private final ClientConnection client =
      new ClientConnection() {
        @Override
        public void close() {
          throw new AssertionError("not asked for");
        }

        @Override
        public boolean isGone() {
          return isGone;
        }
      };

  private QueryTime start(Duration limit) {
    return new QueryTime(limit, client, () -> now);
  }

  private static void steps(QueryTime time) {
    for (int i = 0; i < 100; i++) {
      time.step();
    }
  }

  @ParameterizedTest
  @CsvSource({"PT30S, 30", "PT0.05S, 0.05", "PT1M, 60"})
  void endsWithASentence(Duration limit, String seconds) {
    QueryTime time = start(limit);
    now += limit.toNanos();
    steps(time);
    now++;
    QueryEndedException ended = assertThrows(QueryEndedException.class, () -> steps(time));
    assertEquals(
        "the query took longer than " + seconds + " s (--web.query-timeout)", ended.getMessage());
  }

  @Test
  void zeroIsNoLimit() {
    QueryTime time = start(Duration.ZERO);
    now += 1_000_000 * SECOND;
    steps(time);
  }

  @Test
  void endsWhenTheClientHasBeenGoneForASecond() {
    QueryTime time = start(Duration.ZERO);
    isGone = true;
    now += SECOND - 1;
    steps(time);
    now++;
    assertThrows(QueryEndedException.class, () -> steps(time));
  }

  @Test
  void looksForTheClientAgainAndAgain() {
    QueryTime time = start(Duration.ZERO);
    now += SECOND;
    steps(time);
    isGone = true;
    steps(time); // It was there a moment ago.
    now += SECOND / 10;
    assertThrows(QueryEndedException.class, () -> steps(time));
  }

  @Test
  void doesNotCountTheTimeThatTheClientTakesToRead() throws IOException {
    QueryTime time = start(Duration.ofSeconds(1));
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    OutputStream slow =
        new OutputStream() {
          @Override
          public void write(int b) {
            now += 9 * SECOND;
            read.write(b);
          }
        };
    time.uncounted(slow).write(new byte[] {'a', 'b'});
    assertEquals("ab", read.toString(java.nio.charset.StandardCharsets.US_ASCII));
    now += SECOND;
    steps(time);
    now++;
    assertThrows(QueryEndedException.class, () -> steps(time));
  }
}
