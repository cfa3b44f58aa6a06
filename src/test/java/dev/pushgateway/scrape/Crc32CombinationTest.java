package dev.pushgateway.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Crc32CombinationTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "0, 1", "1, 0", "1, 1", "3, 5", "100, 65536", "70000, 1000003"})
  void isTheCrcOfBothInARow(int firstLength, int secondLength) {
    byte[] bytes = new byte[firstLength + secondLength];
    new Random(firstLength).nextBytes(bytes);
    int first = crc(bytes, 0, firstLength);
    int second = crc(bytes, firstLength, secondLength);
    int combined = Crc32Combination.combine(first, Crc32Combination.shift(secondLength), second);
    assertEquals(crc(bytes, 0, bytes.length), combined);
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
