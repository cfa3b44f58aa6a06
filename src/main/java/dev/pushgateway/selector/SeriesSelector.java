package dev.pushgateway.selector;

import dev.pushgateway.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A series selector of Prometheus: {@code name{label="value",other=~"a|b.*"}}. The metric name is a
 * label, too, by the name of {@value #NAME}.
 *
 * <p>What is known of many series at once is asked once: see {@link #given}.
 */
public record SeriesSelector(List<LabelMatcher> matchers) {
  /** The label that the metric name is. */
  public static final String NAME = "__name__";

  public SeriesSelector {
    matchers = List.copyOf(matchers);
  }

  /**
   * What is left to be asked of series that all have these labels.
   *
   * @return empty if these labels rule all of them out
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

  /** Whether nothing is left to be asked. */
  public boolean takesAll() {
    return matchers.isEmpty();
  }

  /** Whether a series is selected; these are all of its labels. */
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
