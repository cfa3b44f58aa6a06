package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBlock;
import java.util.List;

/**
 * A push whose body is parsed and encoded.
 *
 * @param families with distinct names, in order of their first appearance
 * @param hasTimestamps whether any sample has a timestamp of its own. The store refuses such a
 *     push.
 */
public record ParsedPush(List<FamilyBlock> families, boolean hasTimestamps) {}
