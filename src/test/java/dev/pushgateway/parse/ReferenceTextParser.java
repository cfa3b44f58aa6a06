package dev.pushgateway.parse;

import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricFamily;
import dev.pushgateway.model.MetricType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text format once more, slow and plain: lines, regular expressions, strings and maps. A second
 * opinion on {@link TextParser}; says nothing about why it refuses.
 *
 * <p>Works on bytes as characters (ISO 8859-1), which become text in the end.
 */
final class ReferenceTextParser {
  private static final Pattern BLANKS = pattern("[ \t]*+");
  private static final String QUOTED = "(?:\"(?:[^\"\\\\\n]|\\\\[\"\\\\n])*+\")?+";
  private static final Pattern METRIC_NAME = pattern("(?:[a-zA-Z_:][a-zA-Z0-9_:]*+)?+" + QUOTED);
  private static final Pattern LABEL_NAME = pattern("(?:[a-zA-Z_][a-zA-Z0-9_]*+)?+" + QUOTED);
  private static final Pattern VALUE = pattern("\"(?:[^\"\\\\\n]|\\\\[\"\\\\n])*+\"");
  private static final Pattern WORD = pattern("[^ \t]*+");
  private static final Pattern REST = pattern(".*+");
  private static final Pattern HELP_TEXT = pattern("(?:[^\\\\]|\\\\[\"\\\\n])*+");
  private static final Pattern NUMBER =
      pattern("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");
  private static final Pattern TIMESTAMP = pattern("[ \t]++([+-]?[0-9]+)[ \t]*+");

  /** U+FEFF in UTF-8. */
  private static final String MARK = "\u00EF\u00BB\u00BF";

  /** The body is refused. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** A TYPE line comes behind what it is about. */
  private static final class Late extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final class Family {
    private MetricType type;
    private boolean typed;
    private String help;
    private final List<Metric> numbers = new ArrayList<>();
    private final Map<Labels, Lines> rich = new LinkedHashMap<>();

    private boolean isEmpty() {
      return numbers.isEmpty() && rich.isEmpty();
    }

    private MetricFamily toFamily(String name) {
      List<Metric> metrics = new ArrayList<>(numbers);
      rich.forEach((labels, lines) -> metrics.add(new Metric(labels, lines.value(type))));
      metrics.sort(Comparator.comparing(Metric::toString));
      return new MetricFamily(name, type, help, null, metrics);
    }
  }

  /** The lines of one summary or histogram. */
  private static final class Lines {
    private double sum;
    private double count;
    private final List<double[]> bounds = new ArrayList<>();

    private Metric.Value value(MetricType type) {
      return type == MetricType.SUMMARY ? summary() : histogram();
    }

    private Metric.Summary summary() {
      List<Metric.Quantile> quantiles =
          bounds.stream().map(b -> new Metric.Quantile(b[0], b[1])).toList();
      return new Metric.Summary(unsigned(count), sum, quantiles, null);
    }

    private Metric.Histogram histogram() {
      List<Metric.Bucket> buckets =
          bounds.stream()
              .map(b -> new Metric.Bucket(b[0], whole(b[1]), fraction(b[1]), null))
              .toList();
      return new Metric.Histogram(whole(count), fraction(count), sum, buckets, null, null);
    }

    private static boolean isWhole(double count) {
      return count < 0x1p64 && new BigDecimal(count).stripTrailingZeros().scale() <= 0;
    }

    private static long whole(double count) {
      return isWhole(count) ? unsigned(count) : 0;
    }

    private static double fraction(double count) {
      return isWhole(count) ? 0 : count;
    }
  }

  private static final String[] SUFFIXES = {"_sum", "_count", "_bucket", "_gsum", "_gcount"};

  /** By the bytes of their names. */
  private final Map<String, Family> families = new TreeMap<>();

  /** Types that are known in advance, by the bytes of the names of their families. */
  private final Map<String, MetricType> declared = new TreeMap<>();

  private boolean hasTimestamps;
  private boolean hasInvalidNames;
  private final boolean utf8Names;
  private String line = "";
  private int at;

