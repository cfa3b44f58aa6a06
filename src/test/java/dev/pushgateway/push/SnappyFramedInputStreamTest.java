package dev.pushgateway.push;

import static dev.pushgateway.push.SnappyVectors.IDENTIFIER;
import static dev.pushgateway.push.SnappyVectors.chunk;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnappyFramedInputStreamTest {
  private static byte[] read(String hex) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return new SnappyFramedInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
  }

  private static String text(String hex) throws IOException {
    return new String(read(hex), StandardCharsets.US_ASCII);
  }

  /** One literal, one copy that overlaps itself, one literal. */
  @Test
  void readsWhatRepeatsItself() throws IOException {
    byte[] out = "aaaaaaaaaaaaaaaaaaaa\n".getBytes(StandardCharsets.US_ASCII);
    assertArrayEquals(out, read(IDENTIFIER + chunk(0, "15" + "0061" + "4a0100" + "000a", out)));
  }

  /** The checksum of nine digits is the check value of CRC-32C, e3069283, masked. */
  @Test
  void knowsTheChecksumOfTheSpecification() throws IOException {
    String chunk = "01" + "0d0000" + SnappyVectors.masked(0xE3069283) + "313233343536373839";
    assertEquals("123456789", text(IDENTIFIER + chunk));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      copy with one byte of offset   | 08 0c61626364 0104       | abcdabcd
      copy of eleven bytes           | 0c 0061 1d01             | aaaaaaaaaaaa
      copy with two bytes of offset  | 08 0c61626364 0e0400     | abcdabcd
      copy with four bytes of offset | 08 0c61626364 0f04000000 | abcdabcd
      literal with one extra byte    | 03 f002616263            | abc
      literal with two extra bytes   | 03 f40200616263          | abc
      literal with three extra bytes | 03 f8020000616263        | abc
      literal with four extra bytes  | 03 fc02000000616263      | abc
      nothing                        | 00                       | ''
      """)
  void readsElements(String what, String block, String out) throws IOException {
    byte[] expected = out.getBytes(StandardCharsets.US_ASCII);
    assertEquals(out, text(IDENTIFIER + chunk(0, hex(block), expected)));
  }

  private static String hex(String block) {
    return block.replace(" ", "");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      literal longer than the block     | 04 0c6162
      literal longer than the output    | 02 0c61626364
      copy from before the start        | 08 0c61626364 0105
      copy with offset zero             | 08 0c61626364 0100
      copy with a negative offset       | 08 0c61626364 0fffffffff
      copy past the end of the output   | 06 0c61626364 0104
      too little output                 | 09 0c61626364 0104
      length that does not end          | ffffffffffff
      length of more than a chunk       | 818004 00
      negative length of a literal      | 03 fcffffffff616263
      offset that is cut off            | 08 0c61626364 0e04
      no block                          | ''
      """)
  void refusesBlocks(String what, String block) {
    IOException e =
        assertThrows(IOException.class, () -> read(IDENTIFIER + chunk(0, hex(block), new byte[0])));
    assertEquals("a block that is corrupt", e.getMessage());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      bare block            | 0c61626364               | it does not start with a stream identifier
      other identifier      | ff060000734e61507058     | a stream identifier other than "sNaPpY"
      long identifier       | ff070000734e6150705900   | a stream identifier other than "sNaPpY"
      wrong checksum        | ID 01050000 00000000 61   | a chunk whose checksum is wrong
      reserved chunk        | ID 02000000               | a chunk of the reserved type 2
      other reserved chunk  | ID 7f000000               | a chunk of the reserved type 127
      too short a chunk     | ID 01030000 000000        | a chunk of 3 bytes
      too long a chunk      | ID 01ffffff               | a chunk of 16777215 bytes
      end within a header   | ID 0105                   | it ends within a chunk
      end within a checksum | ID 01050000 0000          | it ends within a chunk
      end within the data   | ID 01050000 00000000      | it ends within a chunk
      """)
  void refusesStreams(String what, String stream, String message) {
    IOException e = assertThrows(IOException.class, () -> read(stream.replace("ID", IDENTIFIER)));
    assertEquals(message, e.getMessage());
  }

  @Test
  void skipsPaddingAndReadsOnAfterAnotherIdentifier() throws IOException {
    byte[] a = {'a'};
    String data = chunk(1, "61", a);
    assertEquals(
        "aaa", text(IDENTIFIER + data + "fe0200000000" + data + IDENTIFIER + "80010000ff" + data));
  }

  @Test
  void isEmptyWithoutAnyChunk() throws IOException {
    assertEquals("", text(""));
    assertEquals("", text(IDENTIFIER));
  }

  @Test
  void readsChunksOfFullSize() throws IOException {
    byte[] out = new byte[1 << 16];
    new Random(1).nextBytes(out);
    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    twice.write(out);
    twice.write(out);
    String full = chunk(1, HexFormat.of().formatHex(out), out);
    assertArrayEquals(twice.toByteArray(), read(IDENTIFIER + full + full));
    byte[] more = new byte[(1 << 16) + 1];
    String tooMuch = chunk(1, HexFormat.of().formatHex(more), more);
    assertThrows(IOException.class, () -> read(IDENTIFIER + tooMuch));
  }

  /** No bytes make it fail in any other way than it says. */
  @Test
  void onlyThrowsIoExceptions() {
    Random random = new Random(4711);
    byte[] start = HexFormat.of().parseHex(IDENTIFIER);
    for (int i = 0; i < 20_000; i++) {
      byte[] block = new byte[random.nextInt(24)];
      random.nextBytes(block);
      byte[] bytes = new byte[start.length + 8 + block.length];
      System.arraycopy(start, 0, bytes, 0, start.length);
      bytes[start.length + 1] = (byte) (block.length + 4);
      System.arraycopy(block, 0, bytes, start.length + 8, block.length);
      try {
        new SnappyFramedInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
      } catch (IOException expected) {
        assertFalse(expected.getMessage().isEmpty());
      }
    }
  }
}
