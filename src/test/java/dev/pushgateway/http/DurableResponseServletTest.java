package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.admission.BodyLimits;
import dev.pushgateway.admission.PushLimits;
import dev.pushgateway.change.Change;
import dev.pushgateway.parse.SeriesLimits;
import dev.pushgateway.store.ChangeLog;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pushes that are answered when a disk has them, by another thread than their own. */
@Timeout(300)
class DurableResponseServletTest {
  private static final String PATH = "/metrics/job/late";

  /** More than the server has threads. */
  private static final int MANY = 300;

  /** A log whose disk takes as long as the test wants. */
  private static final class SlowLog implements ChangeLog {
    final BlockingQueue<CompletableFuture<Void>> waiting = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<Void> append(Change change) {
      CompletableFuture<Void> synced = new CompletableFuture<>();
      waiting.add(synced);
      return synced;
    }

    CompletableFuture<Void> next() throws InterruptedException {
      return waiting.poll(120, TimeUnit.SECONDS);
    }
  }

  private final SlowLog log = new SlowLog();

  private static void complete(CompletableFuture<Void> waiting, IOException failure) {
    if (failure == null) {
      waiting.complete(null);
    } else {
      waiting.completeExceptionally(failure);
    }
  }

  private static int status(CompletableFuture<HttpResponse<String>> push) throws Exception {
    return push.get(120, TimeUnit.SECONDS).statusCode();
  }

  private static void awaitScraped(
      GatewayFixture gateway, String prefix, Predicate<String> expected) throws Exception {
    String text = gateway.scraped(prefix);
    for (int i = 0; i < 10_000 && !expected.test(text); i++) {
      Thread.sleep(10);
      text = gateway.scraped(prefix);
    }
    assertTrue(expected.test(text), text);
  }

