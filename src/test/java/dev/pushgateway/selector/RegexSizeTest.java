package dev.pushgateway.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.pushgateway.property.Draw;
import dev.pushgateway.property.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexSizeTest {
  /** Larger programs are not compiled by the tests. */
  private static final long MAX_COMPILED = 20_000;

  @ParameterizedTest(name = "{0}: {1}, {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
      ^^                                   |     3 |   1
      abc                                  |     5 |   0
      \\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3} |  25 |  12
      [0-9a-f]{64}                         |    66 |   1
      (a{100}){100}                        | 10202 | 301
      \\Q[\\E((a{999}){999}){99}           | 99000102 | 297001
      \\Q(\\Ea{9}                          |    12 |   1
      \\Q\\Ea{9}\\Q\\E{2}                  |    20 |   3
      \\Qab\\E{9}                          |    12 |   1
      \\Q{9}                               |     5 |   0
      [{1000}]{10}                         |    12 |   1
      \\{1000                              |     7 |   0
      []a{999}]{10}                        |    12 |   1
      [^]a{999}]{10}                       |    12 |   1
      [[:alpha:]]{20}                      |    22 |   1
      [\\d-[:alpha:]]{20}                  |    22 |   1
      [A-[:x]{20}                          |    22 |   1
      [\\]]{20}                            |    22 |   1
      [\\p{Greek}]{20}                     |    22 |   1
      [\\x{5d}]{20}                        |    22 |   1
      \\pN{7}\\p{^Greek}{7}\\PN            |    17 |   2
      \\x{61}{7}\\x41{7}\\101{7}\\0{7}     |    30 |   4
      a{,9}a{9a{x}a{01}                    |    19 |   0
      a{0}b{0,0}c{1}                       |     5 |   3
      a{2,}b{0,}c{1,}                      |    10 |   4
      a*b+?c??d{2}?                        |    11 |   5
      (?i)a(?s-U:b{9})(?P<n>c)(?<m>d){2}   |    21 |   8
      (?i)*                                |     3 |   1
      ^a|b|cd^                             |     8 |   3
      ^|^                                  |     5 |   4
      $^\\A\\z\\b\\B                       |     8 |   6
      ((a?){50}){60}b                      | 12123 |  9181
      """)
  void bounds(String regex, long instructions, long branches) {
    RegexSize size = RegexSize.of(regex);
    assertEquals(instructions + " " + branches, size.instructions() + " " + size.branches());
    checkBound(regex);
  }

  private static void checkBound(String regex) {
    RegexSize size = RegexSize.of(regex);
    if (size.instructions() <= MAX_COMPILED) {
      try {
        int real = Pattern.compile(regex, Pattern.DOTALL).programSize();
        assertTrue(size.instructions() >= real, size + " < " + real);
      } catch (PatternSyntaxException e) {
        // Refused before it is compiled.
      }
    }
  }

  @Test
  void isAtLeastAndAboutWhatRe2Says() {
    Property.forAll(
        3_000,
        draw -> new Expressions(draw).alternatives(4),
        regex -> {
          RegexSize size = RegexSize.of(regex);
          if (size.instructions() <= MAX_COMPILED) {
            int real = Pattern.compile(regex, Pattern.DOTALL).programSize();
            assertTrue(size.instructions() >= real, size + " < " + real);
          }
        });
  }

  @Test
  void isNotMuchMoreIfNothingCanBeMerged() {
    Property.forAll(
        3_000,
        draw -> new Expressions(draw).sequence(3),
        regex -> {
          RegexSize size = RegexSize.of(regex);
          if (size.instructions() <= MAX_COMPILED && !regex.contains("|")) {
            int real = Pattern.compile(regex, Pattern.DOTALL).programSize();
            assertTrue(size.instructions() <= 5L * real, size + " > 5 * " + real);
          }
        });
  }

  @Test
  void holdsForWhateverRe2Accepts() {
    Property.forAll(
        20_000,
        draw -> draw.of("\\QE[]^-:(){}?|*+,019.aiPpLd<>sUxz$b", 0, 30),
        RegexSizeTest::checkBound);
  }

  /** Draws expressions that RE2/J accepts, from its grammar. */
  private static final class Expressions {
    private static final String[] CHARACTERS = {
      "a",
      "b",
      "é",
      "日",
      "😀",
      "}",
      "]",
      "-",
      ",",
      "{,3}",
      "{x",
      "a{01}",
      "\\.",
      "\\\\",
      "\\[",
      "\\(",
      "\\{",
      "\\]",
      "\\^",
      "\\n",
      "\\t",
      "\\x41",
      "\\x{41}",
      "\\x{1F600}",
      "\\101",
      "\\0",
      "\\01",
      "\\_",
      "\\😀",
    };
    private static final String[] CLASSES = {
      ".",
      "\\d",
      "\\W",
      "\\pL",
      "\\PN",
      "\\p{Greek}",
      "\\p{^Lu}",
      "\\P{Any}",
      "[a]",
      "[^a]",
      "[]a]",
      "[^]a]",
      "[a-]",
      "[-a]",
      "[a-z0-9]",
      "[[:alpha:]]",
      "[[:^digit:]_]",
      "[\\]]",
      "[\\d-]",
      "[\\d-[:alpha:]]",
      "[A-[:x]",
      "[(|)*]",
      "[{2}]",
      "[\\x{5d}\\x5d]",
      "[\\pL\\s]",
      "[[]",
      "[^\\x00-\\x{10FFFF}]",
      "[\\.]",
      "[😀-😂]",
      "[Aa]",
    };
    private static final String[] ASSERTIONS = {"^", "$", "\\A", "\\z", "\\b", "\\B"};
    private static final String[] QUOTED = {"[", "(", "{9}", "", "a", "\\", "ab|c*", "[:x", ")"};
    private static final String[] OPENINGS = {
      "(", "(?:", "(?i:", "(?s-i:", "(?m)(", "(?U:", "(?-s:", "(?ims-U:",
    };
    private static final String[] REPETITIONS = {
      "*", "+", "?", "{0}", "{1}", "{2}", "{7}", "{50}", "{0,}", "{1,}", "{3,}", "{0,0}", "{0,1}",
      "{0,9}", "{2,2}", "{2,30}",
    };

    private final Draw draw;
    private int names;

    Expressions(Draw draw) {
      this.draw = draw;
    }

    String alternatives(int depth) {
      return String.join("|", draw.list(1, 5, () -> sequence(depth)));
    }

    String sequence(int depth) {
      return String.join("", draw.list(0, 5, () -> item(depth)));
    }

    private String item(int depth) {
      String atom = atom(depth);
      boolean isRepeated = draw.chance(0.4) && !atom.equals("(?i)");
      return isRepeated ? atom + draw.oneOf(REPETITIONS) + draw.oneOf("", "", "?") : atom;
    }

    private String atom(int depth) {
      if (depth > 0 && draw.chance(0.4)) {
        return opening() + alternatives(depth - 1) + ")";
      }
      return switch (draw.between(0, 9)) {
        case 0, 1, 2, 3 -> draw.oneOf(CHARACTERS);
        case 4, 5, 6 -> draw.oneOf(CLASSES);
        case 7 -> draw.oneOf(ASSERTIONS);
        case 8 -> "a\\Q" + draw.oneOf(QUOTED) + "\\E";
        default -> "a(?i)";
      };
    }

    private String opening() {
      if (draw.chance(0.2)) {
        return draw.oneOf("(?P<", "(?<") + "n" + names++ + ">";
      }
      return draw.oneOf(OPENINGS);
    }
  }
}
