package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.SeriesOrder;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.TextBytes;
import java.util.List;

/**
 * The limits on the numbers and lengths in one push; 0 stands for no limit.
 *
 * <p>The limits are checked after a push has been parsed. They do not bound memory: the limits on
 * the body and on the text made from it do. The check takes one or two comparisons for each metric.
 *
 * @param maxSeries lines that the push has in a text scrape
 * @param maxLabels labels of one series, including those of its group and {@code instance}
 * @param maxNameBytes length of a family's or a label's name
 * @param maxValueBytes length of a label value, with the escapes of the text format
 * @param maxHelpBytes length of a help text
 * @param maxBuckets lines of one histogram or summary; each becomes an object in a listing
 */
public record SeriesLimits(
    long maxSeries,
    long maxLabels,
    long maxNameBytes,
    long maxValueBytes,
    long maxHelpBytes,
    long maxBuckets) {

  /** Limits nothing. */
  public static final SeriesLimits NONE = new SeriesLimits(0, 0, 0, 0, 0, 0);

  /** The length of {@code a 1} and the line feed. */
  private static final int SHORTEST_LINE = 4;

  public SeriesLimits {
    maxSeries = orNone(maxSeries);
    maxLabels = orNone(maxLabels);
    maxNameBytes = orNone(maxNameBytes);
    maxValueBytes = orNone(maxValueBytes);
    maxHelpBytes = orNone(maxHelpBytes);
    maxBuckets = orNone(maxBuckets);
  }

  private static long orNone(long limit) {
    return limit == 0 ? Long.MAX_VALUE : limit;
  }

  /**
   * Checks the families of one push.
   *
   * @throws TooLargeException for the first family over a limit
   */
  public void check(List<FamilyBlock> families) throws TooLargeException {
    long series = 0;
    for (FamilyBlock family : families) {
      series += family.seriesCount();
      checkHeader(family);
      checkMetrics(family);
    }
    if (series > maxSeries) {
      throw tooLarge("the push has " + series + " series", maxSeries, "series");
    }
  }

  private void checkHeader(FamilyBlock family) throws TooLargeException {
    String name = family.name();
    if (isLonger(name, maxNameBytes)) {
      throw tooLong("name", name, family, maxNameBytes, "name-bytes");
    }
    if (family.help() != null && isLonger(family.help(), maxHelpBytes)) {
      throw tooLong("help text", family.help(), family, maxHelpBytes, "help-bytes");
    }
  }

  private static boolean isLonger(String text, long bytes) {
    return text.length() > bytes
        || text.length() * 3L > bytes && TextLines.utf8(text).length > bytes;
  }

  private static TooLargeException tooLong(
      String what, String text, FamilyBlock family, long limit, String flag) {
    int length = TextLines.utf8(text).length;
    String found =
        String.format(
            "the %s of metric family %s has %d bytes", what, shown(family.name()), length);
    return tooLarge(found, limit, flag);
  }

  private static TooLargeException tooLarge(String found, long limit, String flag) {
    return new TooLargeException(found + "; the limit is " + limit + " (--push.max-" + flag + ")");
  }

  private void checkMetrics(FamilyBlock family) throws TooLargeException {
    long shortEnough = Math.min(maxNameBytes, maxValueBytes);
    for (int i = 0; i < family.size(); i++) {
      if (family.labelCount(i) > maxLabels) {
        String owner = "a series of metric family " + shown(family.name());
        throw tooLarge(owner + " has " + family.labelCount(i) + " labels", maxLabels, "labels");
      }
      int length = family.textStart(i + 1) - family.textStart(i);
      if (length > shortEnough) {
        checkLabels(family, i);
      }
      if (length / SHORTEST_LINE > maxBuckets && family.lineCount(i) > maxBuckets) {
        String owner = "a " + family.type().words() + " of metric family " + shown(family.name());
        throw tooLarge(owner + " has " + family.lineCount(i) + " lines", maxBuckets, "buckets");
      }
    }
  }

  private void checkLabels(FamilyBlock family, int metric) throws TooLargeException {
    byte[] text = family.text();
    int at = family.labelCount(metric) == 0 ? 0 : family.labelsStart(metric);
    for (int i = 0; i < family.labelCount(metric); i++) {
      int value = SeriesOrder.valueStart(text, at);
      int end = SeriesOrder.closingQuote(text, value);
      if (value - 2 - at > maxNameBytes) {
        throw labelTooLong("name", value - 2 - at, maxNameBytes, family, at, value - 2);
      }
      if (end - value > maxValueBytes) {
        throw labelTooLong("value", end - value, maxValueBytes, family, at, value - 2);
      }
      at = end + 2;
    }
  }

  private static TooLargeException labelTooLong(
      String what, int length, long limit, FamilyBlock family, int nameFrom, int nameTo) {
    String label = TextBytes.quote(family.text(), nameFrom, nameTo);
    return tooLarge(
        String.format(
            "the %s of label %s of metric family %s has %d bytes",
            what, label, shown(family.name()), length),
        limit,
        what + "-bytes");
  }

  private static String shown(String name) {
    byte[] bytes = TextLines.utf8(name);
    return TextBytes.quote(bytes, 0, bytes.length);
  }
}
