package dev.pushgateway.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void copyThatFailsLeavesNothing() {
    Path target = folder.resolve("target");
    assertThrows(IOException.class, () -> disk.keep(folder.resolve("missing"), target));
    assertFalse(Files.exists(target));
  }
}