  ReferenceTextParser(boolean utf8Names) {
    this.utf8Names = utf8Names;
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.DOTALL);
  }

  void parse(byte[] body) throws Refusal {
    List<String> lines = lines(new String(body, StandardCharsets.ISO_8859_1));
    try {
      parse(lines);
    } catch (Late e) {
      families.clear();
      hasTimestamps = false;
      hasInvalidNames = false;
      declareTypes(lines);
      parse(lines);
    }
    families.values().removeIf(Family::isEmpty);
  }

  private static List<String> lines(String all) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < all.length()) {
      int end = all.indexOf('\n', from);
      String line = all.substring(from, end < 0 ? all.length() : end);
      if (end >= 0 && line.endsWith("\r")) {
        line = line.substring(0, line.length() - 1);
      }
      while (line.startsWith(MARK)) {
        line = line.substring(MARK.length());
      }
      lines.add(line);
      from = end < 0 ? all.length() : end + 1;
    }
    return lines;
  }

  private void parse(List<String> lines) throws Refusal {
    for (String each : lines) {
      line = each;
      at = 0;
      take(BLANKS);
      if (at == line.length()) {
        continue;
      }
      if (line.charAt(at) == '#') {
        at++;
        comment();
      } else {
        sample();
      }
    }
  }

  private void declareTypes(List<String> lines) {
    Pattern typeLine =
        pattern("[ \t]*+#[ \t]*+TYPE[ \t]++(" + METRIC_NAME.pattern() + ")[ \t]++(.+)");
    for (String each : lines) {
      Matcher matcher = typeLine.matcher(each);
      if (matcher.matches()) {
        try {
          declared.putIfAbsent(plain(matcher.group(1)), type(matcher.group(2)));
        } catch (Refusal e) {
          // The parse that follows refuses it, too.
        }
      }
    }
  }

  private void comment() throws Refusal {
    take(BLANKS);
    String word = take(WORD);
    take(BLANKS);
    if (!word.equals("HELP") && !word.equals("TYPE") || at == line.length()) {
      return;
    }
    String name = take(METRIC_NAME);
    if (at == line.length()) {
      return;
    }
    refuseUnless(take(BLANKS).length() > 0);
    String owner = owner(plain(name));
    Family family = families.get(owner);
    if (at == line.length()) {
      return;
    }
    boolean isPart = !owner.equals(plain(name));
    if (word.equals("HELP")) {
      String help = text(unescape(take(HELP_TEXT)));
      refuseUnless(at == line.length());
      family.help = isPart && family.help != null ? family.help : help;
    } else {
      refuseUnless(!isPart);
      type(owner, family, type(take(REST)));
    }
  }

  private void type(String name, Family family, MetricType type) throws Refusal {
    refuseUnless(!family.typed || family.type == type);
    boolean late = !family.typed && family.type != null && family.type != type;
    for (String suffix : SUFFIXES) {
      Family part = families.get(name + suffix);
      late |= !family.typed && part != null && !part.typed && isPart(suffix, type);
    }
    if (late) {
      throw new Late();
    }
    family.type = type;
    family.typed = true;
  }

  /** Whether there are label names that are not UTF-8, which is for others to refuse. */
  boolean hasInvalidNames() {
    return hasInvalidNames;
  }

  boolean hasTimestamps() {
    return hasTimestamps;
  }

  /** Families by name, their metrics sorted by what they look like. */
  List<MetricFamily> families() {
    List<MetricFamily> all = new ArrayList<>();
    families.forEach((name, family) -> all.add(family.toFamily(text(name))));
    return all;
  }

  private static MetricType type(String word) throws Refusal {
    String name = text(word.replaceAll("[ \t]+$", "")).replace("\\", "").toUpperCase(Locale.ROOT);
    name = name.equals("GAUGEHISTOGRAM") ? "GAUGE_HISTOGRAM" : name;
    for (MetricType type : MetricType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw new Refusal();
  }

  private void sample() throws Refusal {
    String rawName = take(METRIC_NAME);
    List<String[]> labels = new ArrayList<>();
    take(BLANKS);
    if (at < line.length() && line.charAt(at) == '{') {
      at++;
      rawName = labels(rawName, labels);
    }
    take(BLANKS);
    double value = number(take(WORD));
    timestamp(take(REST));
    add(plain(rawName), labels, value);
  }

  private String labels(String nameBefore, List<String[]> labels) throws Refusal {
    String name = nameBefore;
    while (true) {
      take(BLANKS);
      if (peek() == '}') {
        at++;
        return name;
      }
      String label = take(LABEL_NAME);
      take(BLANKS);
      if (peek() == '=') {
        at++;
        take(BLANKS);
        String value = take(VALUE);
        refuseUnless(!value.isEmpty());
        labels.add(new String[] {plain(label), unescape(value.substring(1, value.length() - 1))});
        take(BLANKS);
      } else {
        refuseUnless(name.isEmpty() && !label.isEmpty());
        name = label;
      }
      if (peek() == '}') {
        at++;
        return name;
      }
      refuseUnless(peek() == ',');
      at++;
    }
  }

  private void add(String sampleName, List<String[]> pairs, double value) throws Refusal {
    String owner = owner(sampleName);
    Family family = families.get(owner);
    family.type = family.type == null ? MetricType.UNTYPED : family.type;
    String boundName = family.type == MetricType.SUMMARY ? "quantile" : "le";
    double bound = Double.NaN;
    Map<String, String> labels = new TreeMap<>();
    Set<String> names = new HashSet<>();
    for (String[] pair : pairs) {
      refuseUnless(!pair[0].isEmpty() && !pair[0].equals("__name__"));
      if (!family.type.isNumber() && pair[0].equals(boundName)) {
        bound = number(pair[1]);
      } else {
        refuseUnless(names.add(pair[0]));
        labels.put(text(pair[0]), validText(pair[1]));
        hasInvalidNames |= !isUtf8(pair[0]);
      }
    }
    Labels all = Labels.of(labels);
    if (family.type.isNumber()) {
      family.numbers.add(new Metric(all, new Metric.Number(value)));
    } else {
      addLine(family, all, sampleName.substring(owner.length()), bound, value);
    }
  }

  private static void addLine(
      Family family, Labels labels, String suffix, double bound, double value) throws Refusal {
    Lines lines = family.rich.computeIfAbsent(labels, l -> new Lines());
    boolean isSum = suffix.endsWith("sum");
    boolean isCount = suffix.endsWith("count") || !isSum && !Double.isNaN(bound);
    refuseUnless(!(isCount && value < 0) || family.type == MetricType.SUMMARY);
    if (isSum) {
      lines.sum = value;
    } else if (suffix.endsWith("count")) {
      lines.count = value;
    } else if (!Double.isNaN(bound)) {
      lines.bounds.add(new double[] {bound, value});
    }
  }

  /** An unsigned number, as Go on amd64 makes it of a floating-point one. */
  private static long unsigned(double value) {
    return value >= -0x1p63 && value < 0x1p64
        ? new BigDecimal(value).toBigInteger().longValue()
        : Long.MIN_VALUE;
  }

  /** The family that a sample's name belongs to. */
  private String owner(String name) throws Refusal {
    boolean valid = utf8Names ? !name.isEmpty() : name.matches("[a-zA-Z_:][a-zA-Z0-9_:]*");
    refuseUnless(valid);
    validText(name);
    if (families.containsKey(name)) {
      return name;
    }
    for (String suffix : SUFFIXES) {
      if (!name.endsWith(suffix) || name.equals(suffix) || declared.containsKey(name)) {
        continue;
      }
      String whole = name.substring(0, name.length() - suffix.length());
      MetricType early = declared.get(whole);
      if (early != null && isPart(suffix, early)) {
        return owner(whole);
      }
      Family family = families.get(whole);
      if (family != null && family.type != null && isPart(suffix, family.type)) {
        return whole;
      }
    }
    Family family = new Family();
    family.type = declared.get(name);
    family.typed = family.type != null;
    families.put(name, family);
    return name;
  }

  private static boolean isPart(String suffix, MetricType type) {
    boolean histogram = type == MetricType.HISTOGRAM || type == MetricType.GAUGE_HISTOGRAM;
    return switch (suffix) {
      case "_bucket" -> histogram;
      case "_gsum", "_gcount" -> type == MetricType.GAUGE_HISTOGRAM;
      default -> histogram || type == MetricType.SUMMARY;
    };
  }

  private static double number(String word) throws Refusal {
    switch (word.toLowerCase(Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity":
        return Double.POSITIVE_INFINITY;
      case "-inf", "-infinity":
        return Double.NEGATIVE_INFINITY;
      case "nan":
        return Double.NaN;
      default:
        refuseUnless(NUMBER.matcher(word).matches());
        double value = Double.parseDouble(word);
        refuseUnless(!Double.isInfinite(value));
        return value;
    }
  }

  private void timestamp(String rest) throws Refusal {
    if (BLANKS.matcher(rest).matches()) {
      return;
    }
    Matcher matcher = TIMESTAMP.matcher(rest);
    refuseUnless(matcher.matches() && new BigInteger(matcher.group(1)).bitLength() < 64);
    hasTimestamps = true;
  }

  private int peek() {
    return at < line.length() ? line.charAt(at) : -1;
  }

  private String take(Pattern pattern) {
    Matcher matcher = pattern.matcher(line).region(at, line.length());
    if (!matcher.lookingAt()) {
      return "";
    }
    at = matcher.end();
    return matcher.group();
  }

  private static String plain(String name) {
    int quote = name.indexOf('"');
    return quote < 0
        ? name
        : name.substring(0, quote) + unescape(name.substring(quote + 1, name.length() - 1));
  }

  private static String unescape(String escaped) {
    return escaped
        .replace("\\\\", "\\-")
        .replace("\\n", "\n")
        .replace("\\\"", "\"")
        .replace("\\-", "\\");
  }

  /** Bytes as characters become text; what is not UTF-8 in them, replacement characters. */
  private static String text(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** Bytes as characters become text, which they must be. */
  private static String validText(String bytes) throws Refusal {
    byte[] raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal();
    }
  }

  private static boolean isUtf8(String bytes) {
    return text(bytes).indexOf('\uFFFD') < 0;
  }

  private static void refuseUnless(boolean condition) throws Refusal {
    if (!condition) {
      throw new Refusal();
    }
  }
}
