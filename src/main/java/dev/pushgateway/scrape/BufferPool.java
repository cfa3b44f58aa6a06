package dev.pushgateway.scrape;

import dev.pushgateway.bytes.ByteArray;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/** Buffers for pieces of output. A few idle ones are kept and reused. Thread-safe. */
final class BufferPool {
  private final int capacity;

  /** The idle buffers: at most two for each thread that works on one output. */
  private final Queue<ByteArray> free = new ArrayBlockingQueue<>(2 * (OrderedOutput.HELPERS + 1));

  BufferPool(int capacity) {
    this.capacity = capacity;
  }

  ByteArray borrow() {
    ByteArray buffer = free.poll();
    return buffer == null ? new ByteArray(capacity) : buffer;
  }

  void write(ByteArray buffer, OutputStream out) throws IOException {
    out.write(buffer.bytes, 0, buffer.length);
    giveBack(buffer);
  }

  /** Takes back a buffer that is no longer in use. A buffer that has grown is not kept. */
  void giveBack(ByteArray buffer) {
    if (buffer.bytes.length <= capacity) {
      buffer.length = 0;
      free.offer(buffer);
    }
  }
}
