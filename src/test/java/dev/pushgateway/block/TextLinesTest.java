package dev.pushgateway.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.bytes.ByteArray;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextLinesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``      | ``
          plain   | plain
          ä€      | ä€
          a"b     | a\\"b
          a\\b    | a\\\\b
          a␊b     | a\\nb
          \\n     | \\\\n
          \\"␊    | \\\\\\"\\n
          """)
  void unescapesWhatItEscapes(String visible, String escaped) {
    byte[] plain = TextLines.utf8(visible.replace('␊', '\n'));
    ByteArray out = new ByteArray(0);
    TextLines.addEscaped(out, plain, 0, plain.length, true);
    assertEquals(escaped, new String(out.toArray(), StandardCharsets.UTF_8));
    assertEquals(visible.replace('␊', '\n'), TextLines.unescape(out.bytes, 0, out.length));
  }
}
