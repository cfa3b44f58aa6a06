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
  private static final Pattern TIMESTAMP = pattern("[ \t]++([+-]?[0-9]+)");

  /** The body is refused. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
  }

  private static final class Family {
    private MetricType type;
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
          bounds.stream().map(b -> new Metric.Bucket(b[0], unsigned(b[1]), 0, null)).toList();
      return new Metric.Histogram(unsigned(count), 0, sum, buckets, null, null);
    }
  }

  /** By the bytes of their names. */
  private final Map<String, Family> families = new TreeMap<>();

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
    String all = new String(body, StandardCharsets.ISO_8859_1);
    int from = 0;
    while (from < all.length()) {
      int end = all.indexOf('\n', from);
      line = all.substring(from, end < 0 ? all.length() : end);
      if (end >= 0 && line.endsWith("\r")) {
        line = line.substring(0, line.length() - 1);
      }
      from = end < 0 ? all.length() : end + 1;
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
    families.values().removeIf(Family::isEmpty);
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
    Family family = families.get(owner(plain(name)));
    if (at == line.length()) {
      return;
    }
    if (word.equals("HELP")) {
      refuseUnless(family.help == null);
      family.help = text(unescape(take(HELP_TEXT)));
      refuseUnless(at == line.length());
    } else {
      refuseUnless(family.type == null);
      family.type = type(take(REST));
    }
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
    String name = text(word).replace("\\", "").toUpperCase(Locale.ROOT);
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
      Family family, Labels labels, String suffix, double bound, double value) {
    Lines lines = family.rich.computeIfAbsent(labels, l -> new Lines());
    if (suffix.equals("_sum")) {
      lines.sum = value;
    } else if (suffix.equals("_count")) {
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
    for (String suffix : new String[] {"_sum", "_count", "_bucket"}) {
      if (!name.endsWith(suffix)) {
        continue;
      }
      String whole = name.substring(0, name.length() - suffix.length());
      Family family = families.get(whole);
      MetricType type = family == null ? null : family.type;
      boolean histogram = type == MetricType.HISTOGRAM || type == MetricType.GAUGE_HISTOGRAM;
      if (histogram || type == MetricType.SUMMARY && !suffix.equals("_bucket")) {
        return whole;
      }
    }
    families.put(name, new Family());
    return name;
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
    if (rest.isEmpty()) {
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
