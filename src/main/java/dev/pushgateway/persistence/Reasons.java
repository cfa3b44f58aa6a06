package dev.pushgateway.persistence;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why an operation on a file failed, in words. */
final class Reasons {
  private Reasons() {}

  static String of(IOException e) {
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
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
