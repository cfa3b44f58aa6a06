package dev.pushgateway.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A socket that can tell, while a request is served, whether its client has gone. Only a read can
 * tell. During an HTTP/1.1 request no other code reads, and the next request may be there already.
 * This class keeps bytes that it read ahead, and returns them at the next read.
 *
 * <p>Like any end point, it is read by one thread at a time.
 */
final class ClientSocket extends SocketChannelEndPoint {
  /** If a client has sent more bytes ahead, its departure is not noticed. */
  private static final int MAX_AHEAD = 1 << 10;

  private final Executor executor;

  /** Bytes read ahead; without capacity until the first call of {@link #isGone}. */
  private ByteBuffer ahead = BufferUtil.EMPTY_BUFFER;

  /**
   * Creates the end point of a connection.
   *
   * @param executor runs the reader of bytes that were read ahead, after the current request
   */
  ClientSocket(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      Executor executor) {
    super(channel, selector, key, scheduler);
    this.executor = executor;
  }

  /** Returns whether the client has closed the connection or its side of it. */
  boolean isGone() throws IOException {
    if (!isOpen() || isInputShutdown()) {
      return true;
    }
    if (ahead.capacity() == 0) {
      ahead = BufferUtil.allocate(MAX_AHEAD);
    }
    return !BufferUtil.isFull(ahead) && super.fill(ahead) < 0;
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    return BufferUtil.hasContent(ahead) ? BufferUtil.append(buffer, ahead) : super.fill(buffer);
  }

  @Override
  protected void needsFillInterest() {
    if (BufferUtil.hasContent(ahead)) {
      executor.execute(getFillInterest()::fillable); // The selector does not see bytes read ahead.
    } else {
      super.needsFillInterest();
    }
  }
}
