package dev.pushgateway.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keeping a file under another name, in each way that there is. */
class LocalDiskTest {
  @TempDir Path folder;
  private final LocalDisk disk = new LocalDisk();

  @Test
  void keptFileIsThereTwice() throws IOException {
    Path source = Files.writeString(folder.resolve("source"), "content", StandardCharsets.UTF_8);
    Path target = folder.resolve("target");
    disk.keep(source, target);
    assertEquals("content", Files.readString(target));
    assertTrue(Files.exists(source));
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Path source = Files.writeString(folder.resolve("source"), "content", StandardCharsets.UTF_8);
    Path target = Files.writeString(folder.resolve("target"), "other", StandardCharsets.UTF_8);
    assertThrows(IOException.class, () -> disk.keep(source, target));
    assertEquals("other", Files.readString(target));
  }

  /** As on a file system without links, for there is none between two of them. */
  @Test
  void fileIsCopiedWhereThereAreNoLinks() throws IOException {
    Path memory = Path.of("/dev/shm");
    Assumptions.assumeTrue(
        Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(folder)),
        "there is no second file system");
    Path source = Files.createTempFile(memory, "pushgateway", "test");
    try {
      Files.writeString(source, "content", StandardCharsets.UTF_8);
      Path target = folder.resolve("target");
      disk.keep(source, target);
      assertEquals("content", Files.readString(target));
      Files.writeString(target, "other", StandardCharsets.UTF_8);
      assertThrows(IOException.class, () -> disk.keep(source, target));
      assertEquals("other", Files.readString(target));
    } finally {
      Files.delete(source);
    }
  }

  /** Mode of the file before, mode of the one that is made like it. */
  @ParameterizedTest
  @CsvSource({
    "rw-------, rw-------",
    "rw-r-----, rw-r-----",
    "rw-rw-r--, rw-rw-r--",
    "r--r--r--, rw-r--r--",
    ", rw-------"
  })
  void newFileIsForWhoeverMightReadTheOld(String before, String after) throws IOException {
    Assumptions.assumeTrue(
        Files.getFileStore(folder).supportsFileAttributeView(PosixFileAttributeView.class));
    Path old = folder.resolve("old");
    if (before != null) {
      Files.createFile(old);
      Files.setPosixFilePermissions(old, PosixFilePermissions.fromString(before));
    }
    Path next = folder.resolve("next");
    Files.writeString(next, "left over");
    try (Disk.Handle handle = disk.create(next, Optional.of(old))) {
      assertEquals(0, handle.length());
    }
    assertEquals(after, PosixFilePermissions.toString(Files.getPosixFilePermissions(next)));
  }

  @Test
  void copyThatFailsLeavesNothing() {
    Path target = folder.resolve("target");
    assertThrows(IOException.class, () -> disk.keep(folder.resolve("missing"), target));
    assertFalse(Files.exists(target));
  }
}
