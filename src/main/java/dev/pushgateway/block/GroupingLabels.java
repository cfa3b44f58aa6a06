package dev.pushgateway.block;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The labels that the gateway adds to every metric of a push. A label of the grouping key replaces
 * a pushed label of the same name. The empty {@code instance} is only added if the metric has none.
 *
 * <p>Immutable. Holds each label in the forms that are copied into metrics.
 */
public final class GroupingLabels {
  /** No labels, for metrics that already have all their labels. */
  public static final GroupingLabels NONE = new GroupingLabels(Labels.EMPTY, false);

  private static final String INSTANCE = "instance";

  private final byte[][] names;
  private final byte[][] values;
  private final byte[][] encoded;

  /** The index of the {@code instance} that a pushed label replaces; -1 if there is none. */
  private final int weak;

  private GroupingLabels(Labels labels, boolean addInstance) {
    boolean fillsGap = addInstance && labels.get(INSTANCE) == null;
    Labels all = fillsGap ? withInstance(labels) : labels;
    names = new byte[all.size()][];
    values = new byte[all.size()][];
    encoded = new byte[all.size()][];
    int weakIndex = -1;
    for (int i = 0; i < all.size(); i++) {
      names[i] = all.name(i).getBytes(StandardCharsets.UTF_8);
      values[i] = all.value(i).getBytes(StandardCharsets.UTF_8);
      ByteArray text = new ByteArray(names[i].length + values[i].length + 8);
      TextLines.addName(text, names[i], 0, names[i].length);
      TextLines.addLabelValue(text, values[i], 0, values[i].length);
      encoded[i] = text.toArray();
      if (fillsGap && all.name(i).equals(INSTANCE)) {
        weakIndex = i;
      }
    }
    weak = weakIndex;
  }

  private static Labels withInstance(Labels labels) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      all.put(labels.name(i), labels.value(i));
    }
    all.put(INSTANCE, "");
    return Labels.of(all);
  }

  /** Returns the labels that a grouping key adds to each metric pushed under it. */
  public static GroupingLabels of(Labels groupingKey) {
    return new GroupingLabels(groupingKey, true);
  }

  /** Returns the number of bytes that the labels add to each line of text. */
  public int encodedLength() {
    int length = 0;
    for (byte[] label : encoded) {
      length += label.length + 1;
    }
    return length;
  }

  public int size() {
    return names.length;
  }

  boolean has(String name) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    return Arrays.stream(names).anyMatch(each -> Arrays.equals(each, wanted));
  }

  public byte[] name(int index) {
    return names[index];
  }

  byte[] value(int index) {
    return values[index];
  }

  /** Returns a label as in the text format: {@code name="value"}. */
  public byte[] encoded(int index) {
    return encoded[index];
  }

  /** Returns whether a pushed label of the same name replaces this one. */
  public boolean isWeak(int index) {
    return index == weak;
  }
}
