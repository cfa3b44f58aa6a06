package dev.pushgateway.parse;

import dev.pushgateway.block.GroupingLabels;

/**
 * What a parser must know of a push beside its body.
 *
 * @param grouping the labels that each metric gets
 * @param known what was pushed with the same grouping labels before; makes a push that repeats it
 *     faster and changes nothing else
 * @param allowance is asked for memory before a body becomes much longer than it was
 */
public record PushContext(GroupingLabels grouping, PreviousPush known, TextAllowance allowance) {

  /** A push that may take all the memory that there is. */
  public PushContext(GroupingLabels grouping, PreviousPush known) {
    this(grouping, known, TextAllowance.UNLIMITED);
  }

  /** A push to a group of which nothing is known. */
  public PushContext(GroupingLabels grouping) {
    this(grouping, PreviousPush.NONE);
  }
}
