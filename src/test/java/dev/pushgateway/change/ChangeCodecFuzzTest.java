package dev.pushgateway.change;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Throws anything at the codec of changes, as if the checksums around them were right. {@code
 * JAZZER_FUZZ=1 mvn -pl src test -Dtest=ChangeCodecFuzzTest} looks for new inputs.
 */
class ChangeCodecFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void refusesOrUnderstands(byte[] change) {
    try {
      ChangeCodec.read(change, 0, change.length);
    } catch (MalformedChangeException | UnknownChangeException e) {
      assertNotNull(e.getMessage());
    }
  }
}
