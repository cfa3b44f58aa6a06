package dev.pushgateway.request;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes the path of a group, so that {@link GroupPath} reads the same grouping key from it.
 *
 * <p>Values that a server or proxy might change, with slashes, dots or spaces, are written in
 * base64.
 */
public final class GroupPathWriter {
  private static final Pattern PLAIN = Pattern.compile("[\\w~-][\\w.~-]*");

  private GroupPathWriter() {}

  /** Returns the path relative to the root of the gateway: {@code metrics/job/x/instance/y}. */
  public static String write(GroupingKey key, boolean utf8Names) {
    StringBuilder path = new StringBuilder("metrics");
    for (Map.Entry<String, String> label : key.jobFirst().entrySet()) {
      path.append('/').append(name(label.getKey(), utf8Names));
      String value = label.getValue();
      if (PLAIN.matcher(value).matches()) {
        path.append('/').append(value);
      } else {
        path.append(GroupPath.BASE64_SUFFIX).append('/').append(base64(value));
      }
    }
    return path.toString();
  }

  private static String name(String name, boolean utf8Names) {
    boolean isReadAsItIs =
        !utf8Names
            || Names.isLegacyLabelName(name) && EscapingScheme.unescapeValues(name).equals(name);
    return isReadAsItIs ? name : EscapingScheme.VALUES.escape(name);
  }

  private static String base64(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return bytes.length == 0
        ? "=" // A segment must not be empty.
        : Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
