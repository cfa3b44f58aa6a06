package dev.pushgateway.store;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.parse.ParsedPush;

/**
 * A push that has been read and parsed.
 *
 * @param replace {@code true} to replace the whole group (PUT), {@code false} to replace only the
 *     families that the exposition names (POST)
 * @param exposition parsed with the {@link GroupingKey#groupingLabels() labels} of the key
 * @param timeNanos when the push arrived, in nanoseconds since 1970
 */
public record Push(GroupingKey key, boolean replace, ParsedPush exposition, long timeNanos) {}
