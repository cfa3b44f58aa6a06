package dev.pushgateway.contract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * A response.
 *
 * @param headers by their names in lower case
 * @param body without its transfer encoding
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {
  /** The value of a header; empty if there is none. */
  public String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /** The body as text, unpacked if it came as gzip. */
  public String text() {
    if (!header("Content-Encoding").equals("gzip")) {
      return new String(body, StandardCharsets.UTF_8);
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return status + " " + headers + "\n" + text();
  }
}
