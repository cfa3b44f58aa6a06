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

/** Why an operation on a file failed, in words. */
public final class Reasons {
  private static final Pattern REASON_AT_END = Pattern.compile("(?s).* \\(([^()]+)\\)");

  private Reasons() {}

  public static String of(IOException e) {
    if (e instanceof FileSystemException failure) {
      // Its message is the path, and at times a reason.
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
      // Which RandomAccessFile throws, whatever the reason: "/path (Permission denied)".
      Matcher matcher = REASON_AT_END.matcher(String.valueOf(e.getMessage()));
      return matcher.matches() ? lowerCase(matcher.group(1)) : e.getMessage();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /**
   * A sentence on a failure for those who need not know where the file is.
   *
   * @param file named in it, perhaps
   */
  public static String withoutPath(String sentence, Path file) {
    return sentence
        .replace("persistence file " + file, "the persistence file")
        .replace(file.toString(), "the file");
  }

  /** As the other reasons begin. */
  private static String lowerCase(String reason) {
    return reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
  }
}
