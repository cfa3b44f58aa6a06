package dev.pushgateway.selector;

import dev.pushgateway.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A series selector of Prometheus: {@code name{label="value",other=~"a|b.*"}}. The metric name
 * counts as the label {@value #NAME}.
 *
 * <p>For many series with common labels, {@link #given} checks the common labels only once.
 *
 * @param matchers a series is selected if all of them match
 */
public record SeriesSelector(List<LabelMatcher> matchers) {
  /** The name of the label that stands for the metric name. */
  public static final String NAME = "__name__";

  public SeriesSelector {
    matchers = List.copyOf(matchers);
  }

  /**
   * Checks the labels that many series have in common.
   *
   * @param steps counts one step per matcher, and the steps of regular expressions
   * @return the matchers of all other labels; empty if the known labels rule all of these series
   *     out
   */
  public Optional<SeriesSelector> given(Labels known, Steps steps) {
    List<LabelMatcher> left = new ArrayList<>();
    for (LabelMatcher matcher : matchers) {
      String value = known.get(matcher.name());
      steps.step();
      if (value == null) {
        left.add(matcher);
      } else if (!matcher.matches(value, steps)) {
        return Optional.empty();
      }
    }
    return Optional.of(left.size() == matchers.size() ? this : new SeriesSelector(left));
  }

  /** Returns whether this selector has no matchers and selects every series. */
  public boolean takesAll() {
    return matchers.isEmpty();
  }

  /**
   * Returns whether this selector selects a series.
   *
   * @param labels all labels of the series, its metric name included
   */
  public boolean matches(Labels labels, Steps steps) {
    for (LabelMatcher matcher : matchers) {
      steps.step();
      String value = labels.get(matcher.name());
      if (!matcher.matches(value == null ? "" : value, steps)) {
        return false;
      }
    }
    return true;
  }
}
