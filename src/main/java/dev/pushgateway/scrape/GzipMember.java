package dev.pushgateway.scrape;

import dev.pushgateway.bytes.ByteArray;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * One gzip member, joined from stretches that are compressed apart, by all processors.
 *
 * <pre>
 *   header | stretch | stretch | … | empty last block | CRC-32 | length
 * </pre>
 *
 * <p>Not thread-safe: to be used by the thread that made it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
final class GzipMember implements AutoCloseable {
  /** Deflate, no flags, no time, no extra flags, operating system unknown. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  /** A last block with fixed codes and nothing in it. */
  private static final byte[] LAST_BLOCK = {3, 0};

  /** Written to the stream at once: several stretches, which have some 16 KiB each. */
  private static final int CHUNK_BYTES = 64 << 10;

  /** How long a stretch is, at most as a rule. */
  static final int STRETCH_BYTES = 128 << 10;

  /** Compressors that no thread uses, two for each thread that compresses one scrape. */
  private static final Queue<Compressor> FREE =
      new ArrayBlockingQueue<>(2 * (OrderedOutput.HELPERS + 1));

  private final OutputStream out;
  private final ByteArray chunk = new ByteArray(CHUNK_BYTES + (CHUNK_BYTES >> 1));
  private final OrderedOutput<DeflatedPages> stretches = new OrderedOutput<>(this::write);
  private int crc;
  private int length;

  /** What takes time to get and can be used again. */
  private static final class Compressor {
    final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    final ByteArray plain = new ByteArray(STRETCH_BYTES + (STRETCH_BYTES >> 3));
    final ByteArray scratch = new ByteArray(STRETCH_BYTES / 4);

    DeflatedPages compress(List<Object> members, Consumer<ByteArray> writer) {
      plain.length = 0;
      writer.accept(plain);
      deflater.reset();
      deflater.setInput(plain.bytes, 0, plain.length);
      scratch.length = 0;
      do {
        scratch.reserve(Math.max(1 << 12, plain.length / 4));
        int room = scratch.bytes.length - scratch.length;
        scratch.length +=
            deflater.deflate(scratch.bytes, scratch.length, room, Deflater.FULL_FLUSH);
      } while (scratch.length == scratch.bytes.length);
      CRC32 plainCrc = new CRC32();
      plainCrc.update(plain.bytes, 0, plain.length);
      return new DeflatedPages(
          List.copyOf(members),
          scratch.toArray(),
          (int) plainCrc.getValue(),
          Crc32Combination.shift(plain.length),
          plain.length);
    }
  }

  GzipMember(OutputStream out) {
    this.out = out;
    chunk.add(HEADER);
  }

  void add(DeflatedPages known) throws IOException {
    stretches.add(known);
  }

  /** Adds a stretch that any thread may make, with {@link #compress}. */
  void add(Callable<DeflatedPages> maker) throws IOException {
    stretches.add(maker);
  }

  /** Compresses, on any thread, what the writer adds: the members, see {@link DeflatedPages}. */
  DeflatedPages compress(List<Object> members, Consumer<ByteArray> writer) {
    Compressor free = FREE.poll();
    Compressor own = free == null ? new Compressor() : free;
    try {
      return own.compress(members, writer);
    } finally {
      if (!FREE.offer(own)) {
        own.deflater.end();
      }
    }
  }

  private void write(DeflatedPages pages) throws IOException {
    chunk.add(pages.deflated());
    if (chunk.length >= CHUNK_BYTES) {
      flushChunk();
    }
    crc = Crc32Combination.combine(crc, pages.crcShift(), pages.crc());
    length += pages.plainLength();
  }

  private void flushChunk() throws IOException {
    out.write(chunk.bytes, 0, chunk.length);
    chunk.length = 0;
  }

  /** Ends the member, without closing what it is written to. */
  void finish() throws IOException {
    stretches.flush();
    chunk.add(LAST_BLOCK);
    addInt(crc);
    addInt(length);
    flushChunk();
  }

  private void addInt(int value) {
    for (int i = 0; i < Integer.SIZE; i += Byte.SIZE) {
      chunk.add(value >>> i);
    }
  }

  /** Forgets what was not written. */
  @Override
  public void close() {
    stretches.abandon();
  }
}
