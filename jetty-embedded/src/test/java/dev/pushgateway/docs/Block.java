package dev.pushgateway.docs;

import java.util.List;
import java.util.Optional;

/**
 * A block of code on a page.
 *
 * <pre>
 *   &lt;!-- output --&gt;          a mark: a comment on a line directly before the block
 *   ```json                    the language
 *   {"status":"success"}       the text
 *   ```
 * </pre>
 *
 * @param line number of the line that opens the block, from 1
 * @param marks texts of the comments directly before it
 * @param text its lines, each with its line feed
 */
record Block(int line, String language, List<String> marks, String text) {
  boolean isMarked(String mark) {
    return marks.contains(mark);
  }

  /** Returns what follows a word in a mark: {@code NAME} of {@code file: NAME}. */
  Optional<String> after(String word) {
    return marks.stream()
        .filter(mark -> mark.startsWith(word + " "))
        .map(mark -> mark.substring(word.length() + 1).trim())
        .findFirst();
  }
}
