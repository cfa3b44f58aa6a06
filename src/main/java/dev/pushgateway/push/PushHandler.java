package dev.pushgateway.push;

import static dev.pushgateway.request.RequestRefusedException.badRequest;
import static dev.pushgateway.request.RequestRefusedException.tooMany;

import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.parse.Exposition;
import dev.pushgateway.parse.KnownFamilies;
import dev.pushgateway.parse.SeriesLimits;
import dev.pushgateway.parse.TooLargeException;
import dev.pushgateway.request.Backend;
import dev.pushgateway.request.Endpoint;
import dev.pushgateway.request.GroupPath;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.request.LateAnswer;
import dev.pushgateway.request.MediaType;
import dev.pushgateway.request.MemoryBudget;
import dev.pushgateway.request.Reads;
import dev.pushgateway.request.RefusalLog;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Responses;
import dev.pushgateway.request.Sentences;
import dev.pushgateway.request.Stores;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.Push;
import dev.pushgateway.store.PushRejectedException;
import dev.pushgateway.store.StoreFullException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code PUT} and {@code POST /metrics/job/JOB{/LABEL/VALUE}}: takes a push. */
public final class PushHandler implements Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(PushHandler.class);
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** How long a push waits for memory that slow readers keep; they are cut off meanwhile. */
  private static final long MAX_WAIT_NANOS = 5 * NANOS_PER_SECOND;

  private static final long PAUSE_NANOS = 20_000_000L;

  private final Backend backend;
  private final GroupPath groupPath;
  private final int segmentsBeforeJob;
  private final boolean checksConsistency;
  private final BodyReader bodyReader;
  private final SeriesLimits seriesLimits;
  private final long maxConcurrent;
  private final AtomicInteger concurrent = new AtomicInteger();
  private final PushScratch.Pool scratchPool;
  private final MemoryBudget budget;
  private final Reads reads;
  private final RefusalLog refusalLog;
  private final Clock clock;

  public PushHandler(
      HttpOptions options,
      Backend backend,
      int segmentsBeforeJob,
      MemoryBudget budget,
      Reads reads,
      RefusalLog refusalLog,
      Clock clock) {
    this.backend = backend;
    this.groupPath = new GroupPath(options.utf8Names());
    this.segmentsBeforeJob = segmentsBeforeJob;
    this.checksConsistency = options.checksConsistency();
    this.bodyReader = new BodyReader(options.pushLimits().body());
    this.seriesLimits = options.pushLimits().series();
    this.maxConcurrent = options.pushLimits().maxConcurrent();
    this.scratchPool = new PushScratch.Pool(options.utf8Names());
    this.budget = budget;
    this.reads = reads;
    this.refusalLog = refusalLog;
    this.clock = clock;
  }

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws RequestRefusedException {
    GroupingKey key = null;
    boolean answered = true;
    try (MemoryBudget.Reservation memory = budget.open()) {
      if (concurrent.incrementAndGet() > maxConcurrent) {
        throw tooMany("other pushes are being served at the same time, as many as are allowed");
      }
      MetricStore store = Stores.ready(backend);
      key = groupPath.parse(path, segmentsBeforeJob);
      Exposition exposition = read(request, key, store, memory);
      Push push = new Push(key, request.getMethod().equals("PUT"), exposition, now());
      answered = push(store, push, request, response);
    } catch (RequestRefusedException e) {
      throw e.ofPush(key == null ? path.raw() : key.toString());
    } finally {
      if (answered) {
        concurrent.decrementAndGet();
      }
    }
    if (answered) {
      answer(response);
    }
  }

  private void answer(HttpServletResponse response) {
    Responses.empty(response, checksConsistency ? OK : ACCEPTED);
  }

  private Exposition read(
      HttpServletRequest request,
      GroupingKey key,
      MetricStore store,
      MemoryBudget.Reservation memory)
      throws RequestRefusedException {
    GroupingLabels grouping = key.groupingLabels();
    boolean isProtobuf = MediaType.isDelimitedProtobuf(request.getHeader("Content-Type"));
    PushMemory pushMemory = new PushMemory(memory, !isProtobuf);
    PushScratch scratch = scratchPool.take();
    try {
      bodyReader.read(request, scratch, pushMemory);
      KnownFamilies known = store.known(key);
      Exposition exposition;
      if (isProtobuf) {
        exposition =
            scratch.protobufParser.parse(
                scratch.bytes, 0, scratch.length, grouping, known, pushMemory);
      } else {
        pushMemory.addText(scratch.bytes, scratch.length, grouping.encodedLength());
        exposition =
            scratch.textParser.parse(scratch.bytes, 0, scratch.length, grouping, known, pushMemory);
      }
      seriesLimits.check(exposition.families());
      return exposition;
    } catch (TooLargeException e) {
      throw new RequestRefusedException(RequestRefusedException.TOO_LARGE, e.getMessage());
    } catch (ExpositionException e) {
      pushMemory.throwRefusal();
      throw badRequest(e.getMessage() + BodyReader.hint(request));
    } finally {
      scratchPool.giveBack(scratch);
    }
  }

  /** Returns whether the push is to be answered now; else it will be. */
  private boolean push(
      MetricStore store, Push push, HttpServletRequest request, HttpServletResponse response)
      throws RequestRefusedException {
    try {
      return pushDespiteReaders(store, push, request, response);
    } catch (PushRejectedException e) {
      String reason =
          "pushed metrics are invalid or inconsistent with existing metrics: " + e.getMessage();
      if (checksConsistency) {
        throw badRequest(reason);
      }
      // As in Go, who disabled the check is not told; push_failure_time_seconds and the log do.
      refusalLog.log(request, push.key().toString(), reason);
      return true;
    } catch (StoreFullException e) {
      throw full(e);
    } catch (IOException e) {
      throw storageFailed(e, "push");
    }
  }

  /** Where readers leave no room, the slow ones are cut off, and the push waits until they have. */
  private boolean pushDespiteReaders(
      MetricStore store, Push push, HttpServletRequest request, HttpServletResponse response)
      throws PushRejectedException, StoreFullException, IOException {
    Optional<LateAnswer> late = LateAnswer.of(request);
    long deadline = System.nanoTime() + MAX_WAIT_NANOS;
    while (true) {
      try {
        if (late.isPresent()) {
          return store.push(
              push, () -> late.get().take(failure -> answer(failure, push, response)));
        }
        store.push(push);
        return true;
      } catch (StoreFullException e) {
        boolean canWait = e.limit() == StoreFullException.Limit.MEMORY_OF_READERS;
        if (!canWait
            || System.nanoTime() - deadline > 0
            || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        reads.endSlow();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** Answers a push whose thread has gone on. */
  private void answer(IOException failure, Push push, HttpServletResponse response)
      throws RequestRefusedException {
    concurrent.decrementAndGet();
    if (failure != null) {
      throw storageFailed(failure, "push").ofPush(push.key().toString());
    }
    answer(response);
  }

  private static RequestRefusedException full(StoreFullException e) {
    return switch (e.limit()) {
      case COUNT -> tooMany(e.getMessage());
      case MEMORY -> RequestRefusedException.full(e.getMessage());
      case MEMORY_OF_READERS -> RequestRefusedException.unavailable(e.getMessage());
    };
  }

  /** The client may try again. The operator knows: the persistence file logs that it fails. */
  static RequestRefusedException storageFailed(IOException e, String act) {
    LOG.debug("{} could not be stored", act, e);
    return RequestRefusedException.unavailable(
        "the " + act + " could not be stored on disk: " + Sentences.reasonOf(e));
  }

  private long now() {
    Instant now = clock.instant();
    return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
  }
}
