package dev.pushgateway.parse;

import dev.pushgateway.block.GroupingLabels;

/**
 * The facts about a push that a parser needs beside the body.
 *
 * @param grouping the labels that each metric gets
 * @param known the previous push with the same grouping labels; only makes a repeated push faster
 * @param allowance grants memory before the text of a push becomes much longer than its body
 */
public record PushContext(GroupingLabels grouping, PreviousPush known, TextAllowance allowance) {

  /** Creates a context without a limit on memory. */
  public PushContext(GroupingLabels grouping, PreviousPush known) {
    this(grouping, known, TextAllowance.UNLIMITED);
  }

  /** Creates a context for a group of which nothing is known. */
  public PushContext(GroupingLabels grouping) {
    this(grouping, PreviousPush.NONE);
  }
}
