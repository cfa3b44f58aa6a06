package dev.pushgateway.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedIntsTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 0xFFFF, 0x1_0000, Integer.MAX_VALUE})
  void tellsWhatItWasMadeOf(int largest) {
    int[] numbers = {7, largest, 0, 0xFFFF};
    PackedInts packed = PackedInts.of(numbers.clone());
    assertEquals(numbers.length, packed.size());
    assertArrayEquals(numbers, all(packed));
    for (int from = 0; from <= numbers.length; from++) {
      for (int to = from; to <= numbers.length; to++) {
        int[] expected = Arrays.copyOfRange(numbers, from, to);
        assertArrayEquals(expected, all(packed.slice(from, to)), from + " to " + to);
      }
    }
  }

  private static int[] all(PackedInts packed) {
    return IntStream.range(0, packed.size()).map(packed::get).toArray();
  }
}
