package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Merges the families of the gateway itself into the pushed ones, for a scrape.
 *
 * <p>The store refuses pushed {@code pushgateway_*} families whose type differs from the gateway's.
 * All other names may be pushed, also {@code jvm_*} or {@code process_*}. If the types agree, a
 * pushed family and the gateway's own become one family. Only pushed metrics have a {@code job}.
 *
 * <p>The gateway's own family is left out if the pushed one has another type. It is also left out
 * if one name is a part of a summary or histogram of the other.
 */
public final class ScrapedFamilies {
  private static final List<String> SUMMARY_SUFFIXES = List.of("_sum", "_count");
  private static final List<String> HISTOGRAM_SUFFIXES = List.of("_sum", "_count", "_bucket");

  private ScrapedFamilies() {}

  /**
   * Returns the pushed families and those of the gateway.
   *
   * @param pushed sorted by name
   * @param own sorted by name
   * @return sorted by name
   */
  public static List<MergedFamily> merge(List<MergedFamily> pushed, List<FamilyBlock> own) {
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

  /** Returns one family with the metrics of both. The pushed help text wins. */
  private static MergedFamily together(FamilyBlock own, MergedFamily pushed) {
    Stream<FamilyBlock> present = pushed.blocks().stream().filter(Objects::nonNull);
    FamilyBlock header = pushed.help() == null ? own : pushed.header();
    return MergedFamily.of(header, Stream.concat(Stream.of(own), present).toList());
  }

  private static boolean collides(List<MergedFamily> pushed, FamilyBlock own) {
    int at = search(pushed, own.name());
    if (at >= 0 && pushed.get(at).size() > 0 && pushed.get(at).type() != own.type()) {
      return true;
    }
    return suffixes(own.type()).stream().anyMatch(suffix -> isExposed(pushed, own.name() + suffix))
        || isPartOfPushed(pushed, own.name());
  }

  /** Returns whether a part of a pushed summary or histogram has this name. */
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

  /** Searches like {@link java.util.Collections#binarySearch}. */
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
