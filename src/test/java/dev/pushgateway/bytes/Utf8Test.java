package dev.pushgateway.bytes;

import static dev.pushgateway.property.Property.forAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.property.Draw;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class Utf8Test {
  /** Sound characters and broken ones, a byte each as ISO 8859-1. */
  private static final String[] PARTS = {
    "aaaaaaaa",
    "b",
    "\u00C3\u00BC",
    "\u00E6\u0097\u00A5",
    "\u00F0\u009F\u0098\u0080",
    "\u00ED\u00A0\u0080",
    "\u00F4\u0090\u0080\u0080",
    "\u00C0\u0080",
    "\u0080",
    "\u00E6\u0097",
  };

  @Test
  void agreesWithTheJdkWhateverTheFirstTwoBytes() {
    for (int pair = 0; pair < 1 << 16; pair++) {
      byte first = (byte) (pair >> 8);
      byte second = (byte) pair;
      assertAgrees(first, second, (byte) 0x80);
      assertAgrees(first, second, (byte) 0xBF, (byte) 0x80);
      assertAgrees(first, second, (byte) 0x80, (byte) 0xC0);
    }
  }

  @Test
  void agreesWithTheJdk() {
    forAll(5_000, Utf8Test::mixed, Utf8Test::assertAgrees);
  }

  private static byte[] mixed(Draw draw) {
    List<String> parts = draw.list(0, 8, () -> draw.oneOf(PARTS));
    return String.join("", parts).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void assertAgrees(byte... bytes) {
    assertEquals(isValidForJdk(bytes), Utf8.isValid(bytes, 0, bytes.length));
    byte[] amidst = new byte[bytes.length + 20];
    System.arraycopy(bytes, 0, amidst, 10, bytes.length);
    amidst[9] = (byte) 0xF0;
    amidst[10 + bytes.length] = (byte) 0x80;
    assertEquals(isValidForJdk(bytes), Utf8.isValid(amidst, 10, 10 + bytes.length));
  }

  private static boolean isValidForJdk(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
