package dev.pushgateway.parse;

import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.ExpositionException;

/**
 * Parses pushed bodies in one format.
 *
 * <p>Not thread-safe. Can be used again after each call, also after a failed one. Keeps no
 * reference to what it has parsed.
 */
public sealed interface ExpositionParser permits TextParser, ProtobufParser {
  /**
   * Parses one body.
   *
   * @param body the range {@code [from, to)} is read and never changed
   * @return families by name in order of appearance; empty for an empty body
   * @throws ExpositionException at the first byte that breaks the format, with its position; or if
   *     {@link PushContext#allowance} refuses
   */
  ParsedPush parse(byte[] body, int from, int to, PushContext context) throws ExpositionException;

  /**
   * Parses one body to a group of which nothing is known.
   *
   * @throws ExpositionException as the other
   */
  default ParsedPush parse(byte[] body, int from, int to, GroupingLabels grouping)
      throws ExpositionException {
    return parse(body, from, to, new PushContext(grouping));
  }
}
