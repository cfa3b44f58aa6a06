package dev.pushgateway.selector;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/**
 * Throws anything at the parser of selectors. {@code JAZZER_FUZZ=1 mvn -pl src test
 * -Dtest=SelectorFuzzTest} looks for new inputs.
 */
class SelectorFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void refusesOrUnderstands(byte[] bytes) {
    try {
      SelectorParser.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (SelectorException e) {
      assertFalse(e.getMessage().isEmpty());
    }
  }
}
