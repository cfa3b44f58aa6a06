package dev.pushgateway.page;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.listing.GroupJson;
import dev.pushgateway.listing.GroupPager;
import dev.pushgateway.listing.ListingQuery;
import dev.pushgateway.request.QueryTime;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.Group.Family;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes the groups with the latest pushes as HTML, for browsers without scripts. Writes at most
 * {@value #MAX_GROUPS} groups, {@value #MAX_METRICS} metrics of each family, and {@value
 * #MAX_METRICS_IN_ALL} metrics altogether. The page says what is left out.
 *
 * <p>For one page; not thread-safe.
 */
final class HtmlGroups {
  private static final int MAX_GROUPS = 50;
  private static final int MAX_METRICS = 20;
  private static final int MAX_METRICS_IN_ALL = 300;
  private static final int MAX_TEXT_LENGTH = 1_000;

  private final Appendable out;
  private final QueryTime time;
  private int metricsLeft = MAX_METRICS_IN_ALL;

  HtmlGroups(Appendable out, QueryTime time) {
    this.out = out;
    this.time = time;
  }

  void write(List<Group> groups) throws IOException {
    if (groups.size() > MAX_GROUPS) {
      out.append("<p>The " + MAX_GROUPS + " groups pushed last, of " + groups.size() + ":</p>\n");
    }
    ListingQuery latest = ListingQuery.latest(MAX_GROUPS);
    new GroupPager(groups, latest, time).list(listed -> write(listed.group()));
  }

  private void write(Group group) throws IOException {
    out.append("<details><summary>");
    for (Map.Entry<String, String> label : group.key().jobFirst().entrySet()) {
      out.append("<code>");
      text(label.getKey() + "=\"" + label.getValue() + "\"");
      out.append("</code> ");
    }
    long pushed = group.pushTimeNanos();
    out.append(pushed == 0 ? "never pushed" : "pushed at " + GroupJson.timestamp(pushed));
    if (!group.lastPushSuccessful()) {
      out.append(", <strong>last push failed at ");
      out.append(GroupJson.timestamp(group.failureTimeNanos())).append("</strong>");
    }
    out.append("</summary>\n");
    for (Family family : group.families()) {
      write(family.block());
    }
    out.append("</details>\n");
  }

  private void write(FamilyBlock family) throws IOException {
    time.step();
    out.append("<h4>");
    text(family.name());
    out.append("</h4><p>" + family.type().name() + ". ");
    text(family.help() == null ? "" : family.help());
    out.append("</p><pre>");
    int shown = Math.min(family.size(), Math.min(MAX_METRICS, metricsLeft));
    metricsLeft -= shown;
    for (int i = 0; i < shown; i++) {
      int from = family.textStart(i);
      int length = Math.min(family.textStart(i + 1) - from, MAX_TEXT_LENGTH);
      text(new String(family.text(), from, length, StandardCharsets.UTF_8));
    }
    out.append("</pre>");
    if (shown < family.size()) {
      out.append("<p>" + (family.size() - shown) + " more metrics are not shown.</p>");
    }
    out.append("\n");
  }

  private void text(String text) throws IOException {
    boolean isLong = text.length() > MAX_TEXT_LENGTH;
    out.append(Html.escape(isLong ? text.substring(0, MAX_TEXT_LENGTH) + "…" : text));
  }
}
