package dev.pushgateway.http;

import dev.pushgateway.exposition.FamilyBlock;
import dev.pushgateway.telemetry.OwnMetrics;
import java.util.List;

/** The gateway's own metric families, as blocks beside the pushed ones. */
public final class OwnFamilies {
  private OwnFamilies() {}

  /** One block for each family whose type nobody may push otherwise, for the {@code MetricStore}. */
  public static List<FamilyBlock> reserved(OwnMetrics ownMetrics) {
    throw new UnsupportedOperationException();
  }
}
