package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBlock;

/**
 * What a group holds when a push to it is parsed, as a hint: jobs push the same series again and
 * again, and what has been parsed once is then recognized instead.
 */
@FunctionalInterface
public interface PreviousPush {
  /** Nothing is known. */
  PreviousPush NONE = name -> null;

  /** The family of a name as it was pushed last, or {@code null} if there is none. */
  FamilyBlock named(String name);
}
