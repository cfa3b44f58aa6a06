package dev.pushgateway.change;

import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.Labels;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The labels in the path of a push, which name a group: {@code job}, and any number of others.
 *
 * @param labels {@code job} among them
 */
public record GroupingKey(Labels labels) implements Comparable<GroupingKey> {
  public static final String JOB = "job";

  /**
   * A grouping key.
   *
   * @throws IllegalArgumentException without a {@code job}, or with an empty one
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

  /** What these labels add to each metric pushed under them. */
  public GroupingLabels groupingLabels() {
    return GroupingLabels.of(labels);
  }

  /** The labels with {@code job} first and the others sorted, as people read them. */
  public Map<String, String> jobFirst() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put(JOB, job());
    for (int i = 0; i < labels.size(); i++) {
      map.put(labels.name(i), labels.value(i));
    }
    return map;
  }

  /** By job, then by the other labels; any stable order will do, as long as it is total. */
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

  /** As in the text format: {@code {job="x",instance="y"}}. */
  @Override
  public String toString() {
    return labels.toString();
  }
}
