package dev.pushgateway.change;

import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.Labels;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The labels in the path of a push, which name a group: {@code job} and any number of others.
 *
 * @param labels include a {@code job} that is not empty
 */
public record GroupingKey(Labels labels) implements Comparable<GroupingKey> {
  public static final String JOB = "job";

  /**
   * Creates a grouping key.
   *
   * @throws IllegalArgumentException if the {@code job} is missing or empty
   */
  public GroupingKey {
    String job = labels.get(JOB);
    if (job == null || job.isEmpty()) {
      throw new IllegalArgumentException("job name is required");
    }
  }

  public String job() {
    return labels.get(JOB);
  }

  /** Returns the labels that the gateway adds to each metric of this group. */
  public GroupingLabels groupingLabels() {
    return GroupingLabels.of(labels);
  }

  /** Returns the labels in an order for readers: {@code job} first, the others sorted. */
  public Map<String, String> jobFirst() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put(JOB, job());
    for (int i = 0; i < labels.size(); i++) {
      map.put(labels.name(i), labels.value(i));
    }
    return map;
  }

  /** Compares by job, then by the other labels. Any stable total order would do. */
  @Override
  public int compareTo(GroupingKey other) {
    int byJob = job().compareTo(other.job());
    if (byJob != 0) {
      return byJob;
    }
    int common = Math.min(labels.size(), other.labels.size());
    for (int i = 0; i < common; i++) {
      int byName = labels.name(i).compareTo(other.labels.name(i));
      int result = byName != 0 ? byName : labels.value(i).compareTo(other.labels.value(i));
      if (result != 0) {
        return result;
      }
    }
    return Integer.compare(labels.size(), other.labels.size());
  }

  /** Returns the key as in the text format: {@code {job="x",instance="y"}}. */
  @Override
  public String toString() {
    return labels.toString();
  }
}
