package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.PlainFamily;
import dev.pushgateway.bytes.NumberWriter;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricFamily;
import dev.pushgateway.model.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The gateway as one would write it without a thought for speed: it gathers all that is stored for
 * each push and each scrape, as the Go gateway does. What the real store does is held against it.
 */
final class ReferenceGateway {
  private final TreeMap<GroupingKey, Map<String, MetricFamily>> groups = new TreeMap<>();

  /** Makes a push; returns whether it was taken. */
  boolean push(Push push) {
    Map<String, MetricFamily> families = new HashMap<>();
    Map<String, MetricFamily> before = groups.get(push.key());
    if (before != null && !push.replace()) {
      families.putAll(before);
    }
    boolean taken = !push.exposition().hasTimestamps();
    for (FamilyBlock block : push.exposition().families()) {
      taken &= block.problem() == null;
      families.put(block.name(), PlainFamily.of(block));
    }
    double failureTime = before == null ? 0 : number(before, Group.PUSH_FAILURE_TIME);
    setTimes(families, push.key(), push.timeNanos() / 1e9, failureTime);
    groups.put(push.key(), families);
    if (taken && isConsistent()) {
      return true;
    }
    Map<String, MetricFamily> failed = new HashMap<>();
    if (before != null) {
      failed.putAll(before);
    }
    double pushTime = before == null ? 0 : number(before, Group.PUSH_TIME);
    setTimes(failed, push.key(), pushTime, push.timeNanos() / 1e9);
    groups.put(push.key(), failed);
    return false;
  }

  void delete(GroupingKey key) {
    groups.remove(key);
  }

  void wipe() {
    groups.clear();
  }

  private static double number(Map<String, MetricFamily> group, String name) {
    return ((Metric.Number) group.get(name).metrics().get(0).value()).value();
  }

  private static void setTimes(
      Map<String, MetricFamily> group, GroupingKey key, double pushTime, double failureTime) {
    group.put(Group.PUSH_TIME, time(Group.PUSH_TIME, "succeeded", key, pushTime));
    group.put(Group.PUSH_FAILURE_TIME, time(Group.PUSH_FAILURE_TIME, "failed", key, failureTime));
  }

  private static MetricFamily time(String name, String outcome, GroupingKey key, double seconds) {
    Map<String, String> labels = new HashMap<>(key.jobFirst());
    labels.putIfAbsent("instance", "");
    String help = "Last Unix time when changing this group in the Pushgateway " + outcome + ".";
    Metric metric = new Metric(Labels.of(labels), new Metric.Number(seconds));
    return new MetricFamily(name, MetricType.GAUGE, help, null, List.of(metric));
  }

  private boolean isConsistent() {
    Map<String, MetricType> types = new HashMap<>();
    Set<String> series = new HashSet<>();
    for (Map<String, MetricFamily> group : groups.values()) {
      for (MetricFamily family : group.values()) {
        if (family.metrics().isEmpty()) {
          continue;
        }
        MetricType other = types.putIfAbsent(family.name(), family.type());
        if (other != null && other != family.type()) {
          return false;
        }
        for (Metric metric : family.metrics()) {
          if (!series.add(family.name() + metric.labels())) {
            return false;
          }
        }
      }
    }
    for (Map.Entry<String, MetricType> family : types.entrySet()) {
      String name = family.getKey();
      boolean histogram = family.getValue().isHistogram();
      if (!family.getValue().isNumber()
          && (types.containsKey(name + "_count")
              || types.containsKey(name + "_sum")
              || histogram && types.containsKey(name + "_bucket"))) {
        return false;
      }
    }
    return true;
  }

  /** What a scrape in text format shows. */
  String scrape() {
    TreeMap<String, List<MetricFamily>> byName = new TreeMap<>();
    for (Map<String, MetricFamily> group : groups.values()) {
      for (MetricFamily family : group.values()) {
        if (!family.metrics().isEmpty()) {
          byName.computeIfAbsent(family.name(), name -> new ArrayList<>()).add(family);
        }
      }
    }
    StringBuilder text = new StringBuilder();
    byName.forEach((name, families) -> write(name, families, text));
    return text.toString();
  }

  private static void write(String name, List<MetricFamily> families, StringBuilder text) {
    List<Metric> metrics = new ArrayList<>();
    String help = null;
    for (MetricFamily family : families) {
      metrics.addAll(family.metrics());
      help = help == null ? family.help() : help;
    }
    metrics.sort(ReferenceGateway::compare);
    if (help != null) {
      String escaped = help.replace("\\", "\\\\").replace("\n", "\\n");
      text.append("# HELP ").append(name).append(' ').append(escaped).append('\n');
    }
    MetricType type = families.get(0).type();
    text.append("# TYPE ")
        .append(name)
        .append(' ')
        .append(type.name().toLowerCase(Locale.ROOT))
        .append('\n');
    for (Metric metric : metrics) {
      write(name, metric, text);
    }
  }

  private static void write(String name, Metric metric, StringBuilder text) {
    String labels = metric.labels().toString();
    if (metric.value() instanceof Metric.Number number) {
      text.append(name).append(labels).append(' ').append(text(number.value())).append('\n');
    } else if (metric.value() instanceof Metric.Summary summary) {
      for (Metric.Quantile quantile : summary.quantiles()) {
        line(text, name, with(labels, "quantile", quantile.quantile()), quantile.value());
      }
      line(text, name + "_sum", labels, summary.sum());
      line(text, name + "_count", labels, (double) summary.count());
    } else if (metric.value() instanceof Metric.Histogram histogram) {
      boolean infinity = false;
      for (Metric.Bucket bucket : histogram.buckets()) {
        infinity |= bucket.upperBound() == Double.POSITIVE_INFINITY;
        String bound = with(labels, "le", bucket.upperBound());
        line(text, name + "_bucket", bound, (double) bucket.cumulativeCount());
      }
      if (!infinity) {
        String bound = with(labels, "le", Double.POSITIVE_INFINITY);
        line(text, name + "_bucket", bound, (double) histogram.count());
      }
      line(text, name + "_sum", labels, histogram.sum());
      line(text, name + "_count", labels, (double) histogram.count());
    }
  }

  private static void line(StringBuilder text, String name, String labels, double value) {
    text.append(name).append(labels).append(' ').append(text(value)).append('\n');
  }

  private static String with(String labels, String label, double value) {
    return labels.substring(0, labels.length() - 1) + ',' + label + "=\"" + text(value) + "\"}";
  }

  private static String text(double value) {
    return value == 0 ? "0" : NumberWriter.toString(value);
  }

  private static int compare(Metric a, Metric b) {
    if (a.labels().size() != b.labels().size()) {
      return Integer.compare(a.labels().size(), b.labels().size());
    }
    for (int i = 0; i < a.labels().size(); i++) {
      int order = Arrays.compareUnsigned(bytes(a.labels().value(i)), bytes(b.labels().value(i)));
      if (order != 0) {
        return order;
      }
    }
    return Comparator.<String>naturalOrder().compare(a.labels().toString(), b.labels().toString());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
