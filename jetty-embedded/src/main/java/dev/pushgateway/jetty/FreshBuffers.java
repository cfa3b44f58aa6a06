package dev.pushgateway.jetty;

import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;

/**
 * Gives each connection buffers that no other connection has used.
 *
 * <p>Jetty 12.1 can still use a buffer after it was released, if a connection is closed while it
 * reads or writes. With pooled buffers, bytes of that connection then reached a request of another
 * one. In the soak test, one good push of some thousands got 400, 408 or no response (2026-12-01).
 * New buffers cost nothing: 6,065 pushes a second, and 4,892 with Jetty's pool ({@code
 * rate-100-groups}, quick mode, medians of three pairs, same day).
 */
final class FreshBuffers extends ByteBufferPool.NonPooling {
  /** Returns a buffer on the heap: direct buffers are slow to create, and are freed late. */
  @Override
  public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
    return super.acquire(size, false);
  }
}
