package dev.pushgateway.scrape;

import dev.pushgateway.bytes.ByteArray;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Buffers for pieces of one output, used again once they are written. Thread-safe. */
final class BufferPool {
  private final int capacity;
  private final Queue<ByteArray> free = new ConcurrentLinkedQueue<>();

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

  /** Takes a buffer back that nobody uses any more, unless it has become large. */
  void giveBack(ByteArray buffer) {
    if (buffer.bytes.length <= 2 * capacity) {
      buffer.length = 0;
      free.add(buffer);
    }
  }
}
