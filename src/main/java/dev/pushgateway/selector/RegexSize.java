package dev.pushgateway.selector;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Estimates how large a regular expression is after RE2/J has compiled it. RE2/J writes counted
 * repetitions out: {@code ((a{999}){999}){999}} would fill the memory. The estimate takes time and
 * memory in proportion to the text.
 *
 * <p>RE2/J makes one instruction of each character, class, choice ({@code |}, {@code *}, {@code ?})
 * and assertion, and two of each group. It merges some of them, so that the program may be smaller
 * than the estimate.
 *
 * @param instructions upper bound of the program's instructions
 * @param branches upper bound of the consecutive instructions that read no character. RE2/J calls
 *     itself for each of them when it matches. When it compiles, it calls itself for each level of
 *     groups and repetitions
 * @param groups the number of capturing groups
 * @param ranges the number of characters, ranges and classes in brackets
 * @param unicodeClasses the number of Unicode classes, and of ranges that are as large
 */
record RegexSize(long instructions, long branches, int groups, int ranges, int unicodeClasses) {
  /** RE2/J refuses higher counts in a repetition. */
  private static final int MAX_REPETITIONS = 1_000;

  /** Each program begins with a failure instruction and ends with a match instruction. */
  private static final int OUTSIDE = 2;

  /** Bytes of one instruction, its places in two queues, a thread, and the parser's nodes. */
  private static final long INSTRUCTION_BYTES = 200;

  /** Bytes for the start and the end of one group, which each thread of the match keeps. */
  private static final long GROUP_BYTES = 8;

  /**
   * Bytes for the ranges of the largest Unicode class, twice while it grows, and its other cases.
   */
  private static final long UNICODE_CLASS_BYTES = 16 << 10;

  static RegexSize of(String regex) {
    return new Measuring(regex).measure();
  }

  /** Returns the maximum memory, in bytes, to compile the expression and to match with it. */
  long bytes() {
    return instructions * (INSTRUCTION_BYTES + GROUP_BYTES * groups)
        + unicodeClasses * UNICODE_CLASS_BYTES;
  }

  /**
   * Counts what was read of one group, or of the whole expression. Its last item may yet be
   * repeated.
   */
  private static final class Sequence {
    /** Larger than every limit, and small enough to be multiplied without overflow. */
    private static final long HUGE = 1L << 40;

    private final boolean isGroup;
    private long instructions;
    private long branches;
    private long lastInstructions;
    private long lastBranches;
    private boolean hasItem;
    private boolean hasFork;

    Sequence(boolean isGroup) {
      this.isGroup = isGroup;
    }

    void add(long newInstructions, long newBranches) {
      instructions = Math.min(HUGE, instructions + lastInstructions);
      branches = Math.min(HUGE, branches + lastBranches);
      lastInstructions = newInstructions;
      lastBranches = newBranches;
      hasItem = true;
    }

    /**
     * Repeats the last item.
     *
     * @param choices the instructions that choose between another repetition and the end
     * @param levels how deep RE2/J calls itself to compile and to match the choices
     */
    void repeat(long times, long choices, long levels) {
      lastInstructions = Math.min(HUGE, lastInstructions * times + choices);
      lastBranches = Math.min(HUGE, lastBranches * times + levels);
    }

    /** Repeats the last item zero times. The empty rest takes one instruction. */
    void drop() {
      lastInstructions = 1;
      lastBranches++; // RE2/J still walks the branches that it drops.
    }

    /** Ends an alternative. An empty one takes one instruction. */
    void end() {
      add(hasItem ? 0 : 1, hasItem ? 0 : 1);
    }

    /**
     * Begins another alternative. RE2/J moves a common prefix out of the alternatives, so that the
     * rest of one may be empty. A match follows at most one empty rest, which adds one branch.
     */
    void fork() {
      end();
      add(1, hasFork ? 1 : 2);
      add(0, 0);
      hasFork = true;
      hasItem = false;
    }

    void addTo(Sequence outer) {
      end();
      int own = isGroup ? 2 : 0;
      outer.add(instructions + lastInstructions + own, branches + lastBranches + own);
    }
  }

