package dev.pushgateway.persistence;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Throws anything at the parser of records in the persistence file, as if their checksums were
 * right. {@code JAZZER_FUZZ=1 mvn -pl src test -Dtest=RecordParserFuzzTest} looks for new inputs.
 */
class RecordParserFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void refusesOrUnderstands(byte[] record) {
    try {
      RecordParser.parse(record, 0, record.length);
    } catch (RecordParser.MalformedRecordException e) {
      assertNotNull(e.getMessage());
    }
  }
}
