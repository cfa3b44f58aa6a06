package dev.pushgateway.selector;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bounds what a regular expression becomes when RE2/J compiles it, which writes counted repetitions
 * out: {@code ((a{999}){999}){999}} would fill the memory. Needs time and memory in proportion to
 * the text.
 *
 * <p>RE2/J makes an instruction of each character or class, of each choice ({@code |}, {@code *},
 * {@code ?}), of each assertion, and two of each group. What it merges makes programs smaller than
 * the bound.
 *
 * @param instructions at least the size of the program
 * @param branches at least the number of instructions without a character that follow each other.
 *     RE2/J calls itself for each of them when it matches, and when it compiles for each level of
 *     groups and repetitions
 * @param groups the number of groups that RE2/J notes the place of
 * @param ranges the number of characters, ranges and classes in brackets
 * @param unicodeClasses the number of Unicode classes, and of ranges that are as large
 */
record RegexSize(long instructions, long branches, int groups, int ranges, int unicodeClasses) {
  /** RE2/J refuses to repeat anything more often. */
  private static final int MAX_REPETITIONS = 1_000;

  /** The program begins with a failure and ends with a match. */
  private static final int OUTSIDE = 2;

  /** An instruction, its places in two queues, a thread, and what the parser makes of it. */
  private static final long INSTRUCTION_BYTES = 200;

  /** Each thread notes where each group begins and ends. */
  private static final long GROUP_BYTES = 8;

  /** Ranges of the largest Unicode class, twice while it grows, and their other cases. */
  private static final long UNICODE_CLASS_BYTES = 16 << 10;

  static RegexSize of(String regex) {
    return new Measuring(regex).measure();
  }

  /** Returns how much memory it takes at most to compile the expression and to match with it. */
  long bytes() {
    return instructions * (INSTRUCTION_BYTES + GROUP_BYTES * groups)
        + unicodeClasses * UNICODE_CLASS_BYTES;
  }

  /** What was read of one group, or of the whole: the last item may yet be repeated. */
  private static final class Sequence {
    /** So large that it is refused, and small enough to be multiplied. */
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
     * @param levels how deep RE2/J calls itself to compile and to match them
     */
    void repeat(long times, long choices, long levels) {
      lastInstructions = Math.min(HUGE, lastInstructions * times + choices);
      lastBranches = Math.min(HUGE, lastBranches * times + levels);
    }

    /** Repeats the last item not at all: what is empty has an instruction, too. */
    void drop() {
      lastInstructions = 1;
      lastBranches++; // RE2/J still walks the branches that it drops.
    }

    /** Ends an alternative. An empty one has an instruction, too. */
    void end() {
      add(hasItem ? 0 : 1, hasItem ? 0 : 1);
    }

    /**
     * Begins another alternative. What is left of one without a common prefix may be empty: that
     * adds a branch, but only one that is followed.
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

    /** Reads what begins here; returns where it ends. */
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
        return end; // Flags for what follows.
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
     * Repeats the last item; a question mark behind the repetition belongs to it.
     *
     * @param most -1 if there is no limit
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
