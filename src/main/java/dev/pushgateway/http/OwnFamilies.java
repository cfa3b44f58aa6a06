package dev.pushgateway.http;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.model.Names;
import dev.pushgateway.parse.TextParser;
import dev.pushgateway.telemetry.OwnMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The gateway's own metrics as families for a scrape. Thread-safe. */
public final class OwnFamilies {
  private static final Comparator<FamilyBlock> BY_NAME =
      Comparator.comparing(FamilyBlock::name, Names.BY_CODE_POINT);

  /** Families that no push may contain with another type, even if they are not exposed yet. */
  public static final Map<String, MetricType> RESERVED =
      Map.of(
          OwnMetrics.BUILD_INFO, MetricType.GAUGE,
          OwnMetrics.REQUESTS, MetricType.COUNTER,
          OwnMetrics.PUSH_SIZE, MetricType.SUMMARY,
          OwnMetrics.PUSH_DURATION, MetricType.SUMMARY);

  private final OwnMetrics metrics;

  /** The JVM's families that were parsed last. Several threads may parse the same text. */
  private volatile Parsed jvm = new Parsed(new byte[0], List.of());

  private record Parsed(byte[] text, List<FamilyBlock> families) {}

  OwnFamilies(OwnMetrics metrics) {
    this.metrics = metrics;
  }

  /** Returns the current families, sorted by name. */
  List<FamilyBlock> families() {
    byte[] jvmText = metrics.scrapeJvm();
    Parsed known = jvm;
    if (known.text != jvmText) {
      known = new Parsed(jvmText, parse(jvmText));
      jvm = known;
    }
    List<FamilyBlock> families = new ArrayList<>(known.families);
    families.addAll(parse(metrics.scrape()));
    families.sort(BY_NAME);
    return families;
  }

  /** Parses an exposition of the gateway itself. */
  static List<FamilyBlock> parse(byte[] text) {
    try {
      List<FamilyBlock> families =
          new ArrayList<>(
              new TextParser(false).parse(text, 0, text.length, GroupingLabels.NONE).families());
      families.sort(BY_NAME);
      return families;
    } catch (ExpositionException e) {
      throw new IllegalStateException("our own metrics cannot be parsed", e);
    }
  }
}
