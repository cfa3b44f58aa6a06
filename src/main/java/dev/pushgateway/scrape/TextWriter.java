package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.EscapingScheme;
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
  private TextWriter() {}

  /** Writes families in the given order; one without metrics is left out. */
  public static void write(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    try (PagedOutput output = new PagedOutput(out)) {
      for (MergedFamily family : families) {
        if (family.size() == 0) {
          continue;
        }
        if (needsEscaping(family, scheme)) {
          output.buffer.add(escaped(family, scheme));
          output.flushIfFull();
        } else {
          FamilyBlock[] blocks = family.blockArray();
          output.buffer.add(family.textHeader(family.name()));
          output.add(family.pages(), (page, to) -> page.writeText(blocks, to));
        }
      }
      output.end();
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
