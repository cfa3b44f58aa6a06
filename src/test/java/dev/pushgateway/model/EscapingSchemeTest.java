package dev.pushgateway.model;

import static dev.pushgateway.property.Property.forAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.property.Draw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapingSchemeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''           | ''           | ''                 | ''
          foo          | foo          | foo                | foo
          foo_bar      | foo_bar      | foo__bar           | foo_bar
          a:b9         | a:b9         | a:b9               | a:b9
          http.status  | http_status  | http_dot_status    | U__http_2e_status
          a_b.c        | a_b_c        | a__b_dot_c         | U__a__b_2e_c
          9a           | _a           | __a                | U___39_a
          a b          | a_b          | a__b               | U__a_20_b
          ü            | _            | __                 | U___fc_
          日😀          | __           | ____               | U___65e5__1f600_
          -            | _            | __                 | U___2d_
          U__a         | U__a         | U____a             | U__a
          """)
  void escapes(String name, String underscores, String dots, String values) {
    assertEquals(name, EscapingScheme.ALLOW_UTF_8.escape(name));
    assertEquals(underscores, EscapingScheme.UNDERSCORES.escape(name));
    assertEquals(dots, EscapingScheme.DOTS.escape(name));
    assertEquals(values, EscapingScheme.VALUES.escape(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          foo_2e_bar         | foo_2e_bar
          U__foo_2e_bar      | foo.bar
          U__foo_2E_bar      | foo.bar
          U__a__b            | a_b
          U___1f60a_         | 😊
          U__                | ''
          U__a               | a
          U__bad_2e          | U__bad_2e
          U__bad_            | U__bad_
          U__in_xxx_valid    | U__in_xxx_valid
          U__surrogate_d800_ | U__surrogate_d800_
          U__long_10ffff_    | U__long_10ffff_
          U__wide_２e_        | U__wide_２e_
          """)
  void unescapes(String name, String plain) {
    assertEquals(plain, EscapingScheme.unescapeValues(name));
  }

  @Test
  void unescapingGivesBackWhatWasEscaped() {
    forAll(1_000, EscapingSchemeTest::name, EscapingSchemeTest::assertUnescapes);
  }

  private static String name(Draw draw) {
    return String.join(
        "",
        draw.list(
            0,
            12,
            () -> draw.bool() ? draw.of("aU_:.9 -é日", 1, 1) : draw.range('\0', '\uD7FF', 1, 1)));
  }

  private static void assertUnescapes(String name) {
    String escaped = EscapingScheme.VALUES.escape(name);
    // A legacy name is not escaped, and may look as if it were.
    String expected = escaped.equals(name) ? EscapingScheme.unescapeValues(name) : name;
    assertEquals(expected, EscapingScheme.unescapeValues(escaped));
  }
}
