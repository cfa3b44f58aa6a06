package dev.pushgateway.store;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.parse.BenchmarkBodies;
import dev.pushgateway.parse.ParsedPush;
import dev.pushgateway.parse.TextParser;

/** A store filled with groups that all have the same families, and the pushes for it. */
final class BenchmarkStore {
  final MetricStore store = StoreTesting.startedStore();
  private final TextParser parser = new TextParser(false);
  private final int groups;
  private final int families;
  private final int seriesPerFamily;

  /** Fills a store. */
  BenchmarkStore(int groups, int families, int seriesPerFamily) throws Exception {
    this.groups = groups;
    this.families = families;
    this.seriesPerFamily = seriesPerFamily;
    pushAll(0);
    long expected = (long) groups * (families * seriesPerFamily + 2); // Two push times.
    if (store.totals().metrics() != expected) {
      throw new IllegalStateException(store.totals() + ", expected metrics " + expected);
    }
  }

  /** Pushes every group, with other values for another variant. */
  void pushAll(int variant) throws Exception {
    for (int group = 0; group < groups; group++) {
      byte[] body = BenchmarkBodies.numbers(group, families, seriesPerFamily, variant);
      store.push(push(group, body));
    }
  }

  /** A push of a text, parsed. */
  Push push(int group, byte[] body) throws ExpositionException {
    GroupingKey key = StoreTesting.key("batch", "instance", "host-" + group);
    ParsedPush exposition = parser.parse(body, 0, body.length, key.groupingLabels());
    return new Push(key, true, exposition, 1_700_000_000_123_456_789L + group, 0);
  }
}
