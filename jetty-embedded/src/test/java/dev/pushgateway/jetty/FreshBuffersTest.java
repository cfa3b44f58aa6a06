package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

class FreshBuffersTest {
  private final ByteBufferPool buffers = new FreshBuffers();

  @Test
  void releasedBufferIsNotGivenToAnother() {
    RetainableByteBuffer first = buffers.acquire(8 << 10, true);
    byte[] array = first.getByteBuffer().array();
    first.release();
    RetainableByteBuffer second = buffers.acquire(8 << 10, true);
    assertFalse(second.getByteBuffer().isDirect());
    assertNotSame(array, second.getByteBuffer().array());
  }

  /** A connector takes the buffers of its server, unless it is given others. */
  @Test
  void connectorsUseThem() {
    Server server = new Server(null, null, buffers);
    assertSame(buffers, new ServerConnector(server).getByteBufferPool());
    assertInstanceOf(FreshBuffers.class, server.getByteBufferPool());
  }
}
