package dev.pushgateway.exposition;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import java.util.zip.Deflater;

/**
 * Writes text format compressed, as one gzip member joined from stretches that are compressed
 * apart.
 *
 * <pre>
 *   header | stretch | stretch | … | empty last block | CRC-32 | length
 * </pre>
 *
 * <p>A stretch is a page of a large family, or several small families in a row. It is kept with its
 * first page, and found again there in the next scrape if it still consists of the same pages.
 * Where a stretch of small families ends depends on their names only, so that one family more or
 * less does not move all the others.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
final class GzipTextWriter implements AutoCloseable {
  /** Deflate, no flags, no time, no extra flags, operating system unknown. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  /** A last block with fixed codes and nothing in it. */
  private static final byte[] LAST_BLOCK = {3, 0};

  /** A page of at least this length is compressed by itself. */
  private static final int LARGE_BYTES = 16 << 10;

  private static final int MAX_STRETCH_BYTES = 128 << 10;

  /** Written to the stream at once: several stretches, which have some 16 KiB each. */
  private static final int CHUNK_BYTES = 64 << 10;

  /** One name in so many ends a stretch. */
  private static final int NAMES_PER_STRETCH = 16;

  /** Compressors of threads that help out, whichever writer they help. */
  private static final Queue<Compressor> FREE =
      new ArrayBlockingQueue<>(Math.max(1, OrderedOutput.HELPERS));

  private final OutputStream out;
  private final ByteArray chunk = new ByteArray(CHUNK_BYTES + (CHUNK_BYTES >> 1));
  private final OrderedOutput<DeflatedPages> pieces = new OrderedOutput<>(this::write);
  private final Thread owner = Thread.currentThread();
  private final Compressor compressor = new Compressor();

  /** The stretch at hand: pages, and before the first page of a family what its header says. */
  private List<Object> members = new ArrayList<>();

  /** The families of the pages. */
  private List<MergedFamily> families = new ArrayList<>();

  private SeriesPage firstPage;
  private long estimate;
  private boolean keep;

  private int crc;
  private int length;

  /** What takes time to get and can be used again. */
  private static final class Compressor implements AutoCloseable {
    final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    final ByteArray plain = new ByteArray(MAX_STRETCH_BYTES + LARGE_BYTES);
    final ByteArray scratch = new ByteArray(MAX_STRETCH_BYTES / 4);

    DeflatedPages compress(List<Object> members) {
      return DeflatedPages.compress(members, plain, deflater, scratch);
    }

    @Override
    public void close() {
      deflater.end();
    }
  }

  GzipTextWriter(OutputStream out) {
    this.out = out;
    chunk.add(HEADER);
  }

  /** Adds text that is not worth keeping. */
  void add(byte[] text) throws IOException {
    endStretch();
    pieces.flush();
    pieces.add(compress(List.of(), plain -> plain.add(text), compressor));
  }

  /** Adds a family. */
  void add(MergedFamily family) throws IOException {
    SeriesPage[] pages = family.pages();
    long textLength = family.textLength();
    boolean large = textLength >= LARGE_BYTES;
    if (large || family.isWorthKeeping() != keep || startsStretch(family.name())) {
      endStretch();
    }
    keep = family.isWorthKeeping();
    for (int i = 0; i < pages.length; i++) {
      if (members.isEmpty()) {
        firstPage = pages[i];
      }
      if (i == 0) {
        members.add(family.shownHeader());
      }
      members.add(pages[i]);
      families.add(family);
      if (large || i + 1 < pages.length) {
        endStretch();
      }
    }
    estimate += textLength;
    if (estimate > MAX_STRETCH_BYTES) {
      endStretch();
    }
  }

  private static boolean startsStretch(String name) {
    return Math.floorMod(name.hashCode() * 0x9E3779B9 >>> 16, NAMES_PER_STRETCH) == 0;
  }

  private void endStretch() throws IOException {
    estimate = 0;
    if (members.isEmpty()) {
      return;
    }
    SeriesPage first = firstPage;
    DeflatedPages known = first.deflated();
    if (known != null && known.consistsOf(members)) {
      pieces.add(known);
    } else {
      List<Object> stretchMembers = members;
      List<MergedFamily> stretchFamilies = families;
      boolean keeps = keep;
      pieces.add(
          () -> {
            DeflatedPages made =
                compress(stretchMembers, plain -> addText(stretchMembers, stretchFamilies, plain));
            if (keeps) {
              first.deflated(made);
            }
            return made;
          });
    }
    members = new ArrayList<>();
    families = new ArrayList<>();
  }

  /** On any thread. */
  private DeflatedPages compress(List<Object> stretch, Consumer<ByteArray> text) {
    if (Thread.currentThread() == owner) {
      return compress(stretch, text, compressor);
    }
    Compressor free = FREE.poll();
    Compressor own = free == null ? new Compressor() : free;
    try {
      return compress(stretch, text, own);
    } finally {
      if (!FREE.offer(own)) {
        own.close();
      }
    }
  }

  private static DeflatedPages compress(
      List<Object> stretch, Consumer<ByteArray> text, Compressor compressor) {
    compressor.plain.length = 0;
    text.accept(compressor.plain);
    return compressor.compress(stretch);
  }

  private static void addText(List<Object> members, List<MergedFamily> families, ByteArray plain) {
    int page = 0;
    for (Object member : members) {
      if (member instanceof SeriesPage seriesPage) {
        seriesPage.writeText(families.get(page++).blockArray(), plain);
      } else {
        plain.add(families.get(page).textHeader(families.get(page).name()));
      }
    }
  }

  private void write(DeflatedPages pages) throws IOException {
    chunk.add(pages.deflated());
    if (chunk.length >= CHUNK_BYTES) {
      flushChunk();
    }
    crc = pages.crcAfter(crc);
    length += pages.plainLength();
  }

  private void flushChunk() throws IOException {
    out.write(chunk.bytes, 0, chunk.length);
    chunk.length = 0;
  }

  /** Ends the gzip stream, without closing what it is written to. */
  void finish() throws IOException {
    endStretch();
    pieces.flush();
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

  /** Frees the compressor. */
  @Override
  public void close() {
    pieces.abandon();
    compressor.close();
  }
}
