package dev.pushgateway.exposition;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
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

  /** One name in so many ends a stretch. */
  private static final int NAMES_PER_STRETCH = 16;

  private final OutputStream out;
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final ByteArray plain = new ByteArray(MAX_STRETCH_BYTES + LARGE_BYTES);
  private final ByteArray scratch = new ByteArray(MAX_STRETCH_BYTES / 4);

  /** The stretch at hand: pages, and before the first page of a family what its header says. */
  private final List<Object> members = new ArrayList<>();

  private final List<MergedFamily> families = new ArrayList<>();
  private SeriesPage firstPage;
  private long estimate;
  private boolean keep;

  private int crc;
  private int length;

  GzipTextWriter(OutputStream out) throws IOException {
    this.out = out;
    out.write(HEADER);
  }

  /** Adds text that is not worth keeping. */
  void add(byte[] text) throws IOException {
    endStretch();
    plain.length = 0;
    plain.add(text);
    write(DeflatedPages.compress(members, plain, deflater, scratch));
  }

  /** Adds a family. */
  void add(MergedFamily family) throws IOException {
    SeriesPage[] pages = family.pages();
    long textLength = 0;
    for (FamilyBlock block : family.blockArray()) {
      textLength += block == null ? 0 : block.text().length;
    }
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
    DeflatedPages known = firstPage.deflated();
    if (known == null || !known.consistsOf(members)) {
      known = DeflatedPages.compress(members, plainStretch(), deflater, scratch);
      if (keep) {
        firstPage.deflated(known);
      }
    }
    write(known);
    members.clear();
    families.clear();
  }

  private ByteArray plainStretch() {
    plain.length = 0;
    int page = 0;
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i) instanceof SeriesPage seriesPage) {
        seriesPage.writeText(families.get(page++).blockArray(), plain);
      } else {
        plain.add(families.get(page).textHeader(families.get(page).name()));
      }
    }
    return plain;
  }

  private void write(DeflatedPages pages) throws IOException {
    out.write(pages.deflated());
    crc = Crc32Combination.combine(crc, pages.crc(), pages.plainLength());
    length += pages.plainLength();
  }

  /** Ends the gzip stream, without closing what it is written to. */
  void finish() throws IOException {
    endStretch();
    out.write(LAST_BLOCK);
    byte[] trailer = new byte[8];
    for (int i = 0; i < 4; i++) {
      trailer[i] = (byte) (crc >>> 8 * i);
      trailer[4 + i] = (byte) (length >>> 8 * i);
    }
    out.write(trailer);
  }

  /** Frees the compressor. */
  @Override
  public void close() {
    deflater.end();
  }
}
