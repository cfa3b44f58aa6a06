package dev.pushgateway.webapp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The examples of the page on containers, so that each is tried as it stands there. */
final class ContainersPage {
  private static final String FENCE = "```";

  private ContainersPage() {}

  /** The first block of code after these words. */
  static String blockAfter(String words) throws IOException {
    String page = Files.readString(Path.of("..", "src", "site", "markdown", "containers.md"));
    int from = page.indexOf(words);
    if (from < 0) {
      throw new IllegalStateException("the page no longer says: " + words);
    }
    int start = page.indexOf('\n', page.indexOf(FENCE, from)) + 1;
    return page.substring(start, page.indexOf(FENCE, start));
  }
}
