package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.DrainedBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes text format 0.0.4 compressed, and keeps the compressed stretches for the next scrape.
 *
 * <p>A stretch is a page of a large family, or several small families in a row. It is kept with its
 * first page. The next scrape reuses it if it still consists of the same pages. Only the names of
 * small families decide where their stretch ends. One family more or less therefore leaves most
 * other stretches unchanged. A long page is compressed in pieces and not kept.
 */
final class GzipPageWriter implements AutoCloseable {
  /** The minimum length of a family that has stretches of its own. */
  private static final int LARGE_BYTES = 16 << 10;

  /** On average, one of this many names starts a stretch. */
  private static final int NAMES_PER_STRETCH = 16;

  private final GzipMember gzip;

  /** The members of the current stretch, see {@link DeflatedPages}. */
  private List<Object> members = new ArrayList<>();

  private List<MergedFamily> families = new ArrayList<>();

  /** The format of all families in the stretch. */
  private TextPages format;

  private SeriesPage firstPage;

  /** An upper bound of the length of the current stretch. */
  private long stretchBytes;

  private boolean keep;

  /** Passes on long pages; {@code null} before the first one. */
  private DrainedBytes through;

  GzipPageWriter(OutputStream out) {
    gzip = new GzipMember(out);
  }

  /** Adds a family that has metrics. */
  void add(MergedFamily family, TextPages familyFormat) throws IOException {
    FamilyBlock[] blocks = family.blockArray();
    SeriesPage[] pages = family.pages();
    boolean large = family.textLength() + family.headerLength() >= LARGE_BYTES;
    boolean isUnlikeTheLast = family.isWorthKeeping() != keep || !familyFormat.equals(format);
    if (large || isUnlikeTheLast || startsStretch(family.name())) {
      endStretch();
    }
    keep = family.isWorthKeeping();
    format = familyFormat;
    for (int i = 0; i < pages.length; i++) {
      boolean isFirst = i == 0;
      if (pages[i].isLong(blocks)) {
        endStretch();
        addLong(family, pages[i], isFirst);
      } else {
        addToStretch(family, pages[i], isFirst);
        if (large || i + 1 < pages.length) {
          endStretch();
        }
      }
    }
    if (stretchBytes > GzipMember.STRETCH_BYTES) {
      endStretch();
    }
  }

  private void addToStretch(MergedFamily family, SeriesPage page, boolean isFirst) {
    if (members.isEmpty()) {
      firstPage = page;
    }
    if (isFirst) {
      members.add(family.shownHeader());
      stretchBytes += family.headerLength();
    }
    members.add(page);
    families.add(family);
    stretchBytes += page.length(family.blockArray());
  }

  private void addLong(MergedFamily family, SeriesPage page, boolean isFirst) throws IOException {
    if (through == null) {
      through = new DrainedBytes(gzip::addNow);
    }
    try {
      if (isFirst) {
        through.add(format.header(family));
      }
      format.writePage(page, family.blockArray(), through);
      through.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean startsStretch(String name) {
    return Math.floorMod(name.hashCode() * 0x9E3779B9 >>> 16, NAMES_PER_STRETCH) == 0;
  }

  private void endStretch() throws IOException {
    int bytes = (int) Math.min(stretchBytes, Integer.MAX_VALUE);
    stretchBytes = 0;
    if (members.isEmpty()) {
      return;
    }
    SeriesPage first = firstPage;
    TextPages stretchFormat = format;
    Optional<DeflatedPages> known =
        first.deflated(stretchFormat).filter(kept -> kept.members().equals(members));
    if (known.isPresent()) {
      gzip.add(known.get());
    } else {
      List<Object> stretchMembers = members;
      List<MergedFamily> stretchFamilies = families;
      boolean keeps = keep;
      gzip.add(
          () -> {
            DeflatedPages made =
                gzip.compress(
                    stretchMembers,
                    plain -> addPlain(stretchMembers, stretchFamilies, stretchFormat, plain));
            if (keeps) {
              first.keep(stretchFormat, made);
            }
            return made;
          },
          bytes);
    }
    members = new ArrayList<>();
    families = new ArrayList<>();
  }

  private static void addPlain(
      List<Object> members, List<MergedFamily> families, TextPages format, ByteArray plain) {
    int page = 0;
    for (Object member : members) {
      if (member instanceof SeriesPage seriesPage) {
        format.writePage(seriesPage, families.get(page++).blockArray(), plain);
      } else {
        plain.add(format.header(families.get(page)));
      }
    }
  }

  /** Ends the gzip stream, without closing the underlying one. */
  void finish() throws IOException {
    endStretch();
    gzip.finish();
  }

  /** Drops everything that has not been written. Call this in any case. */
  @Override
  public void close() {
    gzip.close();
  }
}
