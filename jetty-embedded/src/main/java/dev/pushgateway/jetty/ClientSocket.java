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
 * A socket that can be asked, while a request is served, whether the client has gone. Only a read
 * tells. Over HTTP/1.1 nobody reads then, and the next request may be there already: this keeps
 * what was read ahead, and hands it out first.
 *
 * <p>As with any end point, one thread reads at a time.
 */
final class ClientSocket extends SocketChannelEndPoint {
  /** A client that has sent more than that ahead cannot be seen to go. */
  private static final int MAX_AHEAD = 1 << 10;

  private final Executor executor;

  /** To be read from; empty until somebody asks whether the client has gone. */
  private ByteBuffer ahead = BufferUtil.EMPTY_BUFFER;

  /**
   * Creates the end point of a connection.
   *
   * @param executor reads what was read ahead, when the request is served
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

  /** Returns whether the client has closed the connection, or will send nothing more. */
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
      executor.execute(getFillInterest()::fillable); // The selector sees only what is unread.
    } else {
      super.needsFillInterest();
    }
  }
}
