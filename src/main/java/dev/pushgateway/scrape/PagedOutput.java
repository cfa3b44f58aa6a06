package dev.pushgateway.scrape;

import dev.pushgateway.bytes.ByteArray;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BiConsumer;

/**
 * A scrape on its way out: what one thread adds bit by bit, and pages of families, which all
 * threads write, each into a buffer of its own.
 *
 * <p>Not thread-safe: to be used by the thread that answers the scrape.
 */
final class PagedOutput implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final OutputStream out;
  private final BufferPool buffers = new BufferPool(BUFFER_BYTES + (BUFFER_BYTES >> 1));
  private final OrderedOutput<ByteArray> pieces = new OrderedOutput<>(this::write);

  /** Where to add what comes next; another one after each call of a method. */
  ByteArray buffer = buffers.borrow();

  PagedOutput(OutputStream out) {
    this.out = out;
  }

  private void write(ByteArray piece) throws IOException {
    buffers.write(piece, out);
  }

  /** Adds the pages of a family. The writer adds a page to a buffer, on any thread. */
  void add(SeriesPage[] pages, BiConsumer<SeriesPage, ByteArray> writer) throws IOException {
    if (pages.length == 1) {
      writer.accept(pages[0], buffer);
      flushIfFull();
      return;
    }
    flush();
    for (SeriesPage page : pages) {
      pieces.add(
          () -> {
            ByteArray piece = buffers.borrow();
            writer.accept(page, piece);
            return piece;
          });
    }
  }

  /** To be called after each bit that is added, so that {@link #buffer} stays small. */
  void flushIfFull() throws IOException {
    if (buffer.length >= BUFFER_BYTES) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (buffer.length > 0) {
      pieces.add(buffer);
      buffer = buffers.borrow();
    }
  }

  void finish() throws IOException {
    flush();
    pieces.flush();
  }

  @Override
  public void close() {
    pieces.abandon();
  }
}
