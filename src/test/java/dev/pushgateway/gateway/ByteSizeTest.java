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
    "1000, 1000, 1KB",
    "1001, 1001, 1001",
    "64MB, 64000000, 64MB",
    "64MiB, 67108864, 64MiB",
    "1.5MB, 1500000, 1500KB",
    "65536, 65536, 64KiB",
    "64KiB, 65536, 64KiB",
    "64KB, 64000, 64KB",
    "64K, 64000, 64KB",
    "64kB, 64000, 64KB",
    "64Ki, 65536, 64KiB",
    "1024KB, 1024000, 1024KB",
    "100B, 100, 100",
    "1.5MiB, 1572864, 1536KiB",
    "2GB, 2000000000, 2GB",
    "2GiB, 2147483648, 2GiB",
    "1TiB, 1099511627776, 1TiB",
    "7PiB, 7881299347898368, 7PiB",
    "9000P, 9000000000000000000, 9000PB"
  })
  void readsAndWrites(String text, long bytes, String written) {
    assertEquals(bytes, ByteSize.parse(text).orElseThrow());
    assertEquals(written, ByteSize.format(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "KiB", "-1", "1 MB", "1e3", "1.", ".5K", "64kib", "64iB", "64i", "1KiBB", "9224P",
        "8192PiB"
      })
  void refuses(String text) {
    assertTrue(ByteSize.parse(text).isEmpty());
  }
}
