package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBlock;

/**
 * The content of a group when a push to it is parsed. It is a hint: jobs push the same series again
 * and again, and the parser only recognizes them the next time.
 */
@FunctionalInterface
public interface PreviousPush {
  /** Knows nothing. */
  PreviousPush NONE = name -> null;

  /** Returns the family of this name from the previous push; {@code null} if there is none. */
  FamilyBlock named(String name);
}