  private static final class Measuring {
    private final String regex;
    private final RegexScanner scanner;
    private final Deque<Sequence> outer = new ArrayDeque<>();
    private Sequence current = new Sequence(false);
    private int groups;

    Measuring(String regex) {
      this.regex = regex;
      scanner = new RegexScanner(regex);
    }

    RegexSize measure() {
      for (int at = 0; at < regex.length(); ) {
        at = step(at);
      }
      while (!outer.isEmpty()) {
        close();
      }
      Sequence all = new Sequence(false);
      current.addTo(all);
      return new RegexSize(
          all.lastInstructions + OUTSIDE,
          all.lastBranches,
          groups,
          scanner.ranges(),
          scanner.unicodeClasses());
    }

    /** Reads the token at this position, and returns its end. */
    private int step(int at) {
      switch (regex.charAt(at)) {
        case '\\' -> {
          return escape(at);
        }
        case '[' -> {
          current.add(1, 0);
          return scanner.classEnd(at);
        }
        case '(' -> {
          return open(at);
        }
        case ')' -> close();
        case '|' -> current.fork();
        case '^', '$' -> current.add(1, 1);
        case '*' -> {
          return repeat(at + 1, 0, -1);
        }
        case '+' -> {
          return repeat(at + 1, 1, -1);
        }
        case '?' -> {
          return repeat(at + 1, 0, 1);
        }
        case '{' -> {
          return brace(at);
        }
        default -> {
          current.add(1, 0);
          return scanner.characterEnd(at);
        }
      }
      return at + 1;
    }

    private int escape(int at) {
      if (scanner.isAt(at + 1, 'Q')) {
        int end = scanner.quoteContentEnd(at);
        for (int i = at + 2; i < end; i = scanner.characterEnd(i)) {
          current.add(1, 0);
        }
        return end + 2;
      }
      boolean isAssertion = at + 1 < regex.length() && "AbBz".indexOf(regex.charAt(at + 1)) >= 0;
      current.add(1, isAssertion ? 1 : 0);
      return scanner.escapeEnd(at);
    }

    private int open(int at) {
      int end = scanner.openingEnd(at);
      if (scanner.isAt(end - 1, ')')) {
        return end; // Flags for the rest of the expression.
      }
      boolean isGroup = !scanner.isAt(end - 1, ':');
      groups += isGroup ? 1 : 0;
      outer.push(current);
      current = new Sequence(isGroup);
      return end;
    }

    private void close() {
      if (!outer.isEmpty()) {
        Sequence inner = current;
        current = outer.pop();
        inner.addTo(current);
      }
    }

    private int brace(int at) {
      int end = scanner.repetitionEnd(at);
      if (end == at) {
        current.add(1, 0);
        return at + 1;
      }
      int comma = regex.indexOf(',', at);
      boolean hasComma = comma > 0 && comma < end;
      int least = number(at + 1, hasComma ? comma : end - 1);
      if (!hasComma) {
        return repeat(end, least, least);
      }
      return repeat(end, least, comma + 2 == end ? -1 : number(comma + 1, end - 1));
    }

    private int number(int from, int to) {
      int number = 0;
      for (int i = from; i < to; i++) {
        number = Math.min(MAX_REPETITIONS, 10 * number + regex.charAt(i) - '0');
      }
      return number;
    }

    /**
     * Repeats the last item. A question mark after the repetition is part of the repetition.
     *
     * @param most maximum number of repetitions; -1 if unlimited
     */
    private int repeat(int end, int least, int most) {
      long times = Math.max(1, Math.max(least, most));
      if (!current.hasItem) {
        return end; // RE2/J refuses it.
      }
      if (most == 0) {
        current.drop();
      } else if (most < 0) {
        int choices = least == 0 ? 2 : 1;
        current.repeat(times, choices, choices);
      } else {
        // x{0,3} becomes (x(x(x)?)?)?: three levels for the choices, two for what is in them.
        int choices = Math.max(0, most - least);
        current.repeat(times, choices, Math.max(1, 2L * choices - 1));
      }
      return scanner.isAt(end, '?') ? end + 1 : end;
    }
  }
}
