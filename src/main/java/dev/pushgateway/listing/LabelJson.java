package dev.pushgateway.listing;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pushgateway.block.TextLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Copies labels from the text of a scrape into JSON without intermediate strings: values may be
 * long.
 */
final class LabelJson {
  private LabelJson() {}

  /**
   * Returns a label name.
   *
   * @param from start of the name, or of its quote
   * @param valueFrom start of the value after the name
   */
  static String name(byte[] text, int from, int valueFrom) {
    boolean isQuoted = text[from] == '"';
    return TextLines.unescape(text, isQuoted ? from + 1 : from, valueFrom - (isQuoted ? 3 : 2));
  }

  /**
   * Writes a label value.
   *
   * <p>The text format and JSON escape quotes, backslashes and line feeds alike. JSON must also
   * escape other control characters.
   *
   * @param text has the value at {@code [from, to)}, with the escapes of the text format
   */
  static void writeValue(JsonGenerator json, byte[] text, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      if (text[i] >= 0 && text[i] < ' ') {
        InputStream plain = new Unescaped(text, from, to);
        json.writeString(new InputStreamReader(plain, StandardCharsets.UTF_8), -1);
        return;
      }
    }
    json.writeRawUTF8String(text, from, to - from);
  }

  /** Reads a value and removes the escapes of the text format. */
  private static final class Unescaped extends InputStream {
    private final byte[] text;
    private final int to;
    private int at;

    Unescaped(byte[] text, int from, int to) {
      this.text = text;
      this.at = from;
      this.to = to;
    }

    @Override
    public int read() {
      if (at == to) {
        return -1;
      }
      byte b = text[at++];
      if (b == '\\') {
        b = text[at++];
        b = b == 'n' ? (byte) '\n' : b;
      }
      return b & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int count) {
      int done = 0;
      while (done < count && at < to) {
        target[from + done++] = (byte) read();
      }
      return done == 0 && count > 0 ? -1 : done;
    }
  }
}
