package dev.pushgateway.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TextBytesTest {
  @Test
  void wordsEndAtAnythingThatIsNoVisibleAscii() {
    byte[] kinds = {'a', '!', '9', '~', ' ', '\n', 0, 31, 127, -1, -128, ' ' | -128, '!' | -128};
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = kinds[random.nextInt(random.nextInt(20) == 0 ? kinds.length : 4)];
      }
      int from = random.nextInt(bytes.length + 1);
      int to = from + random.nextInt(bytes.length - from + 1);
      int expected = from;
      while (expected < to && bytes[expected] > ' ') {
        expected++;
      }
      assertEquals(expected, TextBytes.wordEnd(bytes, from, to));
    }
  }

  @Test
  void wordsStartBehindTheLastBlank() {
    byte[] kinds = {'a', '!', '\n', 0, 31, '!' | -128, ' ' | -128, -1, ' '};
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[1 + random.nextInt(40)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = kinds[random.nextInt(random.nextInt(20) == 0 ? kinds.length : 8)];
      }
      int to = 1 + random.nextInt(bytes.length);
      bytes[random.nextInt(to)] = ' ';
      int expected = to;
      while (bytes[expected - 1] != ' ') {
        expected--;
      }
      assertEquals(expected, TextBytes.wordStart(bytes, to));
    }
  }

  @Test
  void plainAsciiIsCountedUpToTheFirstThatIsNot() {
    byte[] kinds = {'a', 'b', '!', '#', '[', ']', 11, '"', '\\', '\n', -1, -128, (byte) 0xC3};
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[8];
      int expected = 8;
      for (int i = 7; i >= 0; i--) {
        int kind = random.nextInt(round % 4 == 0 ? kinds.length : kinds.length - 6);
        bytes[i] = kinds[kind];
        expected = kind < kinds.length - 6 ? expected : i;
      }
      assertEquals(expected, TextBytes.countPlainAscii(bytes, 0));
      assertEquals(expected == 8, TextBytes.isPlainAscii(bytes, 0));
    }
  }
}
