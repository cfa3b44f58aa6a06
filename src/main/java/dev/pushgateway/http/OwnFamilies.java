package dev.pushgateway.http;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.model.Names;
import dev.pushgateway.parse.TextParser;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.telemetry.OwnMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The gateway's own metric families among the pushed ones.
 *
 * <p>{@code pushgateway_*} are the gateway's: the store refuses pushes that would have them with
 * another type. Of the others, {@code jvm_*}, {@code process_*} and the like, users may push what
 * they want. If that is of the same type, both are exposed as one family, told apart by the {@code
 * job} that only pushed metrics have; if it is not, or if a name collides with a part of a summary
 * or a histogram, our own family is left out as long as the pushed one is there.
 */
public final class OwnFamilies {
  private static final Comparator<FamilyBlock> BY_NAME =
      Comparator.comparing(FamilyBlock::name, Names.BY_CODE_POINT);

  private static final List<String> SUMMARY_SUFFIXES = List.of("_sum", "_count");
  private static final List<String> HISTOGRAM_SUFFIXES = List.of("_sum", "_count", "_bucket");

  private final OwnMetrics metrics;

  /** The last that were parsed; threads may all parse the same. */
  private volatile Parsed jvm = new Parsed(new byte[0], List.of());

  private record Parsed(byte[] text, List<FamilyBlock> families) {}

  OwnFamilies(OwnMetrics metrics) {
    this.metrics = metrics;
  }

  /** As they are now, sorted by name. */
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

  /**
   * One block for each family that nobody may push with another type, for the {@code MetricStore}.
   */
  public static List<FamilyBlock> reserved(OwnMetrics ownMetrics) {
    return parse(ownMetrics.reservedFamilies());
  }

  /** Parses an exposition of our own. */
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

  /**
   * Puts our own families among pushed ones.
   *
   * @param pushed sorted by name
   * @param own sorted by name
   * @return sorted by name
   */
  static List<MergedFamily> merge(List<MergedFamily> pushed, List<FamilyBlock> own) {
    List<MergedFamily> all = new ArrayList<>(pushed.size() + own.size());
    int next = 0;
    for (FamilyBlock block : own) {
      if (collides(pushed, block)) {
        continue;
      }
      int at = search(pushed, block.name());
      int before = at < 0 ? -at - 1 : at;
      all.addAll(pushed.subList(next, before));
      all.add(at < 0 ? new MergedFamily(List.of(block)) : together(block, pushed.get(at)));
      next = at < 0 ? before : before + 1;
    }
    all.addAll(pushed.subList(next, pushed.size()));
    return all;
  }

  /** One family of both; the block that comes first gives the help text. */
  private static MergedFamily together(FamilyBlock own, MergedFamily pushed) {
    List<FamilyBlock> blocks = new ArrayList<>(pushed.blocks().size() + 1);
    blocks.add(own);
    for (FamilyBlock block : pushed.blocks()) {
      if (block != null) {
        blocks.add(block);
      }
    }
    return new MergedFamily(blocks);
  }

  private static boolean collides(List<MergedFamily> pushed, FamilyBlock own) {
    int at = search(pushed, own.name());
    if (at >= 0 && pushed.get(at).size() > 0 && pushed.get(at).type() != own.type()) {
      return true;
    }
    for (String suffix : suffixes(own.type())) {
      if (isExposed(pushed, own.name() + suffix)) {
        return true;
      }
    }
    return isPartOfPushed(pushed, own.name());
  }

  /** Whether a name is also that of a part of a pushed summary or histogram. */
  private static boolean isPartOfPushed(List<MergedFamily> pushed, String name) {
    for (String suffix : HISTOGRAM_SUFFIXES) {
      if (name.endsWith(suffix)) {
        int at = search(pushed, name.substring(0, name.length() - suffix.length()));
        boolean exposed = at >= 0 && pushed.get(at).size() > 0;
        if (exposed && suffixes(pushed.get(at).type()).contains(suffix)) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<String> suffixes(MetricType type) {
    return type == MetricType.SUMMARY
        ? SUMMARY_SUFFIXES
        : type.isHistogram() ? HISTOGRAM_SUFFIXES : List.of();
  }

  private static boolean isExposed(List<MergedFamily> families, String name) {
    int at = search(families, name);
    return at >= 0 && families.get(at).size() > 0;
  }

  /** As {@link java.util.Collections#binarySearch}. */
  private static int search(List<MergedFamily> families, String name) {
    int low = 0;
    int high = families.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Names.BY_CODE_POINT.compare(families.get(middle).name(), name);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }
}
