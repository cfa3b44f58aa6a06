package dev.pushgateway.exposition;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes text format 0.0.4, byte for byte as the Go gateway does.
 *
 * <p>Almost all of it is copied from blocks as it is. Only where names have to be escaped for the
 * reader are lines rewritten.
 */
public final class TextWriter {
  /** Written to the stream at once; a page of a merged family is about as long. */
  private static final int CHUNK_BYTES = 64 << 10;

  private TextWriter() {}

  /** Writes families in the given order; one without metrics is left out. */
  public static void write(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    ByteArray chunk = new ByteArray(2 * CHUNK_BYTES);
    for (MergedFamily family : families) {
      if (family.size() == 0) {
        continue;
      }
      if (needsEscaping(family, scheme)) {
        chunk.add(escaped(family, scheme));
      } else {
        chunk.add(family.textHeader(family.name()));
        for (SeriesPage page : family.pages()) {
          page.writeText(family.blockArray(), chunk);
          flush(chunk, CHUNK_BYTES, out);
        }
      }
      flush(chunk, CHUNK_BYTES, out);
    }
    flush(chunk, 0, out);
  }

  private static void flush(ByteArray chunk, int atLeast, OutputStream out) throws IOException {
    if (chunk.length > atLeast) {
      out.write(chunk.bytes, 0, chunk.length);
      chunk.length = 0;
    }
  }

  /** Writes the same, compressed with gzip. Pages that were compressed before are not again. */
  public static void writeGzip(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    try (GzipTextWriter writer = new GzipTextWriter(out)) {
      for (MergedFamily family : families) {
        if (family.size() == 0) {
          continue;
        }
        if (needsEscaping(family, scheme)) {
          writer.add(escaped(family, scheme));
        } else {
          writer.add(family);
        }
      }
      writer.finish();
    }
  }

  private static boolean needsEscaping(MergedFamily family, EscapingScheme scheme) {
    return scheme != EscapingScheme.ALLOW_UTF_8 && !family.hasLegacyNames();
  }

  private static byte[] escaped(MergedFamily family, EscapingScheme scheme) {
    ByteArray text = new ByteArray(1024);
    text.add(family.textHeader(EscapedLines.shown(family.name(), scheme)));
    EscapedLines lines = new EscapedLines(scheme, text);
    for (SeriesPage page : family.pages()) {
      for (int i = 0; i < page.size(); i++) {
        lines.add(family.blockArray()[page.block(i)], page.metric(i));
      }
    }
    return text.toArray();
  }
}
