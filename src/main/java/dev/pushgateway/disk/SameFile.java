package dev.pushgateway.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Tells whether an open file is the one under a name, without trusting in the keys of files: those
 * of some network file systems change by themselves, and some systems have none.
 */
public final class SameFile {
  private SameFile() {}

  /**
   * Makes the open file longer by a byte for a moment, and looks whether that is to be seen under
   * the name. Takes no space on the disk. Nobody may write to the file meanwhile.
   *
   * @throws IOException if that cannot be tried or undone
   */
  public static boolean isUnder(Disk disk, Path name, Disk.Handle handle) throws IOException {
    long length = handle.length();
    if (length(disk, name) != length) {
      return false;
    }
    handle.truncate(length + 1);
    try {
      return length(disk, name) == length + 1;
    } finally {
      handle.truncate(length);
    }
  }

  private static long length(Disk disk, Path name) throws IOException {
    return disk.entry(name).map(Disk.Entry::length).orElse(-1L);
  }
}
