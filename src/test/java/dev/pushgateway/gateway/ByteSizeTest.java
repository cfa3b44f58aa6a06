package dev.pushgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1, 1, 1",
    "1000, 1000, 1000",
    "65536, 65536, 64KiB",
    "64KiB, 65536, 64KiB",
    "64KB, 65536, 64KiB",
    "64K, 65536, 64KiB",
    "100B, 100, 100",
    "1.5MiB, 1572864, 1536KiB",
    "2GB, 2147483648, 2GiB",
    "1T, 1099511627776, 1TiB",
    "7P, 7881299347898368, 7PiB"
  })
  void readsAndWrites(String text, long bytes, String written) {
    assertEquals(bytes, ByteSize.parse(text).orElseThrow());
    assertEquals(written, ByteSize.format(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "KiB", "-1", "1 MB", "1e3", "1.", ".5K", "64kib", "1KiBB", "9000000P"})
  void refuses(String text) {
    assertTrue(ByteSize.parse(text).isEmpty());
  }
}
