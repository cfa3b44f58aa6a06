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
 * One gzip member, joined from stretches that several threads compress separately.
 *
 * <pre>
 *   header | stretch | stretch | … | empty last block | CRC-32 | length
 * </pre>
 *
 * <p>Not thread-safe: use it on the thread that created it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
final class GzipMember implements AutoCloseable {
  /** Deflate, no flags, no time, no extra flags, operating system unknown. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  /** An empty last block with fixed codes. */
  private static final byte[] LAST_BLOCK = {3, 0};

  /**
   * The maximum length of stretches that are joined into one write. A compressed stretch usually
   * has about 16 KiB.
   */
  private static final int CHUNK_BYTES = 64 << 10;

  private static final int PLAIN_BYTES = 144 << 10;
  private static final int SCRATCH_BYTES = 64 << 10;

  /** The length, before compression, above which a stretch takes no further family. */
  static final int STRETCH_BYTES = 128 << 10;

  /** Idle compressors: at most two for each thread that compresses one scrape. */
  private static final Queue<Compressor> FREE =
      new ArrayBlockingQueue<>(2 * (OrderedOutput.HELPERS + 1));

  private final OutputStream out;
  private final ByteArray chunk = new ByteArray(CHUNK_BYTES);
  private final OrderedOutput<DeflatedPages> stretches = new OrderedOutput<>(this::write);
  private int crc;
  private int length;

  /** A compressor with its buffers. Reused, because creating it takes time. */
  private static final class Compressor {
    final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private ByteArray plain = new ByteArray(PLAIN_BYTES);
    private ByteArray scratch = new ByteArray(SCRATCH_BYTES);

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

    /** Frees buffers that have grown for an unusually long stretch. */
    void shrink() {
      plain = plain.bytes.length > PLAIN_BYTES ? new ByteArray(PLAIN_BYTES) : plain;
      scratch = scratch.bytes.length > SCRATCH_BYTES ? new ByteArray(SCRATCH_BYTES) : scratch;
    }
  }

  GzipMember(OutputStream out) {
    this.out = out;
    chunk.add(HEADER);
  }

  void add(DeflatedPages known) throws IOException {
    stretches.add(known, 0);
  }

  /** Adds a stretch of about 64 KiB. Any thread may make it with {@link #compress}. */
  void add(Callable<DeflatedPages> maker) throws IOException {
    add(maker, CHUNK_BYTES);
  }

  /**
   * Adds a stretch. Any thread may make it with {@link #compress}.
   *
   * @param plainBytes its length before compression, or more
   */
  void add(Callable<DeflatedPages> maker, int plainBytes) throws IOException {
    stretches.add(maker, plainBytes);
  }

  /** Compresses a piece of a long page on this thread, and adds it. */
  void addNow(ByteArray piece) throws IOException {
    DeflatedPages made = compress(List.of(), plain -> plain.add(piece.bytes, 0, piece.length));
    stretches.add(made, made.deflated().length);
  }

  /**
   * Compresses the bytes that a writer adds. Any thread may call this.
   *
   * @param members see {@link DeflatedPages}
   */
  DeflatedPages compress(List<Object> members, Consumer<ByteArray> writer) {
    Compressor free = FREE.poll();
    Compressor own = free == null ? new Compressor() : free;
    try {
      return own.compress(members, writer);
    } finally {
      own.shrink();
      if (!FREE.offer(own)) {
        own.deflater.end();
      }
    }
  }

  private void write(DeflatedPages pages) throws IOException {
    byte[] deflated = pages.deflated();
    if (chunk.length + deflated.length > CHUNK_BYTES) {
      flushChunk();
    }
    if (deflated.length > CHUNK_BYTES) {
      out.write(deflated, 0, deflated.length);
    } else {
      chunk.add(deflated);
    }
    crc = Crc32Combination.combine(crc, pages.crcShift(), pages.crc());
    length += pages.plainLength();
  }

  private void flushChunk() throws IOException {
    out.write(chunk.bytes, 0, chunk.length);
    chunk.length = 0;
  }

  /** Ends the member, without closing the stream. */
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

  /** Drops all stretches that have not been written. */
  @Override
  public void close() {
    stretches.abandon();
  }
}
