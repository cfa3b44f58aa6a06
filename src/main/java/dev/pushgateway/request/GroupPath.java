package dev.pushgateway.request;

import static dev.pushgateway.request.RequestRefusedException.badRequest;

import dev.pushgateway.bytes.Utf8;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the grouping key from the path of a push or a deletion: {@code
 * job[@base64]/JOB{/LABEL[@base64]/VALUE}}.
 *
 * <p>If a label is given twice, its last value counts. A label {@code job} after the job is
 * ignored.
 *
 * <p>An empty segment is often an unset variable of a script. The request must not reach another
 * group. An empty segment in place of a name is dropped. An empty segment in place of the job or a
 * value is refused, except at the end of the path: there it is an empty value.
 *
 * @param utf8Names whether label names may be any UTF-8 text
 * @param segmentsBefore number of segments before {@code job}
 */
public record GroupPath(boolean utf8Names, int segmentsBefore) {
  public static final String JOB = GroupingKey.JOB;
  static final String BASE64_SUFFIX = "@base64";
  public static final String JOB_BASE64 = JOB + BASE64_SUFFIX;

  /**
   * Returns the grouping key of a path.
   *
   * <p>Encoded slashes need rules of their own, since the Go gateway treats each {@code %2F} as a
   * separator. If a label then has no value, the path is refused, as the Go gateway's conformance
   * cases require. An encoded slash at the end, in place of a name, is dropped like a plain one.
   * Any other encoded slash is part of its value if the path then names a group, and otherwise a
   * separator.
   *
   * @throws RequestRefusedException if the path names no group
   */
  public GroupingKey parse(RequestPath path) throws RequestRefusedException {
    if (!path.hasEncodedSlash()) {
      return parse(path.allAfter(segmentsBefore));
    }
    RequestPath split = path.splitAtEncodedSlashes();
    List<String> segments = split.after(segmentsBefore);
    if (segments.size() % 2 != 0) {
      if (segments.get(segments.size() - 1).isEmpty()) {
        return parse(path.withoutSlashesAtEnd());
      }
      throw badRequest(
          "odd number of components in the path once %2F is read as a slash; a value with a slash"
              + " in it goes after LABEL@base64");
    }
    // In "/metrics%2Fjob/x", segmentsBefore does not count the segments before the job.
    if (path.hasEncodedSlashWithin(segmentsBefore + 1) || !isPairs(path.after(segmentsBefore))) {
      return parse(split.allAfter(segmentsBefore));
    }
    try {
      return parse(path.allAfter(segmentsBefore));
    } catch (RequestRefusedException refusal) {
      return parse(split.allAfter(segmentsBefore));
    }
  }

  /** Parses {@code job | JOB | LABEL | VALUE | …}; segments may be empty. */
  private GroupingKey parse(List<String> segments) throws RequestRefusedException {
    int at = nextNotEmpty(segments, 0);
    boolean isBase64 = segments.get(at).equals(JOB_BASE64);
    String spelled = at + 1 < segments.size() ? segments.get(at + 1) : "";
    String job = isBase64 ? decodeBase64(JOB, spelled) : spelled;
    if (job.isEmpty() || isOnlySlashes(spelled)) {
      throw badRequest("the job is missing: the path is metrics/job/JOB{/LABEL/VALUE}");
    }
    Map<String, String> labels = parseLabels(segments, at + 2);
    labels.put(JOB, job);
    return new GroupingKey(Labels.of(labels));
  }

  /** Returns whether each name has a value. A slash may follow the job. */
  private static boolean isPairs(List<String> segments) {
    return segments.size() % 2 == 0 || segments.size() == 3 && segments.get(2).isEmpty();
  }

  private static int nextNotEmpty(List<String> segments, int from) {
    int at = from;
    while (at < segments.size() && segments.get(at).isEmpty()) {
      at++;
    }
    return at;
  }

  private static boolean isOnlySlashes(String segment) {
    return segment.chars().allMatch(c -> c == '/');
  }

  private Map<String, String> parseLabels(List<String> segments, int from)
      throws RequestRefusedException {
    Map<String, String> labels = new HashMap<>();
    int nameAt = nextNotEmpty(segments, from);
    while (nameAt < segments.size()) {
      String spelled = segments.get(nameAt);
      int valueAt = nameAt + 1;
      if (valueAt == segments.size()) {
        throw badRequest(
            "odd number of components after the job in the path: expected a value after "
                + SafeText.quote(spelled));
      }
      boolean isBase64 = spelled.endsWith(BASE64_SUFFIX);
      String name =
          isBase64 ? spelled.substring(0, spelled.length() - BASE64_SUFFIX.length()) : spelled;
      String label = labelName(name);
      String value = segments.get(valueAt);
      if (value.isEmpty() && valueAt < segments.size() - 1) {
        throw emptyValue(name);
      }
      labels.put(label, isBase64 ? decodeBase64(name, value) : value);
      nameAt = nextNotEmpty(segments, valueAt + 1);
    }
    return labels;
  }

  private static RequestRefusedException emptyValue(String name) {
    String label = SafeText.quote(name);
    String inPath = label.substring(1, label.length() - 1) + BASE64_SUFFIX + "/=";
    return badRequest(
        "the value of label " + label + " is empty; to mean an empty value, write " + inPath);
  }

  private String labelName(String spelled) throws RequestRefusedException {
    String name = utf8Names ? EscapingScheme.unescapeValues(spelled) : spelled;
    if (utf8Names ? name.isEmpty() : !Names.isLegacyLabelName(name)) {
      throw badRequest("improper label name " + SafeText.quote(spelled) + " in the path");
    }
    if (spelled.startsWith(Names.RESERVED_PREFIX) || name.startsWith(Names.RESERVED_PREFIX)) {
      throw badRequest(
          "improper label name "
              + SafeText.quote(spelled)
              + " in the path: names that start with two underscores are reserved");
    }
    return name;
  }

  /** Decodes Base64 with the URL-safe alphabet. Padding is optional, as in Go. */
  private static String decodeBase64(String label, String value) throws RequestRefusedException {
    int end = value.length();
    while (end > 0 && value.charAt(end - 1) == '=') {
      end--;
    }
    byte[] decoded;
    try {
      decoded = Base64.getUrlDecoder().decode(value.substring(0, end));
    } catch (IllegalArgumentException e) {
      throw badRequest(
          "invalid base64 encoding for label "
              + label
              + ": expected the URL-safe alphabet, found "
              + SafeText.quote(value));
    }
    if (!Utf8.isValid(decoded, 0, decoded.length)) {
      throw badRequest("invalid base64 encoding for label " + label + ": it is not UTF-8");
    }
    return new String(decoded, StandardCharsets.UTF_8);
  }
}
