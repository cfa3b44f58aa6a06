package dev.pushgateway.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * By what one sees, in a microsecond, that a file is another one: when and how large it was
 * written, and which it is. Links are followed, as Kubernetes replaces a link.
 *
 * @param identity of the file system, which differs when a file was renamed over this one
 */
public record FileStamp(FileTime modified, long size, String identity) {
  private static final FileStamp ABSENT = new FileStamp(FileTime.fromMillis(0), -1, "");

  /** Of a file as it is now; one that cannot be looked at has a stamp, too. */
  public static FileStamp of(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileStamp(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
    } catch (IOException e) {
      return ABSENT;
    }
  }
}
