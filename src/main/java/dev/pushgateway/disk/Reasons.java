package dev.pushgateway.disk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in words why a file operation failed. */
public final class Reasons {
  private static final Pattern REASON_AT_END = Pattern.compile("(?s).* \\(([^()]+)\\)");

  private Reasons() {}

  public static String of(IOException e) {
    if (e instanceof FileSystemException failure) {
      // The message of such an exception is the path, sometimes with a reason.
      if (failure.getReason() != null) {
        return failure.getReason();
      }
      if (e instanceof AccessDeniedException) {
        return "permission denied";
      }
      if (e instanceof NoSuchFileException) {
        return "no such file or folder";
      }
      if (e instanceof DirectoryNotEmptyException) {
        return failure.getFile() + " is a folder";
      }
    }
    if (e instanceof FileNotFoundException) {
      // RandomAccessFile throws it for any reason: "/path (Permission denied)".
      Matcher matcher = REASON_AT_END.matcher(String.valueOf(e.getMessage()));
      return matcher.matches() ? lowerCase(matcher.group(1)) : e.getMessage();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /**
   * Returns a sentence about a failure without the path, for clients that should not see it.
   *
   * @param file whose path the sentence may contain
   */
  public static String withoutPath(String sentence, Path file) {
    return sentence
        .replace("persistence file " + file, "the persistence file")
        .replace(file.toString(), "the file");
  }

  /** Makes the reason begin like the others. */
  private static String lowerCase(String reason) {
    return reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
  }
}
