package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SafeTextTest {
  @Test
  void keepsPlainTextAsItIs() {
    String text = "ä plain sentence, 100 %";
    assertSame(text, SafeText.oneLine(text));
  }

  @Test
  void leavesNothingThatCouldForgeALine() {
    assertEquals(
        "a\\nlevel=error\\u000d\\u0009\\u001b[31m\\u0085\\u2028\\u202ex",
        SafeText.oneLine("a\nlevel=error\r\t\u001b[31m\u0085\u2028\u202ex"));
  }

  @Test
  void showsWhatIsInvisible() {
    assertEquals(
        "1\\u00a0|\\u200b|\\ufeff|\\u3164|\\udb40\\udc41|😀",
        SafeText.oneLine("1\u00a0|\u200b|\ufeff|\u3164|\udb40\udc41|😀"));
    assertEquals("\"a\\\\n\\nb\"", SafeText.quote("a\\n\nb"));
  }

  @Test
  void quotesAndCuts() {
    assertEquals("\"a\\\"b\"", SafeText.quote("a\"b"));
    assertEquals('"' + "x".repeat(200) + "…\"", SafeText.quote("x".repeat(300)));
    assertEquals('"' + "x".repeat(199) + "…\"", SafeText.quote("x".repeat(199) + "😀😀"));
  }

  @Test
  void tellsTheReasonOfAFailureButNoFile() {
    IOException full = new IOException("cannot write /secret/file: No space left on device");
    assertEquals("No space left on device", SafeText.reasonOf(full));
    String hint = "see the gateway's log";
    assertEquals(hint, SafeText.reasonOf(new IOException("/secret/file")));
    assertEquals(hint, SafeText.reasonOf(new IOException("gone: C:\\secret")));
  }
}
