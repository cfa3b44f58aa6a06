package dev.pushgateway.listing;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.model.Labels;
import dev.pushgateway.selector.Steps;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.Group.Family;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A search in groups. Each word must be part of a label value or of a metric name, in any case.
 *
 * <p>The search examines the grouping key first, then the metric names, and the sample lines last:
 * this order is the cheapest.
 *
 * @param words in lower case; at most 1,000 characters together, as each is compared at each byte
 */
record GroupSearch(List<String> words) {
  static final GroupSearch ANYTHING = new GroupSearch(List.of());

  /**
   * Bytes per step. Comparing a word of 1,000 characters with this many bytes takes at most 1 ms.
   */
  private static final int BYTES_PER_STEP = 1 << 10;

  static GroupSearch of(String text) {
    Stream<String> words = Arrays.stream(text.toLowerCase(Locale.ROOT).split("\\s+"));
    return new GroupSearch(words.filter(word -> !word.isEmpty()).toList());
  }

  boolean finds(Group group, Steps steps) {
    for (String word : words) {
      if (!isInValues(group.key().labels(), word, steps) && !isInFamilies(group, word, steps)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isInFamilies(Group group, String word, Steps steps) {
    for (Family family : group.families()) {
      steps.step();
      if (!GroupSort.isOwn(family.name()) && contains(family.name(), word)) {
        return true;
      }
    }
    for (Family family : group.families()) {
      if (!GroupSort.isOwn(family.name()) && isInSeries(family.block(), word, steps)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInSeries(FamilyBlock block, String word, Steps steps) {
    return isPlain(word)
        ? isInQuotes(block.text(), word.getBytes(StandardCharsets.US_ASCII), steps)
        : isInDecoded(block, word, steps);
  }

  /** Returns whether a word has the same bytes in the text format, in any case. */
  private static boolean isPlain(String word) {
    return word.matches("[\\x00-~&&[^\"\\\\]]*");
  }

  private static boolean isInDecoded(FamilyBlock block, String word, Steps steps) {
    for (int i = 0; i < block.size(); i++) {
      if (isInValues(block.metric(i).labels(), word, steps)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInValues(Labels labels, String word, Steps steps) {
    for (int i = 0; i < labels.size(); i++) {
      for (int at = 0; at <= labels.value(i).length(); at += BYTES_PER_STEP) {
        steps.step();
      }
      if (contains(labels.value(i), word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(String text, String lowerCaseWord) {
    return text.toLowerCase(Locale.ROOT).contains(lowerCaseWord);
  }

  /** Returns whether a quoted string of the sample lines contains a word. */
  private static boolean isInQuotes(byte[] text, byte[] word, Steps steps) {
    boolean quoted = false;
    int nextStep = 0;
    for (int at = 0; at < text.length; at++) {
      if (at >= nextStep) {
        steps.step();
        nextStep = at + BYTES_PER_STEP;
      }
      byte b = text[at];
      if (b == '"') {
        quoted = !quoted;
      } else if (quoted && isAt(text, at, word)) {
        return true;
      } else if (b == '\\') {
        at++;
      }
    }
    return false;
  }

  private static boolean isAt(byte[] text, int at, byte[] lowerCaseWord) {
    if (at + lowerCaseWord.length > text.length) {
      return false;
    }
    for (int i = 0; i < lowerCaseWord.length; i++) {
      byte b = text[at + i];
      int lower = b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
      if (lower != lowerCaseWord[i]) {
        return false;
      }
    }
    return true;
  }
}
