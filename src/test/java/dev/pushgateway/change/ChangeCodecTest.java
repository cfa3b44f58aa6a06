package dev.pushgateway.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.PlainFamily;
import dev.pushgateway.model.Labels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes come back from their bytes as they were, and nothing else passes for one. */
class ChangeCodecTest {
  private static final GroupingKey KEY =
      new GroupingKey(Labels.of("job", "größe \"1\"\n", "instance", "", "zone", "x".repeat(300)));

  private static FamilyBlock gauge(String name, double value) {
    return FamilyBlock.gauge(name, "Help of " + name, KEY.groupingLabels(), value);
  }

  static List<Change> changes() {
    return List.of(
        new Change.Pushed(KEY, true, 1_700_000_000_123_456_789L, List.of()),
        new Change.Pushed(KEY, false, 1, List.of(gauge("one", 1), gauge("two", Double.NaN))),
        new Change.PushFailed(KEY, Long.MAX_VALUE),
        new Change.Deleted(KEY, -1),
        new Change.Wiped(0),
        new Change.Stored(
            KEY,
            1,
            2,
            3,
            4,
            List.of(
                new Change.StoredFamily(gauge("one", 1), 5),
                new Change.StoredFamily(gauge("two", 2), 6))),
        new Change.Stored(KEY, 0, 2, 3, 4, List.of()));
  }

  private static byte[] bytes(Change change) {
    long maxLength = ChangeCodec.maxLength(change);
    byte[] bytes = new byte[(int) maxLength + 7];
    int end = ChangeCodec.write(change, bytes, 7);
    assertTrue(end <= bytes.length);
    return Arrays.copyOfRange(bytes, 7, end);
  }

  /** Blocks are compared by what a scrape sends of them. */
  private static String describe(Change change) {
    if (change instanceof Change.Pushed pushed) {
      return change.timeNanos() + " " + pushed.key() + pushed.replace() + blocks(pushed.families());
    }
    if (change instanceof Change.Stored stored) {
      return stored.key()
          + " "
          + List.of(
              stored.pushTimeNanos(),
              stored.failureTimeNanos(),
              stored.pushTimeStampNanos(),
              stored.failureTimeStampNanos())
          + stored.families().stream().map(Change.StoredFamily::timeNanos).toList()
          + blocks(stored.families().stream().map(Change.StoredFamily::block).toList());
    }
    return change.toString();
  }

  private static String blocks(List<FamilyBlock> blocks) {
    return blocks.stream().map(PlainFamily::of).toList().toString();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void changeComesBackAsItWas(Change change) throws Exception {
    byte[] bytes = bytes(change);
    assertEquals(describe(change), describe(ChangeCodec.read(bytes, 0, bytes.length)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void unknownFieldsAreSkipped(Change change) throws Exception {
    byte[] bytes = bytes(change);
    byte[] first = {99, 2, 1, 2};
    byte[] last = {(byte) 0x80, 1, 0}; // Number 128, without content.
    byte[] longer = new byte[bytes.length + first.length + last.length];
    longer[0] = bytes[0];
    System.arraycopy(first, 0, longer, 1, first.length);
    System.arraycopy(bytes, 1, longer, 1 + first.length, bytes.length - 1);
    System.arraycopy(last, 0, longer, longer.length - last.length, last.length);
    assertEquals(describe(change), describe(ChangeCodec.read(longer, 0, longer.length)));
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 7, 100, 127, -1})
  void unknownKindHasItsOwnException(int kind) {
    byte[] bytes = bytes(new Change.Wiped(1));
    bytes[0] = (byte) kind;
    UnknownChangeException unknown =
        assertThrows(UnknownChangeException.class, () -> ChangeCodec.read(bytes, 0, bytes.length));
    assertEquals("record kind " + (kind & 0xFF), unknown.getMessage());
  }

  @ParameterizedTest
  @MethodSource("changes")
  void cutChangeIsRefusedOrLacksAFamily(Change change) throws UnknownChangeException {
    byte[] bytes = bytes(change);
    for (int to = 0; to < bytes.length; to++) {
      try {
        Change read = ChangeCodec.read(bytes, 0, to);
        assertTrue(describe(read).length() < describe(change).length(), "cut at " + to);
      } catch (MalformedChangeException e) {
        assertTrue(
            e.getMessage().matches("(?s)byte \\d+: .*|the field .* is missing"), e.getMessage());
      }
    }
  }

  @Test
  void missingFieldIsNamed() {
    byte[] bytes = {2, 2, 8, 0, 0, 0, 0, 0, 0, 0, 1}; // A failed push with a time only.
    MalformedChangeException malformed =
        assertThrows(
            MalformedChangeException.class, () -> ChangeCodec.read(bytes, 0, bytes.length));
    assertEquals("the field \"key\" is missing", malformed.getMessage());
  }

  @Test
  void keyWithoutJobIsRefused() {
    byte[] bytes = {2, 1, 4, 1, 'a', 1, 'b', 2, 8, 0, 0, 0, 0, 0, 0, 0, 1};
    MalformedChangeException malformed =
        assertThrows(
            MalformedChangeException.class, () -> ChangeCodec.read(bytes, 0, bytes.length));
    assertEquals("byte 7: job name is required", malformed.getMessage());
  }
}
