package dev.pushgateway.block;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.Utf8;
import dev.pushgateway.model.MetricType;
import java.nio.charset.StandardCharsets;

/**
 * The rules that one family must follow to be part of a valid exposition: names, values and types
 * of its labels. The consistency check of the store compares families with each other.
 *
 * <p>A broken rule stops nothing. The first one is kept as {@link #problem()}.
 *
 * <p>Not thread-safe; for one family.
 */
final class BlockRules {
  private final String name;
  private final LabelMerger merger;
  private final LabelBuffer labels;
  private final boolean utf8Names;
  private MetricType type;
  private String problem;

  /**
   * Creates the rules for a family.
   *
   * @param merger has the labels of the current metric
   */
  BlockRules(String name, LabelMerger merger, boolean utf8Names) {
    this.name = name;
    this.merger = merger;
    this.labels = merger.labels();
    this.utf8Names = utf8Names;
  }

  /** Returns why the family cannot be exposed; {@code null} if it can. */
  String problem() {
    return problem;
  }

  /** Notes why the family cannot be exposed. The first reason is kept. */
  void addProblem(String reason) {
    if (problem == null) {
      problem = reason;
    }
  }

  /** Sets the type and checks it against the grouping labels. */
  void type(MetricType newType, GroupingLabels grouping) {
    type = newType;
    if (newType == MetricType.SUMMARY && grouping.has(SampleLines.QUANTILE)) {
      addProblem("summary " + name + " cannot be in a group with a label \"quantile\"");
    } else if (newType.isHistogram() && grouping.has(SampleLines.LE)) {
      // The Go gateway accepts such a push. Prometheus then refuses all scrapes of the gateway.
      addProblem("histogram " + name + " cannot be in a group with a label \"le\"");
    }
  }

  /**
   * Checks the label names. The result holds for all metrics of one layout.
   *
   * @param encoded the merged labels, for the message
   */
  void checkNames(ByteArray encoded) {
    for (int i = 0; i < merger.labelCount(); i++) {
      int step = merger.step(i);
      if (step >= 0) {
        checkLabel(step, labels.nameSource(step), labels.nameFrom(step), labels.nameTo(step));
      }
    }
    for (int i = 0; labels.duplicate() > 0 && i < labels.size(); i++) {
      if (labels.sameNameAsNext(i)) {
        addProblem(
            "metric "
                + series(new String(encoded.bytes, 0, encoded.length, StandardCharsets.UTF_8))
                + " has two or more labels with the same name: "
                + label(i));
      }
    }
  }

  void checkValues() {
    for (int i = 0; i < merger.labelCount(); i++) {
      int step = merger.step(i);
      if (step >= 0
          && !Utf8.isValid(
              labels.valueSource(step), labels.valueFrom(step), labels.valueTo(step))) {
        addProblem("metric " + name + " has a label " + label(step) + " whose value is not UTF-8");
      }
    }
  }

  void addDuplicate(String encoded) {
    addProblem("metric " + series(encoded) + " is there twice, with the same name and labels");
  }

  private String series(String encoded) {
    return name + "{" + encoded + "}";
  }

  private void checkLabel(int i, byte[] labelName, int from, int to) {
    boolean reserved = to - from >= 2 && labelName[from] == '_' && labelName[from + 1] == '_';
    if (reserved || !isValidLabelName(labelName, from, to)) {
      addProblem("metric " + name + " has a label with an invalid name: " + label(i));
    } else if (type == MetricType.SUMMARY && equals(labelName, from, to, SampleLines.QUANTILE)) {
      addProblem("summary " + name + " must not have a label \"quantile\" of its own");
    } else if (type.isHistogram() && equals(labelName, from, to, SampleLines.LE)) {
      addProblem("histogram " + name + " must not have a label \"le\" of its own");
    }
  }

  private boolean isValidLabelName(byte[] labelName, int from, int to) {
    if (utf8Names) {
      return to > from && Utf8.isValid(labelName, from, to);
    }
    return TextLines.isLegacyLabelName(labelName, from, to);
  }

  private static boolean equals(byte[] bytes, int from, int to, String word) {
    return to - from == word.length()
        && new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).equals(word);
  }

  private String label(int i) {
    int from = labels.nameFrom(i);
    return '"'
        + new String(labels.nameSource(i), from, labels.nameTo(i) - from, StandardCharsets.UTF_8)
        + '"';
  }
}
