package dev.pushgateway.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the JDK says of a failure, and what we make of it. */
class ReasonsTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new FileNotFoundException("/a/b (Permission denied)"), "permission denied"),
        Arguments.of(new FileNotFoundException("/a (1)/b\n (Is a directory)"), "is a directory"),
        Arguments.of(new FileNotFoundException("/a/b"), "/a/b"),
        Arguments.of(new AccessDeniedException("/a"), "permission denied"),
        Arguments.of(new NoSuchFileException("/a"), "no such file or folder"),
        Arguments.of(new DirectoryNotEmptyException("/a"), "/a is a folder"),
        Arguments.of(
            new FileSystemException("/a", null, "File name too long"), "File name too long"),
        Arguments.of(new IOException("No space left on device"), "No space left on device"),
        Arguments.of(new IOException(), "IOException"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void isInWords(IOException failure, String reason) {
    assertEquals(reason, Reasons.of(failure));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cannot write to persistence file /a b/c: it is closed | cannot write to the persistence file: it is closed
          persistence file /a b/c has not been written yet      | the persistence file has not been written yet
          cannot sync the folder of persistence file /a b/c: /a b/c is a folder \
          | cannot sync the folder of the persistence file: the file is a folder
          """)
  void isTellableWithoutThePath(String sentence, String told) {
    assertEquals(told, Reasons.withoutPath(sentence, Path.of("/a b/c")));
  }
}
