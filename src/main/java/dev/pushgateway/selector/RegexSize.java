package dev.pushgateway.selector;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How large a regular expression becomes when its counted repetitions are written out, which is
 * what compiling it does: {@code ((a{999}){999}){999}} would fill the memory.
 *
 * <p>An estimate that errs on the large side; it need not know the grammar well, as an expression
 * that is broken is refused afterwards.
 */
final class RegexSize {
  private static final long MAX_SIZE = 10_000;

  private final String regex;
  private final Deque<Long> outerSizes = new ArrayDeque<>();
  private long size;
  private long atomSize;

  private RegexSize(String regex) {
    this.regex = regex;
  }

  static boolean isModest(String regex) {
    return new RegexSize(regex).measure() <= MAX_SIZE;
  }

  private long measure() {
    int at = 0;
    while (at < regex.length() && size <= MAX_SIZE) {
      at = step(at);
    }
    return outerSizes.stream().reduce(size, Long::sum);
  }

  private int step(int at) {
    switch (regex.charAt(at)) {
      case '\\' -> {
        addAtom(1);
        return at + 2;
      }
      case '[' -> {
        addAtom(1);
        return endOfClass(at);
      }
      case '(' -> {
        outerSizes.push(size);
        size = 0;
      }
      case ')' -> closeGroup();
      case '{' -> repeat(at);
      default -> addAtom(1);
    }
    return at + 1;
  }

  private void addAtom(long newSize) {
    atomSize = newSize;
    size += newSize;
  }

  private void closeGroup() {
    long groupSize = size + 1;
    size = outerSizes.isEmpty() ? 0 : outerSizes.pop();
    addAtom(groupSize);
  }

  /** Repeats the last atom as often as the largest number in the braces says. */
  private void repeat(int at) {
    long largest = 0;
    long number = 0;
    int i = at + 1;
    for (; i < regex.length() && "0123456789,".indexOf(regex.charAt(i)) >= 0; i++) {
      char c = regex.charAt(i);
      number = c == ',' ? 0 : Math.min(MAX_SIZE, number * 10 + c - '0');
      largest = Math.max(largest, number);
    }
    long times = Math.max(1, largest + 1);
    size += atomSize * (times - 1);
    atomSize *= times;
  }

  /** A class holds no repetition; a bracket that comes first in it does not close it. */
  private int endOfClass(int from) {
    int at = from + 1;
    at += at < regex.length() && regex.charAt(at) == '^' ? 1 : 0;
    at += at < regex.length() && regex.charAt(at) == ']' ? 1 : 0;
    while (at < regex.length() && regex.charAt(at) != ']') {
      if (regex.startsWith("[:", at) && regex.indexOf(":]", at) > 0) {
        at = regex.indexOf(":]", at) + 2;
      } else {
        at += regex.charAt(at) == '\\' ? 2 : 1;
      }
    }
    return at + 1;
  }
}
