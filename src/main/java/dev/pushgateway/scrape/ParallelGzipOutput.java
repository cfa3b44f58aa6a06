package dev.pushgateway.scrape;

import dev.pushgateway.bytes.ByteArray;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Compresses a stream with gzip, on all processors: stretches of it are compressed apart, while the
 * next ones are written. For large outputs of which nothing is kept.
 *
 * <p>Not thread-safe: to be used by the thread that made it. Neither flushes nor closes what it
 * writes to.
 */
final class ParallelGzipOutput extends OutputStream {
  private static final int STRETCH_BYTES = 64 << 10;

  private final GzipMember gzip;
  private final BufferPool buffers = new BufferPool(STRETCH_BYTES);
  private ByteArray stretch = buffers.borrow();

  ParallelGzipOutput(OutputStream out) {
    gzip = new GzipMember(out);
  }

  @Override
  public void write(int b) throws IOException {
    stretch.add(b);
    endStretchIfFull();
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    int at = from;
    int end = from + count;
    while (at < end) {
      int next = Math.min(end, at + STRETCH_BYTES - stretch.length);
      stretch.add(bytes, at, next);
      at = next;
      endStretchIfFull();
    }
  }

  private void endStretchIfFull() throws IOException {
    if (stretch.length == STRETCH_BYTES) {
      endStretch();
    }
  }

  private void endStretch() throws IOException {
    ByteArray full = stretch;
    gzip.add(() -> compress(full));
    stretch = buffers.borrow();
  }

  private DeflatedPages compress(ByteArray full) {
    DeflatedPages made = gzip.compress(List.of(), plain -> plain.add(full.bytes, 0, full.length));
    buffers.giveBack(full);
    return made;
  }

  /** Writes all that is left, and the end of the gzip member. */
  void finish() throws IOException {
    if (stretch.length > 0) {
      endStretch();
    }
    gzip.finish();
  }

  /** Forgets what was not written: to be called in any case. */
  @Override
  public void close() {
    gzip.close();
  }
}
