package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestPathTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      /                    | ''
      /a                   | a
      /a/b                 | a~b
      /a/                  | a~
      /a//                 | a~
      //a//b               | a~b
      /./../a              | .~..~a
      /a+b;x=1             | a+b;x=1
      /a%2Fb/c             | a/b~c
      /a%2fb               | a/b
      /100%25/%2541        | 100%~%41
      /%C3%A4              | ä
      /ä                   | ä
      /%F0%9F%98%80        | 😀
      /😀                   | 😀
      /a%00b               | a\u0000b
      *                    | *
      """)
  void splitsFirstAndDecodesAfterwards(String raw, String segments) throws Exception {
    assertEquals(
        segments.replace("\\u0000", "\0"), String.join("~", RequestPath.parse(raw).segments()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      /a/%zz  | the path has a broken escape: expected '%' and two hexadecimal digits, found "%zz"
      /a/%4   | the path has a broken escape: expected '%' and two hexadecimal digits, found "%4"
      /a/%    | the path has a broken escape: expected '%' and two hexadecimal digits, found "%"
      /%-1    | the path has a broken escape: expected '%' and two hexadecimal digits, found "%-1"
      /a%FFb  | the path has a segment that is not UTF-8: "a%FFb"
      /%C3/x  | the path has a segment that is not UTF-8: "%C3"
      /%ED%A0%80 | the path has a segment that is not UTF-8: "%ED%A0%80"
      /%C0%AF | the path has a segment that is not UTF-8: "%C0%AF"
      """)
  void refuses(String raw, String message) {
    RequestRefusedException e =
        assertThrows(RequestRefusedException.class, () -> RequestPath.parse(raw));
    assertEquals(message, e.getMessage());
    assertEquals(400, e.status());
  }

  @Test
  void refusesHalfACharacter() {
    assertThrows(RequestRefusedException.class, () -> RequestPath.parse("/\ud800x"));
    assertThrows(RequestRefusedException.class, () -> RequestPath.parse("/\udc00\ud800"));
    assertThrows(RequestRefusedException.class, () -> RequestPath.parse("/a\ufffdb"));
  }

  @ParameterizedTest(name = "{0} without {1}")
  @CsvSource({
    "/ctx/metrics, /ctx, /metrics",
    "/ctx, /ctx, ''",
    "/%63tx/metrics, /ctx, /metrics",
    "//ctx/metrics, /ctx, /metrics",
    "/a/b/metrics, /a/b, /metrics",
    "/a/%62/metrics, /a/b, /metrics",
  })
  void stripsContextPath(String uri, String context, String rest) {
    assertEquals(rest, RequestPath.withoutContext(uri, context));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"/a%2Fb/c, a|b|c", "/a%2F%2Fb, a|b", "/a/b%2F, a|b|", "/%2Fa/b, a|b"})
  void splitsAtEncodedSlashesWhenAsked(String raw, String segments) throws Exception {
    RequestPath path = RequestPath.parse(raw);
    assertEquals(segments, String.join("|", path.splitAtEncodedSlashes().segments()));
    assertEquals(true, path.hasEncodedSlash());
  }
}
