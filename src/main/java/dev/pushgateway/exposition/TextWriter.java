package dev.pushgateway.exposition;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Writes text format 0.0.4, byte for byte as the Go gateway does.
 *
 * <p>Almost all of it is copied from blocks as it is. Only where names have to be escaped for the
 * reader is a family encoded anew.
 */
public final class TextWriter {
  private static final int BUFFER_BYTES = 64 << 10;

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;

  private TextWriter(OutputStream out) {
    this.out = out;
  }

  /** Writes families in the given order; one without metrics is left out. */
  public static void write(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    TextWriter writer = new TextWriter(out);
    for (MergedFamily family : families) {
      if (family.size() > 0) {
        writer.writeFamily(family, scheme);
      }
    }
    writer.flush();
  }

  /** Writes the same, compressed with gzip. */
  public static void writeGzip(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    try (GZIPOutputStream gzip = new GZIPOutputStream(out, BUFFER_BYTES)) {
      write(families, scheme, gzip);
    }
  }

  private void writeFamily(MergedFamily family, EscapingScheme scheme) throws IOException {
    if (scheme == EscapingScheme.ALLOW_UTF_8 || family.hasLegacyNames()) {
      writeHeader(family, family.name());
      writeLines(family);
    } else {
      writeHeader(family, escape(family.name(), scheme));
      writeEscapedLines(family, scheme);
    }
  }

  private void writeHeader(MergedFamily family, String name) throws IOException {
    ByteArray header = new ByteArray(256);
    byte[] nameBytes = TextLines.utf8(name);
    if (family.help() != null) {
      header.add(TextLines.utf8("# HELP "));
      TextLines.addName(header, nameBytes, 0, nameBytes.length);
      header.add(' ');
      byte[] help = TextLines.utf8(family.help());
      TextLines.addEscaped(header, help, 0, help.length, false);
      header.add('\n');
    }
    header.add(TextLines.utf8("# TYPE "));
    TextLines.addName(header, nameBytes, 0, nameBytes.length);
    header.add(' ');
    header.add(family.type().textName());
    header.add('\n');
    write(header.bytes, 0, header.length);
  }

  private void writeLines(MergedFamily family) throws IOException {
    int size = family.size();
    int position = 0;
    while (position < size) {
      FamilyBlock block = family.block(position);
      int first = family.metricAt(position);
      int next = first + 1;
      position++;
      // Neighbours in the scrape that are neighbours in their block are copied at once.
      while (position < size
          && family.block(position) == block
          && family.metricAt(position) == next) {
        next++;
        position++;
      }
      write(block.text(), block.textStart(first), block.textStart(next));
    }
  }

  private void writeEscapedLines(MergedFamily family, EscapingScheme scheme) throws IOException {
    for (int position = 0; position < family.size(); position++) {
      FamilyBlock block = family.block(position);
      FamilyBlock escaped = block.withNamesEscaped(family.metricAt(position), scheme);
      write(escaped.text(), 0, escaped.text().length);
    }
  }

  private static String escape(String name, EscapingScheme scheme) {
    return Names.isLegacyMetricName(name) ? name : scheme.escape(name);
  }

  private void write(byte[] bytes, int from, int to) throws IOException {
    int length = to - from;
    if (length > BUFFER_BYTES - buffered) {
      flush();
      if (length > BUFFER_BYTES / 2) {
        out.write(bytes, from, length);
        return;
      }
    }
    System.arraycopy(bytes, from, buffer, buffered, length);
    buffered += length;
  }

  private void flush() throws IOException {
    out.write(buffer, 0, buffered);
    buffered = 0;
  }
}
