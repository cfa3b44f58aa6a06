package dev.pushgateway.page;

import dev.pushgateway.request.Endpoint;
import dev.pushgateway.request.EntityTags;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.Responses;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.zip.CRC32;

/** {@code GET /static/…}: one file of the page, read at the first request and kept. */
public final class StaticHandler implements Endpoint {
  private final PageFile file;

  /** {@code null} until the first request. Two first requests may both read the file. */
  private volatile Content content;

  private record Content(byte[] bytes, String tag) {}

  public StaticHandler(PageFile file) {
    this.file = file;
  }

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws IOException {
    if (content == null) {
      byte[] bytes = file.read();
      content = new Content(bytes, EntityTags.weak(checksum(bytes)));
    }
    file.setHeaders(response);
    if (EntityTags.isAnswered(request, response, content.tag())) {
      return;
    }
    response.setContentLength(content.bytes().length);
    Responses.body(request, response, out -> out.write(content.bytes()));
  }

  private static String checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return bytes.length + "-" + Long.toHexString(crc.getValue());
  }
}
