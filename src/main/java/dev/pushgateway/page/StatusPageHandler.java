package dev.pushgateway.page;

import dev.pushgateway.request.Backend;
import dev.pushgateway.request.ClientConnection;
import dev.pushgateway.request.Endpoint;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.request.QueryEndedException;
import dev.pushgateway.request.QueryTime;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Responses;
import dev.pushgateway.store.MetricStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * {@code GET /} and {@code GET /status}: the web page. The page is a template in which three places
 * are filled in: the path to the gateway's root, the path of scrapes, and some groups for browsers
 * without scripts. The page fetches all other data from the API.
 */
public final class StatusPageHandler implements Endpoint {
  private static final String ROOT = "{{root}}";
  private static final String TELEMETRY = "{{telemetry}}";
  private static final String GROUPS = "{{groups}}";

  private final HttpOptions options;
  private final Backend backend;

  /** {@code null} until the first request. Two first requests may both read the file. */
  private volatile String template;

  public StatusPageHandler(HttpOptions options, Backend backend) {
    this.options = options;
    this.backend = backend;
  }

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws RequestRefusedException, IOException {
    if (template == null) {
      byte[] file = PageFile.INDEX.read();
      template = new String(file, StandardCharsets.UTF_8);
    }
    PageFile.INDEX.setHeaders(response);
    String root = root(path.raw(), request.getServletContext().getContextPath());
    QueryTime time = new QueryTime(options.queryTimeout(), ClientConnection.of(request));
    try {
      Responses.body(request, response, out -> write(time.uncounted(out), root, time));
    } catch (QueryEndedException e) {
      throw RequestRefusedException.unavailable(e.getMessage());
    }
  }

  /**
   * Returns the relative address of the gateway's root, which is right behind any proxy. Without a
   * slash at the end.
   */
  private String root(String rawPath, String contextPath) {
    if (!options.externalPathPrefix().isEmpty()) {
      return options.externalPathPrefix();
    }
    String prefix = options.routePrefix();
    if (rawPath.isEmpty()) {
      return lastSegment(contextPath);
    }
    if (rawPath.equals(prefix)) {
      return lastSegment(prefix);
    }
    return rawPath.equals(prefix + "/status/") ? ".." : ".";
  }

  /** Returns the relative address that leads from {@code /a/b} to {@code /a/b/}. */
  private static String lastSegment(String path) {
    return "." + path.substring(path.lastIndexOf('/'));
  }

  private void write(OutputStream out, String root, QueryTime time) throws IOException {
    Writer page = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    String telemetryPath = options.telemetryPath().substring(1);
    String filled =
        template.replace(ROOT, Html.escape(root)).replace(TELEMETRY, Html.escape(telemetryPath));
    int groupsAt = filled.indexOf(GROUPS);
    page.write(filled, 0, groupsAt);
    writeGroups(page, time);
    page.write(filled.substring(groupsAt + GROUPS.length()));
    page.flush();
  }

  private void writeGroups(Writer page, QueryTime time) throws IOException {
    Optional<String> notReadyReason = backend.notReadyReason();
    Optional<MetricStore> store = backend.store();
    if (notReadyReason.isPresent() || store.isEmpty()) {
      String reason = notReadyReason.orElse("it is starting");
      page.write("<p>The gateway is not ready: " + Html.escape(reason) + "</p>");
      return;
    }
    new HtmlGroups(page, time).write(store.get().groups());
  }
}
