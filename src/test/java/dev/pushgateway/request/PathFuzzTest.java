package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pushgateway.change.GroupingKey;
import java.nio.charset.StandardCharsets;

/**
 * Throws anything at the path of a push, base64 in it too. {@code JAZZER_FUZZ=1 mvn -pl src test
 * -Dtest=PathFuzzTest} looks for new inputs.
 */
class PathFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void refusesOrFindsTheSameGroupAgain(byte[] bytes) {
    String raw = "/metrics/job/" + new String(bytes, StandardCharsets.ISO_8859_1);
    for (boolean utf8Names : new boolean[] {false, true}) {
      GroupingKey key;
      try {
        key = new GroupPath(utf8Names, 1).parse(RequestPath.parse(raw));
      } catch (RequestRefusedException e) {
        assertEquals(RequestRefusedException.BAD_REQUEST, e.status());
        assertFalse(SafeText.oneLine(e.getMessage()).contains("\n"));
        continue;
      }
      String written = "/" + GroupPathWriter.write(key, utf8Names);
      assertEquals(key, parse(written, utf8Names), written);
    }
  }

  private static GroupingKey parse(String path, boolean utf8Names) {
    try {
      return new GroupPath(utf8Names, 1).parse(RequestPath.parse(path));
    } catch (RequestRefusedException e) {
      throw new AssertionError("what was written cannot be read: " + path, e);
    }
  }
}
