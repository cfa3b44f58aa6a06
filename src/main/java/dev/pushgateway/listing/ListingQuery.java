package dev.pushgateway.listing;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.request.GroupPath;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.SafeText;
import dev.pushgateway.selector.RegexBudget;
import dev.pushgateway.selector.SelectorException;
import dev.pushgateway.selector.SelectorParser;
import dev.pushgateway.selector.SeriesSelector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The parameters of a listing. Unknown parameters and those without a value are ignored, like in
 * the Go gateway.
 *
 * @param limit maximum number of groups of a page
 * @param cursor end of the previous page; absent for the first page
 * @param groupsOnly whether groups are listed without their metrics
 * @param counted whether to count the groups of all pages
 * @param firstMetric index of the first metric of each family, from 0
 * @param maxMetrics maximum number of metrics of each family
 * @param dependsOnTime whether the result of the query changes with time
 */
public record ListingQuery(
    GroupFilter filter,
    GroupSort sort,
    boolean descending,
    int limit,
    Optional<ListingCursor> cursor,
    boolean groupsOnly,
    boolean counted,
    int firstMetric,
    int maxMetrics,
    boolean dependsOnTime) {
  public static final int MAX_SELECTORS = 64;
  private static final int MAX_SEARCH_LENGTH = 1_000;
  private static final String MATCH = "match[]";

  /**
   * Returns the memory, in bytes, to parse the parameters and to match their regular expressions.
   */
  static long bytes(Map<String, Set<String>> parameters) {
    return parameters.containsKey(MATCH) ? RegexBudget.MAX_BYTES : 0;
  }

  /**
   * Parses the parameters.
   *
   * @param parameters all values of each parameter
   * @param now the time for {@code stale}
   * @throws RequestRefusedException with the parameter, the expected and the found value
   */
  static ListingQuery parse(Map<String, Set<String>> parameters, GroupPath groupPath, Instant now)
      throws RequestRefusedException {
    return new Reader(parameters, groupPath).read(now);
  }

  /** Returns a query for the groups with the latest pushes, the latest first. */
  public static ListingQuery latest(int limit) {
    return new ListingQuery(
        GroupFilter.NONE,
        GroupSort.LAST_PUSH,
        true,
        limit,
        Optional.empty(),
        false,
        false,
        0,
        Integer.MAX_VALUE,
        false);
  }

  private record Reader(Map<String, Set<String>> parameters, GroupPath groupPath) {
    ListingQuery read(Instant now) throws RequestRefusedException {
      GroupSort sort = sort();
      boolean descending = oneOf("order", "asc", "desc").orElse("asc").equals("desc");
      Optional<Duration> stale = stale();
      return new ListingQuery(
          filter(stale.map(age -> nanos(now.minus(age)))),
          sort,
          descending,
          number("limit", 1).orElse(Integer.MAX_VALUE - 1),
          cursor(sort, descending),
          oneOf("fields", "groups", "all").orElse("all").equals("groups"),
          isTrue("count").orElse(false),
          number("metrics_offset", 0).orElse(0),
          number("metrics_limit", 0).orElse(Integer.MAX_VALUE),
          stale.isPresent());
    }

    private GroupFilter filter(Optional<Long> pushedBeforeNanos) throws RequestRefusedException {
      Optional<String> group = one("group");
      return new GroupFilter(
          all("job"),
          group.isPresent() ? Optional.of(key(group.get())) : Optional.empty(),
          isTrue("failing"),
          pushedBeforeNanos,
          search(),
          all("metric"),
          selectors());
    }

    private GroupSearch search() throws RequestRefusedException {
      String words = one("search").orElse("");
      if (words.length() > MAX_SEARCH_LENGTH) {
        throw RequestRefusedException.badRequest(
            "search: there are more than " + MAX_SEARCH_LENGTH + " characters");
      }
      return GroupSearch.of(words);
    }

    private GroupingKey key(String path) throws RequestRefusedException {
      RequestPath parsed = RequestPath.parse(path);
      List<String> segments = parsed.segments();
      boolean isGroup =
          segments.size() >= 3
              && segments.get(0).equals("metrics")
              && List.of(GroupPath.JOB, GroupPath.JOB_BASE64).contains(segments.get(1));
      if (!isGroup) {
        throw bad("group", "a path like metrics/job/JOB{/LABEL/VALUE}", path);
      }
      return groupPath.parse(parsed);
    }

    private List<SeriesSelector> selectors() throws RequestRefusedException {
      Set<String> texts = all(MATCH);
      if (texts.size() > MAX_SELECTORS) {
        throw RequestRefusedException.badRequest(
            MATCH + ": there are more than " + MAX_SELECTORS + " selectors");
      }
      RegexBudget budget = new RegexBudget();
      List<SeriesSelector> selectors = new ArrayList<>();
      for (String text : texts) {
        selectors.add(selector(text, budget));
      }
      return selectors;
    }

    private static SeriesSelector selector(String text, RegexBudget budget)
        throws RequestRefusedException {
      try {
        return SelectorParser.parse(text, budget);
      } catch (SelectorException e) {
        throw RequestRefusedException.badRequest(
            MATCH + ' ' + SafeText.quote(text) + ", " + e.getMessage());
      }
    }

    private GroupSort sort() throws RequestRefusedException {
      Stream<String> all = Arrays.stream(GroupSort.values()).map(GroupSort::word);
      String[] words = all.toArray(String[]::new);
      String word = oneOf("sort", words).orElse(GroupSort.JOB.word());
      return GroupSort.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private Optional<Duration> stale() throws RequestRefusedException {
      Optional<String> text = one("stale");
      if (text.isEmpty()) {
        return Optional.empty();
      }
      Optional<Duration> age = ListingDuration.parse(text.get());
      if (age.isEmpty()) {
        throw bad("stale", "a duration like 90s, 1h30m or 2d", text.get());
      }
      return age;
    }

    private Optional<ListingCursor> cursor(GroupSort sort, boolean descending)
        throws RequestRefusedException {
      Optional<String> text = one("cursor");
      if (text.isEmpty()) {
        return Optional.empty();
      }
      ListingCursor cursor = ListingCursor.decode(text.get());
      if (cursor.sort() != sort || cursor.descending() != descending) {
        throw RequestRefusedException.badRequest(
            "cursor: it is from a listing with sort="
                + cursor.sort().word()
                + (cursor.descending() ? "&order=desc" : "&order=asc"));
      }
      return Optional.of(cursor);
    }

    private Optional<Boolean> isTrue(String name) throws RequestRefusedException {
      return oneOf(name, "true", "false").map("true"::equals);
    }

    private Optional<String> oneOf(String name, String... words) throws RequestRefusedException {
      Optional<String> word = one(name);
      if (word.isPresent() && !List.of(words).contains(word.get())) {
        throw bad(name, String.join(" or ", words), word.get());
      }
      return word;
    }

    private Optional<Integer> number(String name, int min) throws RequestRefusedException {
      Optional<String> text = one(name);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      try {
        int number = Integer.parseInt(text.get());
        if (number >= min && number < Integer.MAX_VALUE) {
          return Optional.of(number);
        }
      } catch (NumberFormatException e) {
        // Refused below, like a number that is too large.
      }
      throw bad(name, "a whole number from " + min + " to 2147483646", text.get());
    }

    private Optional<String> one(String name) throws RequestRefusedException {
      Set<String> values = all(name);
      if (values.size() > 1) {
        throw RequestRefusedException.badRequest(name + ": it is given twice, with two values");
      }
      return values.stream().findFirst();
    }

    private Set<String> all(String name) {
      Set<String> values = new LinkedHashSet<>(parameters.getOrDefault(name, Set.of()));
      values.remove("");
      return values;
    }

    private static RequestRefusedException bad(String name, String expected, String found) {
      return RequestRefusedException.badRequest(
          name + ": expected " + expected + ", found " + SafeText.quote(found));
    }

    private static long nanos(Instant time) {
      return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
    }
  }
}