  @Test
  void waitingPushesKeepNoThread() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.with().changeLog(log).start()) {
      List<CompletableFuture<HttpResponse<String>>> pushes = new ArrayList<>();
      List<CompletableFuture<Void>> waiting = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        pushes.add(gateway.pushing(PATH + "/i/" + i, "late " + i + "\n"));
        waiting.add(log.next());
      }
      // The last change may be in the log, and not yet in the store.
      awaitScraped(gateway, "late{", text -> text.split("\n").length == MANY);
      assertTrue(pushes.stream().noneMatch(CompletableFuture::isDone));
      for (CompletableFuture<Void> each : waiting) {
        each.complete(null);
      }
      for (CompletableFuture<HttpResponse<String>> push : pushes) {
        assertEquals(200, status(push));
      }
    }
  }

  @Test
  void failureOfTheDiskIsAnswered() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.with().changeLog(log).start()) {
      CompletableFuture<HttpResponse<String>> push = gateway.pushing(PATH, "late 1\n");
      log.next()
          .completeExceptionally(new IOException("cannot sync /secret/path: Input/output error"));
      assertEquals(503, status(push));
      HttpResponse<String> response = push.get();
      assertTrue(
          response.body().startsWith("the push could not be stored on disk: "), response.body());
      assertFalse(response.body().contains("secret"), response.body());
      assertEquals("5", response.headers().firstValue("Retry-After").orElse(""));
      assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").orElse(""));
    }
  }

  @Test
  void faultOfOursIsNoSuccess() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.with().changeLog(log).start()) {
      CompletableFuture<HttpResponse<String>> push = gateway.pushing(PATH, "late 1\n");
      log.next().completeExceptionally(new IllegalStateException("a fault"));
      assertEquals(500, status(push));
      assertEquals("internal error; see the gateway's log\n", push.get().body());
    }
  }

  @Test
  void isCountedWithItsStatusWhenItIsAnswered() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.with().changeLog(log).start()) {
      String counted = "pushgateway_http_requests_total{";
      final CompletableFuture<HttpResponse<String>> taken = gateway.pushing(PATH, "late 1\n");
      CompletableFuture<Void> first = log.next();
      assertFalse(gateway.scraped(counted).contains("push"), "not before");
      first.complete(null);
      status(taken);
      CompletableFuture<HttpResponse<String>> failed = gateway.pushing(PATH, "late 2\n");
      log.next().completeExceptionally(new IOException("Input/output error"));
      status(failed);
      String both =
          counted
              + "code=\"200\",handler=\"push\",method=\"put\"} 1\n"
              + counted
              + "code=\"503\",handler=\"push\",method=\"put\"} 1\n";
      // A client may have its answer before it is counted.
      awaitScraped(gateway, counted, both::equals);
      String observed = "pushgateway_http_push_duration_seconds_count{";
      awaitScraped(gateway, observed, (observed + "method=\"put\"} 2\n")::equals);
    }
  }

  @Test
  void countsAmongThoseServedAtATimeUntilItIsAnswered() throws Exception {
    PushLimits one = new PushLimits(BodyLimits.DEFAULT, SeriesLimits.NONE, 1);
    try (GatewayFixture gateway = GatewayFixture.with().changeLog(log).limits(one).start()) {
      for (IOException failure : new IOException[] {null, new IOException("broken"), null}) {
        final CompletableFuture<HttpResponse<String>> push = gateway.pushing(PATH, "late 1\n");
        CompletableFuture<Void> waiting = log.next();
        assertEquals(429, gateway.send("PUT", PATH, "late 2\n").statusCode());
        complete(waiting, failure);
        assertEquals(failure == null ? 200 : 503, status(push));
      }
    }
  }

  @Test
  void mayBeToldBeforeItsThreadHasGoneOn() throws Exception {
    ChangeLog quick = change -> CompletableFuture.completedFuture(null);
    try (GatewayFixture gateway = GatewayFixture.with().changeLog(quick).start()) {
      for (int i = 0; i < 100; i++) {
        assertEquals(200, gateway.send("PUT", PATH, "late " + i + "\n").statusCode());
      }
    }
  }

  @Test
  void clientThatIsGoneHarmsNobody() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.with().changeLog(log).start()) {
      CompletableFuture<HttpResponse<String>> gone = gateway.pushing(PATH, "late 1\n");
      CompletableFuture<Void> waiting = log.next();
      gone.cancel(true);
      waiting.completeExceptionally(new IOException("broken"));
      final CompletableFuture<HttpResponse<String>> push = gateway.pushing(PATH, "late 2\n");
      log.next().complete(null);
      assertEquals(200, status(push));
    }
  }

  @Test
  void withoutAsynchronousRequestsTheThreadWaits() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.with().changeLog(log).withoutAsync().start()) {
      CompletableFuture<HttpResponse<String>> push = gateway.pushing(PATH, "late 1\n");
      CompletableFuture<Void> waiting = log.next();
      assertFalse(push.isDone());
      waiting.complete(null);
      assertEquals(200, status(push));
    }
  }

  @Test
  void waitingDeletionsKeepNoThread() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.with().changeLog(log).start()) {
      for (int i = 0; i < MANY; i++) {
        CompletableFuture<HttpResponse<String>> push =
            gateway.pushing(PATH + "/i/" + i, "late 1\n");
        log.next().complete(null);
        assertEquals(200, status(push));
      }
      List<CompletableFuture<HttpResponse<String>>> deletions = new ArrayList<>();
      List<CompletableFuture<Void>> waiting = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        deletions.add(gateway.sending("DELETE", PATH + "/i/" + i, ""));
        waiting.add(log.next());
      }
      awaitScraped(gateway, "late{", String::isEmpty);
      assertTrue(deletions.stream().noneMatch(CompletableFuture::isDone));
      waiting.forEach(each -> each.complete(null));
      for (CompletableFuture<HttpResponse<String>> deletion : deletions) {
        assertEquals(202, status(deletion));
      }
    }
  }

  @Test
  void deletionAndWipeAreAnsweredWhenTheyAreDurable() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.with().changeLog(log).start()) {
      CompletableFuture<HttpResponse<String>> push = gateway.pushing(PATH, "late 1\n");
      log.next().complete(null);
      assertEquals(200, status(push));
      CompletableFuture<HttpResponse<String>> deletion = gateway.sending("DELETE", PATH, "");
      CompletableFuture<Void> waiting = log.next();
      assertFalse(deletion.isDone());
      waiting.completeExceptionally(new IOException("cannot sync: Input/output error"));
      assertEquals(503, status(deletion));
      assertTrue(deletion.get().body().startsWith("the deletion could not be stored on disk: "));
    }
  }
}
