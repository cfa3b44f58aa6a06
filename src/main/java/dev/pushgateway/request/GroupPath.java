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
 * <p>Of a label given twice the last value counts; a {@code job} among the labels never does. A
 * slash after the job is nothing; one after a label's name is an empty value; one after a value is
 * a name without value, and so refused.
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
   * conformance cases want it. Of the rest, a slash is part of the value if the path names a group
   * like that, and a separator if not.
   */
  public GroupingKey parse(RequestPath path) throws RequestRefusedException {
    if (!path.hasEncodedSlash()) {
      return parse(path.after(segmentsBefore));
    }
    List<String> split = path.splitAtEncodedSlashes().after(segmentsBefore);
    if (split.size() % 2 != 0) {
      throw badRequest(
          "odd number of components in the path once %2F is read as a slash; a value with a slash"
              + " in it goes after LABEL@base64");
    }
    if (path.hasEncodedSlashWithin(segmentsBefore + 1)) {
      return parse(split); // "/metrics%2Fjob/x": segments are no longer where they are counted.
    }
    try {
      return parse(path.after(segmentsBefore));
    } catch (RequestRefusedException refusal) {
      return parse(split);
    }
  }

  private GroupingKey parse(List<String> segments) throws RequestRefusedException {
    boolean isBase64 = segments.get(0).equals(JOB_BASE64);
    String job = isBase64 ? decodeBase64(JOB, segments.get(1)) : segments.get(1);
    if (job.isEmpty()) {
      throw badRequest("job name is required: the path is metrics/job/JOB{/LABEL/VALUE}");
    }
    List<String> rest = segments.subList(2, segments.size());
    boolean slashAfterJob = rest.size() == 1 && rest.get(0).isEmpty();
    Map<String, String> labels = slashAfterJob ? new HashMap<>() : parseLabels(rest);
    labels.put(JOB, job);
    return new GroupingKey(Labels.of(labels));
  }

  private Map<String, String> parseLabels(List<String> segments) throws RequestRefusedException {
    if (segments.size() % 2 != 0) {
      throw badRequest(
          "odd number of components after the job in the path: expected a value after "
              + SafeText.quote(segments.get(segments.size() - 1)));
    }
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < segments.size(); i += 2) {
      String spelled = segments.get(i);
      boolean isBase64 = spelled.endsWith(BASE64_SUFFIX);
      String name =
          isBase64 ? spelled.substring(0, spelled.length() - BASE64_SUFFIX.length()) : spelled;
      String value = segments.get(i + 1);
      labels.put(labelName(name), isBase64 ? decodeBase64(name, value) : value);
    }
    return labels;
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
