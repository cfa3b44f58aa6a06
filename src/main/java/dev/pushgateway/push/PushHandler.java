package dev.pushgateway.push;

import static dev.pushgateway.request.RequestRefusedException.badRequest;
import static dev.pushgateway.request.RequestRefusedException.tooMany;

import dev.pushgateway.admission.HeapBudget;
import dev.pushgateway.admission.OverloadedException;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.parse.ExpositionParser;
import dev.pushgateway.parse.ParsedPush;
import dev.pushgateway.parse.PreviousPush;
import dev.pushgateway.parse.PushContext;
import dev.pushgateway.parse.SeriesLimits;
import dev.pushgateway.parse.TooLargeException;
import dev.pushgateway.request.Backend;
import dev.pushgateway.request.ChangeEndpoint;
import dev.pushgateway.request.ErrorResponses;
import dev.pushgateway.request.GroupPath;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.request.RefusalLog;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.Push;
import dev.pushgateway.store.StoreFullException;
import dev.pushgateway.store.Verdict;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code PUT} and {@code POST /metrics/job/JOB{/LABEL/VALUE}}: stores a push. */
public final class PushHandler implements ChangeEndpoint {
  private static final int ACCEPTED = 202;

  private final Backend backend;
  private final GroupPath groupPath;
  private final boolean checksConsistency;
  private final int successStatus;
  private final BodyReader bodyReader;
  private final SeriesLimits seriesLimits;
  private final long maxConcurrent;
  private final AtomicInteger concurrent = new AtomicInteger();
  private final PushScratch.Pool scratchPool;
  private final HeapBudget budget;
  private final RefusalLog refusalLog;
  private final Clock clock;

  public PushHandler(
      HttpOptions options,
      Backend backend,
      GroupPath groupPath,
      HeapBudget budget,
      RefusalLog refusalLog,
      Clock clock) {
    this.backend = backend;
    this.groupPath = groupPath;
    this.checksConsistency = options.checksConsistency();
    // The status is 202 if pushes are not checked, like in Go.
    this.successStatus = checksConsistency ? options.successStatus() : ACCEPTED;
    this.bodyReader = new BodyReader(options.pushLimits().body());
    this.seriesLimits = options.pushLimits().series();
    this.maxConcurrent = options.pushLimits().maxConcurrent();
    this.scratchPool = new PushScratch.Pool(options.utf8Names());
    this.budget = budget;
    this.refusalLog = refusalLog;
    this.clock = clock;
  }

  @Override
  public void checkHead(HttpServletRequest request, RequestPath path)
      throws RequestRefusedException {
    GroupingKey key = null;
    try {
      if (concurrent.get() >= maxConcurrent) {
        throw tooManyPushes();
      }
      backend.readyStore();
      key = groupPath.parse(path);
      bodyReader.checkLength(request);
    } catch (RequestRefusedException e) {
      throw e.ofPush(groupOf(key, path));
    }
  }

  private RequestRefusedException tooManyPushes() {
    return tooMany(
        "too many concurrent pushes; the limit is " + maxConcurrent + " (--push.max-concurrent)");
  }

  @Override
  public CompletionStage<Integer> change(HttpServletRequest request, RequestPath path)
      throws RequestRefusedException {
    GroupingKey key = null;
    boolean isPushed = false;
    PushFormat format = PushFormat.of(request.getHeader("Content-Type"));
    try (HeapBudget.Reservation memory = budget.open(format == PushFormat.TEXT)) {
      if (concurrent.incrementAndGet() > maxConcurrent) {
        throw tooManyPushes();
      }
      MetricStore store = backend.readyStore();
      key = groupPath.parse(path);
      ParsedPush exposition = read(request, format, key, store, memory);
      boolean replace = request.getMethod().equals("PUT");
      long now = ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant());
      Push push = new Push(key, replace, exposition, now, memory.countedBytes());
      memory.admit(store, push);
      CompletionStage<Verdict> verdict = store.push(push);
      isPushed = true;
      return verdict.handle((made, failure) -> status(made, failure, push, request));
    } catch (StoreFullException e) {
      throw tooMany(e.getMessage()).ofPush(groupOf(key, path));
    } catch (OverloadedException e) {
      throw RequestRefusedException.overloaded(e).ofPush(groupOf(key, path));
    } catch (RequestRefusedException e) {
      throw e.ofPush(groupOf(key, path));
    } finally {
      if (!isPushed) {
        concurrent.decrementAndGet();
      }
    }
  }

  private static String groupOf(GroupingKey key, RequestPath path) {
    return key == null ? path.raw() : key.toString();
  }

  private ParsedPush read(
      HttpServletRequest request,
      PushFormat format,
      GroupingKey key,
      MetricStore store,
      HeapBudget.Reservation memory)
      throws OverloadedException, RequestRefusedException {
    GroupingLabels grouping = key.groupingLabels();
    PushScratch scratch = scratchPool.take();
    try {
      bodyReader.read(request, scratch, memory);
      memory.takeForParser(scratch.length);
      PreviousPush known = store.known(key);
      ExpositionParser parser = scratch.parser(format);
      ParsedPush exposition =
          parser.parse(scratch.bytes, 0, scratch.length, new PushContext(grouping, known, memory));
      seriesLimits.check(exposition.families());
      return exposition;
    } catch (TooLargeException e) {
      throw new RequestRefusedException(RequestRefusedException.TOO_LARGE, e.getMessage());
    } catch (OutOfMemoryError e) {
      // G1 moves no large arrays: memory that is free in several pieces may not hold one array.
      // Only this push fails.
      throw RequestRefusedException.unavailable("not enough memory right now; retry later");
    } catch (ExpositionException e) {
      memory.throwRefusal();
      throw badRequest(ParseHint.message(request, scratch, e.getMessage()));
    } finally {
      scratchPool.giveBack(scratch);
    }
  }

  /**
   * Returns the status of the response to a push. Called once, on any thread, when the verdict is
   * durable or could not be made durable.
   *
   * @param verdict {@code null} if there is a failure
   * @param failure {@code null} if there is a verdict
   */
  private int status(Verdict verdict, Throwable failure, Push push, HttpServletRequest request) {
    concurrent.decrementAndGet();
    String group = push.key().toString();
    if (failure != null) {
      throw new CompletionException(ErrorResponses.notStored(failure, "push").ofPush(group));
    }
    if (!verdict.isAccepted()) {
      String reason =
          "pushed metrics are invalid or inconsistent with existing metrics: "
              + verdict.refusal().orElseThrow();
      if (checksConsistency) {
        throw new CompletionException(badRequest(reason).ofPush(group));
      }
      // Without the check, only push_failure_time_seconds and the log tell of a refusal, like in
      // Go.
      refusalLog.log(request, group, reason);
    }
    return successStatus;
  }
}
