package dev.pushgateway.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FastGzipTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1 << 10, 1 << 20})
  void isOneGzipMemberOfWhatWasWritten(int length) throws IOException {
    byte[] plain = new byte[length];
    new Random(length).nextBytes(plain);
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (FastGzip out = new FastGzip(compressed)) {
      out.write(plain);
      out.finish();
    }
    ByteArrayInputStream in = new ByteArrayInputStream(compressed.toByteArray());
    try (GZIPInputStream read = new GZIPInputStream(in)) {
      assertArrayEquals(plain, read.readAllBytes());
    }
    assertEquals(0, in.available());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1 << 20})
  void looksCutWhereItWasNotFinished(int length) throws IOException {
    byte[] plain = new byte[length];
    new Random(length).nextBytes(plain);
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (FastGzip out = new FastGzip(compressed)) {
      out.write(plain);
    }
    ByteArrayInputStream in = new ByteArrayInputStream(compressed.toByteArray());
    try (GZIPInputStream read = new GZIPInputStream(in)) {
      assertThrows(EOFException.class, read::readAllBytes);
    }
  }
}
