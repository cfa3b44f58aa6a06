package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBlock;
import java.util.List;

/**
 * A push: its body, parsed and encoded.
 *
 * @param families with distinct names, in the order in which the names first appeared
 * @param hasTimestamps whether any sample has a timestamp of its own, which a push must not have
 */
public record ParsedPush(List<FamilyBlock> families, boolean hasTimestamps) {}
