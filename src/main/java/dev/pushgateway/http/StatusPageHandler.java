package dev.pushgateway.http;

import dev.pushgateway.exposition.FamilyBlock;
import dev.pushgateway.exposition.Labels;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.MetricStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /} and {@code GET /status}: what was pushed, as a page of HTML without any script.
 *
 * <p>Shows so much and no more: {@value #MAX_GROUPS} groups, {@value #MAX_METRICS} metrics of each
 * family, {@value #MAX_LINES} metrics in all; and says what it leaves out.
 */
final class StatusPageHandler implements Endpoint {
  private static final int MAX_GROUPS = 1_000;
  private static final int MAX_METRICS = 50;
  private static final int MAX_LINES = 20_000;
  private static final int MAX_TEXT_LENGTH = 4_000;
  private static final int OK = 200;

  /** Nothing but what comes from this file: no script, no picture, no form to elsewhere. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private static final String STYLE =
      """
      :root{color-scheme:light dark}
      body{font:16px/1.45 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem}
      table{border-collapse:collapse}td,th{padding:.1rem .8rem .1rem 0;text-align:left;vertical-align:top}
      code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
      details{border-top:1px solid #8886;padding:.4rem 0}details details{margin-left:1rem}
      .failed{color:#c00;font-weight:bold}.dim{opacity:.7}
      @media (prefers-color-scheme:dark){.failed{color:#f77}}
      """;

  private final HttpOptions options;
  private final Backend backend;

  StatusPageHandler(HttpOptions options, Backend backend) {
    this.options = options;
    this.backend = backend;
  }

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws IOException {
    response.setStatus(OK);
    response.setContentType("text/html; charset=utf-8");
    response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cache-Control", "no-cache");
    if (request.getMethod().equals("HEAD")) {
      return;
    }
    Writer page =
        new BufferedWriter(
            new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
    new Page(page).write(rootOf(path.raw()));
    page.flush();
  }

  /** From the page to the root of the gateway, wherever a proxy may have put it. */
  private String rootOf(String rawPath) {
    if (!options.externalPathPrefix().isEmpty()) {
      return options.externalPathPrefix();
    }
    if (rawPath.endsWith("/status/")) {
      return "..";
    }
    String prefix = options.routePrefix();
    boolean slashIsMissing = !prefix.isEmpty() && rawPath.endsWith(prefix);
    return slashIsMissing ? "." + prefix.substring(prefix.lastIndexOf('/')) : ".";
  }

  /** One page in the making. */
  private final class Page {
    private final Writer out;
    private int linesLeft = MAX_LINES;

    Page(Writer out) {
      this.out = out;
    }

    void write(String root) throws IOException {
      out.write("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
      out.write("<meta name=\"viewport\" content=\"width=device-width\">");
      out.write("<title>Pushgateway</title><style>");
      out.write(STYLE);
      out.write("</style></head><body><h1>Pushgateway</h1><p>");
      link(root + options.telemetryPath(), "Metrics");
      link(root + "/api/v1/metrics", "Groups as JSON");
      link(root + "/api/v1/status", "Status as JSON");
      out.write("</p>");
      writeGroups();
      writeStatus();
      out.write("</body></html>\n");
    }

    private void link(String target, String text) throws IOException {
      out.write("<a href=\"");
      text(target);
      out.write("\">" + text + "</a> ");
    }

    private void writeGroups() throws IOException {
      Optional<String> notReadyReason = backend.notReadyReason();
      Optional<MetricStore> store = backend.store();
      if (notReadyReason.isPresent() || store.isEmpty()) {
        out.write("<p class=\"failed\">Not ready: ");
        text(notReadyReason.orElse("starting"));
        out.write("</p>");
        return;
      }
      List<Group> groups = store.get().groups();
      out.write("<h2>" + groups.size() + (groups.size() == 1 ? " group" : " groups") + "</h2>");
      if (groups.size() > MAX_GROUPS) {
        out.write("<p>Only the first " + MAX_GROUPS + " are shown; the JSON has all.</p>");
      }
      for (Group group : groups.subList(0, Math.min(MAX_GROUPS, groups.size()))) {
        writeGroup(group);
      }
    }

    private void writeGroup(Group group) throws IOException {
      out.write("<details><summary>");
      for (Map.Entry<String, String> label : group.key().jobFirst().entrySet()) {
        out.write("<code>");
        text(label.getKey() + "=\"" + label.getValue() + "\"");
        out.write("</code> ");
      }
      if (!group.lastPushSuccessful()) {
        out.write("<span class=\"failed\">last push failed at ");
        out.write(GroupJson.timestamp(group.failureTimeNanos()) + "</span>");
      }
      out.write("<br><span class=\"dim\">last pushed: ");
      long pushed = group.pushTimeNanos();
      out.write((pushed == 0 ? "never" : GroupJson.timestamp(pushed)) + "</span></summary>");
      for (Group.Family family : group.families()) {
        writeFamily(family.block(), GroupJson.timestamp(family.timeNanos()));
      }
      out.write("</details>");
    }

    private void writeFamily(FamilyBlock family, String time) throws IOException {
      out.write("<details><summary><code>");
      text(family.name());
      out.write("</code> <span class=\"dim\">" + family.type().name() + ", " + time + "</span> ");
      text(family.help() == null ? "" : family.help());
      out.write("</summary><table>");
      int shown = Math.min(family.size(), Math.min(MAX_METRICS, linesLeft));
      linesLeft -= shown;
      for (int i = 0; i < shown; i++) {
        Labels labels = family.metric(i).labels();
        out.write("<tr><td><code>");
        text(labels.toString());
        out.write("</code></td><td><code>");
        lines(family, i);
        out.write("</code></td></tr>");
      }
      out.write("</table>");
      if (shown < family.size()) {
        out.write("<p>" + (family.size() - shown) + " more metrics are not shown.</p>");
      }
      out.write("</details>");
    }

    /** A number as it is; of a summary or a histogram, the lines that a scrape has. */
    private void lines(FamilyBlock family, int index) throws IOException {
      int from = family.textStart(index);
      int to = family.textStart(index + 1);
      String lines = new String(family.text(), from, to - from, StandardCharsets.UTF_8).strip();
      if (family.type().isNumber()) {
        text(lines.substring(lines.lastIndexOf(' ') + 1));
        return;
      }
      for (String line : cut(lines).split("\n")) {
        text(line);
        out.write("<br>");
      }
    }

    private void writeStatus() throws IOException {
      out.write("<h2>Status</h2><table><tr><th>Started</th><td>");
      out.write(options.startTime() + "</td></tr>");
      rows(options.buildInformation());
      out.write("</table><h2>Flags</h2><table>");
      rows(options.flags());
      out.write("</table>");
    }

    private void rows(Map<String, String> map) throws IOException {
      for (Map.Entry<String, String> entry : map.entrySet()) {
        out.write("<tr><th>");
        text(entry.getKey());
        out.write("</th><td><code>");
        text(entry.getValue());
        out.write("</code></td></tr>");
      }
    }

    /** Writes text so that it stays text, in an element as well as in a quoted attribute. */
    private void text(String text) throws IOException {
      String shown = cut(text);
      for (int i = 0; i < shown.length(); i++) {
        char c = shown.charAt(i);
        switch (c) {
          case '<' -> out.write("&lt;");
          case '>' -> out.write("&gt;");
          case '&' -> out.write("&amp;");
          case '"' -> out.write("&quot;");
          case '\'' -> out.write("&#39;");
          default -> out.write(c);
        }
      }
    }

    private static String cut(String text) {
      return text.length() <= MAX_TEXT_LENGTH ? text : text.substring(0, MAX_TEXT_LENGTH) + "…";
    }
  }
}
