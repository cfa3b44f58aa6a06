package dev.pushgateway.parse;

import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.ExpositionException;

/**
 * Parses pushed bodies in one format.
 *
 * <p>Not thread-safe. Can be used again after each call, also after a failed one. Keeps no
 * reference to a parsed body.
 */
public sealed interface ExpositionParser permits TextParser, ProtobufParser {
  /**
   * Parses one body.
   *
   * @param body the range {@code [from, to)} is read and never changed
   * @return families with distinct names, in order of appearance; empty for an empty body
   * @throws ExpositionException at the first byte that breaks the format, with its position; also
   *     if {@link PushContext#allowance} refuses memory
   */
  ParsedPush parse(byte[] body, int from, int to, PushContext context) throws ExpositionException;

  /**
   * Parses one body for a group of which nothing is known.
   *
   * @throws ExpositionException at the first byte that breaks the format, with its position
   */
  default ParsedPush parse(byte[] body, int from, int to, GroupingLabels grouping)
      throws ExpositionException {
    return parse(body, from, to, new PushContext(grouping));
  }
}
