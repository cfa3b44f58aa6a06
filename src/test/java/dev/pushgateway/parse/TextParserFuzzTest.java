package dev.pushgateway.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.block.PlainFamily;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;

/**
 * Whatever is pushed, the parser takes or refuses it, and what it takes can be read back. Findings
 * are files in {@code TextParserFuzzTestInputs}, and run with the other tests for ever; {@code
 * JAZZER_FUZZ=1 mvn -pl src test -Dtest=TextParserFuzzTest} looks for more.
 */
class TextParserFuzzTest {
  private static final GroupingLabels GROUPING = GroupingLabels.of(Labels.of("job", "fuzz"));

  @FuzzTest(maxDuration = "60s")
  void takesOrRefuses(byte[] body) {
    for (boolean utf8Names : new boolean[] {false, true}) {
      try {
        ParsedPush parsed = new TextParser(utf8Names).parse(body, 0, body.length, GROUPING);
        for (FamilyBlock block : parsed.families()) {
          assertEquals(block.size(), PlainFamily.of(block).metrics().size());
        }
      } catch (ExpositionException refused) {
        // That is an answer, too.
      }
    }
  }
}
