package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SentencesTest {
  @Test
  void keepsPlainTextAsItIs() {
    String text = "ä plain sentence, 100 %";
    assertSame(text, Sentences.oneLine(text));
  }

  @Test
  void leavesNothingThatCouldForgeALine() {
    assertEquals(
        "a\\nlevel=error\\u000d\\u0009\\u001b[31m\\u0085\\u2028\\u202ex",
        Sentences.oneLine("a\nlevel=error\r\t\u001b[31m\u0085\u2028\u202ex"));
  }

  @Test
  void quotesAndCuts() {
    assertEquals("\"a\\\"b\"", Sentences.quote("a\"b"));
    assertEquals('"' + "x".repeat(200) + "…\"", Sentences.quote("x".repeat(300)));
    assertEquals('"' + "x".repeat(199) + "…\"", Sentences.quote("x".repeat(199) + "😀😀"));
  }

  @Test
  void tellsTheReasonOfAFailureButNoFile() {
    IOException full = new IOException("cannot write /secret/file: No space left on device");
    assertEquals("No space left on device", Sentences.reasonOf(full));
    String hint = "the gateway's log has more";
    assertEquals(hint, Sentences.reasonOf(new IOException("/secret/file")));
    assertEquals(hint, Sentences.reasonOf(new IOException("gone: C:\\secret")));
  }
}
