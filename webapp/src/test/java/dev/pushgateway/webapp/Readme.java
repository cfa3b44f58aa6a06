package dev.pushgateway.webapp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The examples of the README, so that each is tried as it stands there. */
final class Readme {
  private static final String FENCE = "```";

  private Readme() {}

  /** The first block of code after these words. */
  static String blockAfter(String words) throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    int from = readme.indexOf(words);
    if (from < 0) {
      throw new IllegalStateException("the README no longer says: " + words);
    }
    int start = readme.indexOf('\n', readme.indexOf(FENCE, from)) + 1;
    return readme.substring(start, readme.indexOf(FENCE, start));
  }
}
