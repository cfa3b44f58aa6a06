package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.DrainedBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.BiConsumer;

/**
 * The output of a scrape. One thread adds the small parts. Several threads write pages of families,
 * each into its own buffer. A long page is passed on piece by piece.
 *
 * <p>Not thread-safe: for the thread that answers the scrape.
 */
final class PagedOutput implements AutoCloseable {
  private static final int BUFFER_BYTES = SeriesPage.BYTES;

  /** Room for a page or its protobuf, which can be almost twice as long. */
  private static final int CAPACITY = 2 * BUFFER_BYTES;

  private static final BufferPool BUFFERS = new BufferPool(CAPACITY);

  private final OutputStream out;
  private final OrderedOutput<ByteArray> pieces = new OrderedOutput<>(this::write);

  /** Passes on long pages; {@code null} before the first one. */
  private DrainedBytes through;

  /** The buffer for the next bytes. Each method may replace it. */
  ByteArray buffer = BUFFERS.borrow();

  PagedOutput(OutputStream out) {
    this.out = out;
  }

  private void write(ByteArray piece) throws IOException {
    BUFFERS.write(piece, out);
  }

  /**
   * Adds the pages of a family.
   *
   * @param blocks the blocks of the family
   * @param writer adds a page to a buffer, on any thread
   */
  void add(SeriesPage[] pages, FamilyBlock[] blocks, BiConsumer<SeriesPage, ByteArray> writer)
      throws IOException {
    if (pages.length == 1 && !pages[0].isLong(blocks)) {
      if (buffer.length + pages[0].length(blocks) > CAPACITY) {
        flush();
      }
      writer.accept(pages[0], buffer);
      flushIfFull();
      return;
    }
    flush();
    for (SeriesPage page : pages) {
      if (page.isLong(blocks)) {
        writeThrough(page, writer);
      } else {
        pieces.add(() -> make(page, writer), Math.max(CAPACITY, 2 * page.length(blocks)));
      }
    }
  }

  private static ByteArray make(SeriesPage page, BiConsumer<SeriesPage, ByteArray> writer) {
    ByteArray piece = BUFFERS.borrow();
    writer.accept(page, piece);
    return piece;
  }

  private void writeThrough(SeriesPage page, BiConsumer<SeriesPage, ByteArray> writer)
      throws IOException {
    pieces.flush();
    if (through == null) {
      through = new DrainedBytes(piece -> out.write(piece.bytes, 0, piece.length));
    }
    try {
      writer.accept(page, through);
      through.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Keeps {@link #buffer} small. Call this after adding to it. */
  void flushIfFull() throws IOException {
    if (buffer.length >= BUFFER_BYTES) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (buffer.length > 0) {
      pieces.add(buffer, buffer.bytes.length);
      buffer = BUFFERS.borrow();
    }
  }

  void finish() throws IOException {
    flush();
    pieces.flush();
  }

  @Override
  public void close() {
    pieces.abandon();
    BUFFERS.giveBack(buffer);
  }
}
