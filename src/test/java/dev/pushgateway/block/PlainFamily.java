package dev.pushgateway.block;

import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricFamily;
import java.util.ArrayList;
import java.util.List;

/** The plain form of a block, in which tests compare families. */
public final class PlainFamily {
  private PlainFamily() {}

  public static MetricFamily of(FamilyBlock block) {
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < block.size(); i++) {
      metrics.add(block.metric(i));
    }
    return new MetricFamily(block.name(), block.type(), block.help(), block.unit(), metrics);
  }
}
