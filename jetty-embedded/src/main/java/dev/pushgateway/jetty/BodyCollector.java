package dev.pushgateway.jetty;

import dev.pushgateway.handoff.SelectorHandoff;
import dev.pushgateway.request.BodyArrival;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Waits for the body of a push, or for its first {@value #MAX_BYTES} bytes, before a servlet gets
 * the request. A client that sends its body slowly, or not at all, therefore holds no thread and
 * does not count as a concurrent push.
 *
 * <p>Most bodies arrive with their headers and pass through without a copy. A body that arrives in
 * parts is copied, because each network buffer holds 8 KiB.
 *
 * <p>A client with {@code Expect: 100-continue} is told to send its body after the servlet has
 * checked login, limits and path; see {@link BodyArrival}. The servlet refuses a body whose {@code
 * Content-Length} exceeds the limit, without waiting for it.
 *
 * <p>This class knows the lengths of bodies, and therefore tells the {@link SelectorHandoff} which
 * requests are small pushes.
 */
final class BodyCollector extends Handler.Wrapper {
  /**
   * After this many bytes, a thread waits for the rest; {@link ConnectionGuard} limits such
   * threads.
   */
  static final int MAX_BYTES = 64 << 10;

  private static final int INITIAL_BYTES = 512;

  /** A push of 16 KiB has about 100 series and usually takes less than 1 ms. */
  private static final int MAX_SMALL_PUSH_BYTES = 16 << 10;

  /** Limit of all collected bodies together: 1/16 of the heap. */
  private final long maxCollectedBytes = Runtime.getRuntime().maxMemory() / 16;

  private final AtomicLong collectedBytes = new AtomicLong();

  /** Maximum body length, as sent. The servlet refuses longer bodies. */
  private final long maxBodyBytes;

  private final SelectorHandoff handoff;

  BodyCollector(long maxBodyBytes, SelectorHandoff handoff) {
    this.maxBodyBytes = maxBodyBytes;
    this.handoff = handoff;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    boolean isPush =
        HttpMethod.PUT.is(request.getMethod()) || HttpMethod.POST.is(request.getMethod());
    if (!isPush || request.getLength() > maxBodyBytes) {
      return serve(request, false, response, callback);
    }
    if (request.getHeaders().contains(HttpHeader.EXPECT)) {
      Collected collected = new Collected(request);
      BodyArrival arrival = task -> collect(collected, task);
      request.setAttribute(BodyArrival.ATTRIBUTE, arrival);
      return serve(collected, false, response, callback);
    }
    Content.Chunk first = request.read();
    if (isWhole(first, request.getLength())) {
      boolean isSmall = isSmallPush(request, first.remaining());
      return serve(new Collected(request, first), isSmall, response, callback);
    }
    Collection collection = new Collection(request, body -> handle(body, response, callback));
    collection.add(first);
    return !collection.collect() || serve(collection, response, callback);
  }

  /** Waits for the body of a request that the servlet has already, and then runs the task. */
  private void collect(Collected request, Runnable task) {
    Collection collection =
        new Collection(
            request.getWrapped(),
            body -> {
              request.first = body.first();
              request.getComponents().getExecutor().execute(task);
            });
    collection.run();
  }

  /** Serves a request whose body came later, without delaying other bodies. */
  private void handle(Collection body, Response response, Callback callback) {
    Runnable serving =
        () -> {
          try {
            if (!serve(body, response, callback)) {
              Response.writeError(body.request, response, callback, 404);
            }
          } catch (Throwable e) {
            Response.writeError(body.request, response, callback, e);
          }
        };
    if (body.isOver()) {
      serving.run();
    } else {
      // On another thread: Jetty calls the receivers of content one after the other. A servlet that
      // waits for more content here would wait for its own call to end.
      body.request.getComponents().getExecutor().execute(serving);
    }
  }

  private boolean serve(Collection body, Response response, Callback callback) throws Exception {
    boolean isSmall = body.isOver() && isSmallPush(body.request, body.length);
    return serve(new Collected(body.request, body.first()), isSmall, response, callback);
  }

  /**
   * Returns whether a first chunk is the whole body. With HTTP/1.1, the last chunk is marked as
   * last only in a later read.
   */
  private static boolean isWhole(Content.Chunk first, long length) {
    return first != null
        && (first.isLast() || Content.Chunk.isFailure(first) || first.remaining() == length);
  }

  /** Returns whether a push has a short body, no compression, and no password. */
  private static boolean isSmallPush(Request request, int bytes) {
    return bytes <= MAX_SMALL_PUSH_BYTES
        && !request.getHeaders().contains(HttpHeader.CONTENT_ENCODING)
        && !request.getHeaders().contains(HttpHeader.AUTHORIZATION);
  }

  private boolean serve(Request request, boolean isSmallPush, Response response, Callback callback)
      throws Exception {
    if (!isSmallPush) {
      handoff.release();
      return super.handle(request, response, callback);
    }
    handoff.beginSmallPush(request.getConnectionMetaData().getConnection());
    try {
      return super.handle(request, response, callback);
    } finally {
      handoff.endSmallPush();
    }
  }

  /** Collects one body that arrives in parts. Used by one thread at a time. */
  private final class Collection implements Runnable {
    private final Request request;

    /**
     * Receives this collection when the body is complete or worth a thread, unless it was so at
     * once.
     */
    private final Consumer<Collection> target;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;
    private boolean isLast;
    private Content.Chunk failure;

    Collection(Request request, Consumer<Collection> target) {
      this.request = request;
      this.target = target;
      collectedBytes.addAndGet(bytes.length);
    }

    /** Returns whether no further content will come. */
    boolean isOver() {
      return isLast || failure != null;
    }

    /** Reads the available content. Returns false if more content must be waited for. */
    boolean collect() {
      while (!isOver() && length < MAX_BYTES && collectedBytes.get() < maxCollectedBytes) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this);
          return false;
        }
        add(chunk);
      }
      return true;
    }

    void add(Content.Chunk chunk) {
      if (chunk == null) {
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        failure = chunk;
        return;
      }
      int count = chunk.remaining();
      if (bytes.length - length < count) {
        int longer = Math.max(length + count, bytes.length * 2);
        collectedBytes.addAndGet(longer - bytes.length);
        bytes = Arrays.copyOf(bytes, longer);
      }
      chunk.getByteBuffer().get(bytes, length, count);
      length += count;
      isLast = chunk.isLast();
      chunk.release();
    }

    /** Returns the collected content, which is not counted any more. Call this once. */
    Content.Chunk first() {
      collectedBytes.addAndGet(-bytes.length);
      return failure == null
          ? Content.Chunk.from(ByteBuffer.wrap(bytes, 0, length), isLast)
          : failure;
    }

    @Override
    public void run() {
      if (collect()) {
        target.accept(this);
      }
    }
  }

  /** A request whose first chunk may be here already. */
  private static final class Collected extends Request.Wrapper {
    private Content.Chunk first;

    Collected(Request request) {
      super(request);
    }

    Collected(Request request, Content.Chunk first) {
      super(request);
      this.first = first;
    }

    @Override
    public Content.Chunk read() {
      Content.Chunk chunk = first;
      if (chunk == null) {
        return super.read();
      }
      // The last chunk and a failure are returned by every further read.
      first = Content.Chunk.next(chunk);
      return chunk;
    }

    @Override
    public void demand(Runnable onContent) {
      if (first == null) {
        super.demand(onContent);
      } else {
        getComponents().getExecutor().execute(onContent);
      }
    }
  }
}
