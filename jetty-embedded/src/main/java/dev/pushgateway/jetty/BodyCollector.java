package dev.pushgateway.jetty;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Waits for the body of a push, or the first {@value #MAX_BYTES} bytes of it, before a servlet sees
 * the request: no thread and no place among the concurrent pushes is taken by those who send a
 * request and then nothing, or next to nothing.
 *
 * <p>The usual body is there with its headers and passes through as it is. What is collected is
 * copied, as a network buffer that waits for the next byte is 8 KiB.
 *
 * <p>A body that is said to be too long is not waited for: the servlet refuses it, before a client
 * that asked ({@code Expect: 100-continue}) is told to send it.
 */
final class BodyCollector extends Handler.Wrapper {
  /** Who has sent that much is waited for in a thread; {@link ConnectionGuard} counts those. */
  static final int MAX_BYTES = 64 << 10;

  private static final int INITIAL_BYTES = 512;

  /** What all that is collected may take: a sixteenth of the heap. */
  private final long maxCollectedBytes = Runtime.getRuntime().maxMemory() / 16;

  private final AtomicLong collectedBytes = new AtomicLong();

  private final long maxBodyBytes;

  /**
   * A collector.
   *
   * @param maxBodyBytes that a servlet takes, as they are sent
   */
  BodyCollector(long maxBodyBytes) {
    this.maxBodyBytes = maxBodyBytes;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!HttpMethod.PUT.is(request.getMethod()) && !HttpMethod.POST.is(request.getMethod())) {
      return super.handle(request, response, callback);
    }
    if (request.getLength() > maxBodyBytes) {
      return super.handle(request, response, callback);
    }
    Content.Chunk first = request.read();
    if (first != null && (first.isLast() || Content.Chunk.isFailure(first))) {
      return super.handle(new Collected(request, first), response, callback);
    }
    Collection collection = new Collection(request, response, callback);
    collection.add(first);
    if (!collection.collect()) {
      return true;
    }
    return super.handle(collection.collected(), response, callback);
  }

  private boolean handleCollected(Request request, Response response, Callback callback)
      throws Exception {
    return super.handle(request, response, callback);
  }

  /** One body that comes in pieces. Belongs to one thread at a time. */
  private final class Collection implements Runnable {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;
    private boolean isLast;
    private Content.Chunk failure;

    Collection(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
      collectedBytes.addAndGet(bytes.length);
    }

    /** Takes what is there; whether that is all that there is to wait for. */
    boolean collect() {
      while (!isLast && failure == null && length < MAX_BYTES && hasRoom()) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this);
          return false;
        }
        add(chunk);
      }
      return true;
    }

    private boolean hasRoom() {
      return collectedBytes.get() < maxCollectedBytes;
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

    /** The request with what was collected, which does not count any more. */
    Request collected() {
      collectedBytes.addAndGet(-bytes.length);
      return failure != null
          ? new Collected(request, failure)
          : new Collected(request, Content.Chunk.from(ByteBuffer.wrap(bytes, 0, length), isLast));
    }

    /** There is more to be read. */
    @Override
    public void run() {
      if (!collect()) {
        return;
      }
      if (isLast || failure != null) {
        handle();
      } else {
        // Not here: Jetty calls who waits for content one after the other, and a servlet that
        // waits for more would wait for this call to end.
        request.getComponents().getExecutor().execute(this::handle);
      }
    }

    private void handle() {
      Request collected = collected();
      try {
        if (!handleCollected(collected, response, callback)) {
          Response.writeError(collected, response, callback, 404);
        }
      } catch (Throwable e) {
        Response.writeError(collected, response, callback, e);
      }
    }
  }

  /** A request whose first piece of body is here. */
  private static final class Collected extends Request.Wrapper {
    private Content.Chunk first;

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
      // The end, and a failure, are there however often one asks.
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
