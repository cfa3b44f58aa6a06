package dev.pushgateway.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VarintTest {
  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "1, 01",
    "127, 7f",
    "128, 8001",
    "300, ac02",
    "16383, ff7f",
    "16384, 808001",
    "2147483647, ffffffff07",
    "9223372036854775807, ffffffffffffffff7f",
    "-1, ffffffffffffffffff01",
  })
  void writesSevenBitsInEachByte(long value, String hex) {
    byte[] expected = HexFormat.of().parseHex(hex);
    byte[] out = new byte[2 + Varint.MAX_LENGTH];
    int end = Varint.write(value, out, 2);
    assertArrayEquals(expected, Arrays.copyOfRange(out, 2, end));
    assertEquals(expected.length, Varint.length(value));
  }
}
