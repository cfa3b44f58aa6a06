package dev.pushgateway.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.bytes.MalformedBytesException;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.parse.TextParser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks come back from their records as they were, and nothing else passes for one. */
class FamilyBlockRecordTest {
  private static final GroupingLabels GROUPING =
      GroupingLabels.of(Labels.of("job", "j\"\\\n", "zone", "ü"));

  private static List<FamilyBlock> blocks() throws ExpositionException {
    String body =
        """
        # HELP c Counts, \\\\ and\\n more.
        # TYPE c counter
        c{a="1"} 1
        c{a="2",b="x=\\"y\\",{}"} 2.5
        c 3
        # TYPE s summary
        s{quantile="0.5"} 1
        s_sum 2
        s_count 3
        s{a="1",quantile="0.9"} NaN
        # TYPE h histogram
        h_bucket{le="1"} 1
        h_bucket{le="+Inf"} 2
        h_sum 2
        h_count 2
        h_bucket{b="c",le="+Inf"} 2
        zero -0
        {"wörter.mit punkt","étiquette"="1"} 4
        {"zwei","a b"="1"} 5
        {"nur name"} 6
        """;
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new TextParser(true).parse(bytes, 0, bytes.length, GROUPING).families();
  }

  private static byte[] record(FamilyBlock block) {
    byte[] room = new byte[(int) FamilyBlockRecord.length(block)];
    assertEquals(room.length, FamilyBlockRecord.write(block, room, 0), block.name());
    return room;
  }

  @Test
  void blocksComeBackAsTheyWere() throws Exception {
    for (FamilyBlock block : blocks()) {
      byte[] record = record(block);
      FamilyBlock read = FamilyBlockRecord.read(record, 0, record.length);
      assertEquals(PlainFamily.of(block), PlainFamily.of(read));
      assertArrayEquals(block.text(), read.text());
      assertArrayEquals(block.protobuf(), read.protobuf());
      assertEquals(block.problem(), read.problem());
      assertEquals(block.hasLegacyNames(), read.hasLegacyNames(), block.name());
      assertTrue(block.hasSameSeries(read), block.name());
      for (int i = 0; i < block.size(); i++) {
        assertEquals(block.labelCount(i), read.labelCount(i));
        assertEquals(block.textStart(i), read.textStart(i));
        assertEquals(block.seriesHash(i), read.seriesHash(i));
        assertTrue(block.isSameSeries(i, read, i));
      }
    }
  }

  @Test
  void emptyFamilyAndProblemComeBack() throws Exception {
    FamilyBlockBuilder builder = new FamilyBlockBuilder("empty", GROUPING, true);
    builder.type(MetricType.GAUGE_HISTOGRAM);
    builder.unit("seconds");
    builder.problem("no good");
    FamilyBlock block = builder.build();
    byte[] record = record(block);
    FamilyBlock read = FamilyBlockRecord.read(record, 0, record.length);
    assertEquals(PlainFamily.of(block), PlainFamily.of(read));
    assertEquals("no good", read.problem());
    assertEquals(0, read.size());
  }

  @Test
  void unknownFieldIsSkipped() throws Exception {
    for (FamilyBlock block : blocks()) {
      byte[] record = record(block);
      byte[] longer = Arrays.copyOf(record, record.length + 6);
      System.arraycopy(new byte[] {10, 1, 0, 99, 1, 0}, 0, longer, record.length, 6);
      FamilyBlock read = FamilyBlockRecord.read(longer, 0, longer.length);
      assertEquals(PlainFamily.of(block), PlainFamily.of(read));
    }
  }

  /** The numbers are the file's own: another order of the constants must not change them. */
  @ParameterizedTest
  @CsvSource({
    "COUNTER, 1",
    "GAUGE, 2",
    "SUMMARY, 3",
    "UNTYPED, 4",
    "HISTOGRAM, 5",
    "GAUGE_HISTOGRAM, 6"
  })
  void typeHasItsNumber(MetricType type, int number) {
    FamilyBlockBuilder builder = new FamilyBlockBuilder("t", GROUPING, true);
    builder.type(type);
    byte[] record = record(builder.build());
    assertArrayEquals(new byte[] {2, 1, (byte) number}, Arrays.copyOfRange(record, 3, 6));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 8, 9, 127})
  void unknownTypeHasItsOwnException(int number) {
    byte[] record = record(new FamilyBlockBuilder("t", GROUPING, true).build());
    record[5] = (byte) number;
    UnknownTypeException unknown =
        assertThrows(
            UnknownTypeException.class, () -> FamilyBlockRecord.read(record, 0, record.length));
    assertEquals("metric type " + number, unknown.getMessage());
  }

  @Test
  void changedBytesAreRefusedOrGiveASoundBlock() throws ExpositionException {
    for (FamilyBlock block : blocks()) {
      byte[] record = record(block);
      for (int at = 0; at < record.length; at++) {
        for (int mask : new int[] {1, 2, 0x10, 0x7F, 0x80}) {
          byte[] changed = record.clone();
          changed[at] ^= (byte) mask;
          readOrRefuse(changed, changed.length);
        }
        readOrRefuse(record, at);
      }
    }
  }

  private static void readOrRefuse(byte[] bytes, int to) {
    try {
      FamilyBlock read = FamilyBlockRecord.read(bytes, 0, to);
      for (int i = 1; i < read.size(); i++) {
        read.compareSeries(i - 1, read, i); // Must not run out of the text.
      }
    } catch (MalformedBytesException e) {
      assertTrue(e.getMessage().contains("byte "), e.getMessage());
    } catch (UnknownTypeException e) {
      assertTrue(e.getMessage().startsWith("metric type "), e.getMessage());
    }
  }
}
