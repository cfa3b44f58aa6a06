package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.model.EscapingScheme;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes text format 0.0.4, byte for byte as the Go gateway does.
 *
 * <p>Almost all text is copied from blocks. Only lines with names to escape are rewritten.
 */
public final class TextWriter implements ExpositionWriter {
  @Override
  public void write(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    try (PagedOutput output = new PagedOutput(out)) {
      for (MergedFamily family : families) {
        if (family.size() > 0) {
          TextPages format = TextPages.of(family, scheme);
          FamilyBlock[] blocks = family.blockArray();
          output.buffer.add(format.header(family));
          output.add(family.pages(), blocks, (page, to) -> format.writePage(page, blocks, to));
        }
      }
      output.finish();
    }
  }

  /** {@inheritDoc} Only compresses pages that are not kept compressed. */
  @Override
  public void writeGzip(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    try (GzipPageWriter writer = new GzipPageWriter(out)) {
      for (MergedFamily family : families) {
        if (family.size() > 0) {
          writer.add(family, TextPages.of(family, scheme));
        }
      }
      writer.finish();
    }
  }
}
