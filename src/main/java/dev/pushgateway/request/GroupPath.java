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
 * Reads the grouping key out of the path of a push or a deletion: {@code
 * job[@base64]/JOB{/LABEL[@base64]/VALUE}}.
 *
 * <p>Of a label given twice the last value counts; a {@code job} among the labels never does.
 *
 * <p>An empty segment is often a variable that a script did not set. The request must not become
 * one about another group. An empty segment where a name is due is dropped, one where the job or a
 * value is due is refused. Only at the very end of the path it is an empty value.
 *
 * @param utf8Names whether names of labels may be any UTF-8 text
 * @param segmentsBefore how many segments of a path come before {@code job}
 */
public record GroupPath(boolean utf8Names, int segmentsBefore) {
  public static final String JOB = GroupingKey.JOB;
  static final String BASE64_SUFFIX = "@base64";
  public static final String JOB_BASE64 = JOB + BASE64_SUFFIX;

  /**
   * The grouping key that a path names.
   *
   * <p>Encoded slashes are a matter of their own, since the Go gateway takes all of them for
   * separators. What it refuses for that reason, a label without a value, we refuse, as its
   * conformance cases want it. One at the end, where a name is due, is dropped like a plain one. Of
   * the rest, a slash is part of the value if the path names a group like that, and a separator if
   * not.
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
    // In "/metrics%2Fjob/x", segments are no longer where they are counted.
    if (path.hasEncodedSlashWithin(segmentsBefore + 1) || !isPairs(path.after(segmentsBefore))) {
      return parse(split.allAfter(segmentsBefore));
    }
    try {
      return parse(path.allAfter(segmentsBefore));
    } catch (RequestRefusedException refusal) {
      return parse(split.allAfter(segmentsBefore));
    }
  }

  /** Reads {@code job | JOB | LABEL | VALUE | …}; some segments may be empty. */
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

  /** Returns whether each name has a value; a slash may follow the job. */
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

  /** Base64 with the URL-safe alphabet; padding is optional and ignored, as in Go. */
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
