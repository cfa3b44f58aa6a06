package dev.pushgateway.listing;

import dev.pushgateway.selector.Steps;
import dev.pushgateway.store.Group;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Selects the groups of one page and passes them to a sink one by one.
 *
 * <p>Groups sorted by key are in the order of the snapshot: a page costs time for its groups and
 * for those that the filter drops. For any other order, all groups are examined, and at most a page
 * of them is kept.
 *
 * @param groups all groups, sorted by key
 * @param steps counts the work; may end it
 */
public record GroupPager(List<Group> groups, ListingQuery query, Steps steps) {
  /** Receives the groups of a page. */
  public interface Sink {
    void accept(ListedGroup group) throws IOException;
  }

  private record SortedGroup(long value, Group group) {}

  /** Returns the number of groups on all pages. */
  int count() {
    if (query.filter().takesAll()) {
      return groups.size();
    }
    return (int) groups.stream().filter(group -> select(group).isPresent()).count();
  }

  /**
   * Passes the groups of a page to a sink.
   *
   * @return the cursor of the next page; empty after the last page
   */
  public Optional<ListingCursor> list(Sink sink) throws IOException {
    return query.sort() == GroupSort.JOB ? listByKey(sink) : listByValue(sink);
  }

  private Optional<ListingCursor> listByKey(Sink sink) throws IOException {
    int step = query.descending() ? -1 : 1;
    int count = 0;
    Group last = null;
    for (int i = start(); i >= 0 && i < groups.size(); i += step) {
      Optional<ListedGroup> listed = select(groups.get(i));
      if (listed.isEmpty()) {
        continue;
      }
      if (count == query.limit()) {
        return Optional.of(behind(last));
      }
      last = groups.get(i);
      sink.accept(listed.get());
      count++;
    }
    return Optional.empty();
  }

  private Optional<ListedGroup> select(Group group) {
    return query.filter().select(group, steps);
  }

  private ListingCursor behind(Group group) {
    return ListingCursor.behind(group, query.sort(), query.descending());
  }

  private int start() {
    if (query.cursor().isEmpty()) {
      return query.descending() ? groups.size() - 1 : 0;
    }
    Group last = keyOnly(query.cursor().get());
    int at = Collections.binarySearch(groups, last, Comparator.comparing(Group::key));
    int firstAfter = at >= 0 ? at + 1 : -at - 1;
    int lastBefore = at >= 0 ? at - 1 : -at - 2;
    return query.descending() ? lastBefore : firstAfter;
  }

  private Optional<ListingCursor> listByValue(Sink sink) throws IOException {
    List<SortedGroup> page = new ArrayList<>(best());
    page.sort(order());
    boolean isLast = page.size() <= query.limit();
    for (SortedGroup sorted : isLast ? page : page.subList(0, query.limit())) {
      sink.accept(select(sorted.group()).orElseThrow());
    }
    return isLast ? Optional.empty() : Optional.of(behind(page.get(query.limit() - 1).group()));
  }

  /** Returns the groups of the page and one more, which shows whether there is a next page. */
  private PriorityQueue<SortedGroup> best() {
    Comparator<SortedGroup> order = order();
    Optional<SortedGroup> end =
        query.cursor().map(cursor -> new SortedGroup(cursor.value(), keyOnly(cursor)));
    PriorityQueue<SortedGroup> best = new PriorityQueue<>(order.reversed());
    for (Group group : groups) {
      steps.step();
      SortedGroup sorted = new SortedGroup(query.sort().value(group), group);
      boolean isBefore = end.isPresent() && order.compare(sorted, end.get()) <= 0;
      boolean isBehind = best.size() > query.limit() && order.compare(sorted, best.peek()) > 0;
      if (isBefore || isBehind || select(group).isEmpty()) {
        continue;
      }
      best.add(sorted);
      if (best.size() - 1 > query.limit()) {
        best.poll();
      }
    }
    return best;
  }

  private static Group keyOnly(ListingCursor cursor) {
    return new Group(cursor.key(), 0, 0, List.of());
  }

  private Comparator<SortedGroup> order() {
    Comparator<SortedGroup> byValue = Comparator.comparingLong(SortedGroup::value);
    return (query.descending() ? byValue.reversed() : byValue)
        .thenComparing(sorted -> sorted.group().key());
  }
}
