package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.PersistedGateway.gauge;
import static dev.pushgateway.persistence.PersistedGateway.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may read the file, and which file it is, on the file system of this machine. */
class FileModeTest {
  private static final String SHARED = "rw-r-----";
  private static final String PRIVATE = "rw-------";

  @TempDir Path folder;
  private PersistedGateway gateway;

  @BeforeEach
  void configure() throws IOException {
    Assumptions.assumeTrue(
        Files.getFileStore(folder).supportsFileAttributeView(PosixFileAttributeView.class));
    gateway = new PersistedGateway(folder, new LocalDisk(), Duration.ofMinutes(5));
  }

  private void startShared() throws IOException {
    gateway.start();
    gateway.push(key("a"), true, 1, gauge(key("a"), "g", 1));
    setMode(SHARED);
  }

  private void setMode(String mode) throws IOException {
    Files.setPosixFilePermissions(gateway.path, PosixFilePermissions.fromString(mode));
  }

  private void checkMode(String expected) throws IOException {
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(gateway.path));
    assertEquals(expected, mode);
    gateway.file.close();
  }

  @Test
  void compactionKeepsTheMode() throws IOException {
    startShared();
    gateway.file.rewrite();
    checkMode(SHARED);
  }

  @Test
  void fileThatIsCutKeepsItsMode() throws IOException {
    startShared();
    Files.write(gateway.path, new byte[0]);
    gateway.tick();
    checkMode(SHARED);
  }

  @Test
  void fileInPlaceOfARemovedOneIsPrivate() throws IOException {
    startShared();
    Files.delete(gateway.path);
    gateway.tick();
    checkMode(PRIVATE);
  }

  @Test
  void fileInPlaceOfAForeignOneIsPrivate() throws IOException {
    startShared();
    Path other = Files.writeString(folder.resolve("other"), "of somebody else");
    Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-rw-rw-"));
    Files.move(other, gateway.path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    gateway.tick();
    checkMode(PRIVATE);
  }

  @Test
  void fileInPlaceOfAnUnreadableOneIsPrivate() throws IOException {
    Files.writeString(gateway.path, "of somebody else");
    setMode("rw-rw-rw-");
    gateway.start();
    checkMode(PRIVATE);
  }

  @Test
  void fileInPlaceOfAnEmptyOneIsPrivate() throws IOException {
    Files.createFile(gateway.path);
    setMode("rw-rw-rw-");
    gateway.start();
    checkMode(PRIVATE);
  }

  @Test
  void fileInPlaceOfADamagedOneKeepsTheMode() throws IOException {
    startShared();
    gateway.file.close();
    byte[] bytes = Files.readAllBytes(gateway.path);
    bytes[LogFormat.RECORDS_OFFSET] ^= 1;
    Files.write(gateway.path, bytes);
    gateway.start();
    assertEquals(1, gateway.droppedRecords());
    checkMode(SHARED);
  }

  /** Two names have two locks: the gateways would write over each other's records. */
  @Test
  void gatewaysWithTwoNamesOfOneFileHaveTwoFiles() throws IOException {
    startShared();
    Path otherFolder = Files.createDirectory(folder.resolve("other"));
    PersistedGateway other =
        new PersistedGateway(otherFolder, new LocalDisk(), Duration.ofMinutes(5));
    Files.createLink(other.path, gateway.path);
    other.start();
    assertEquals(gateway.state(), other.state());
    other.push(key("b"), true, 2, gauge(key("b"), "other", 2));
    gateway.push(key("c"), true, 2, gauge(key("c"), "own", 2));
    checkRestart(other);
    checkRestart(gateway);
    assertEquals(0, gateway.file.status().interferences());
    checkMode(SHARED);
    other.file.close();
  }

  private static void checkRestart(PersistedGateway gateway) throws IOException {
    Map<String, String> before = gateway.state();
    assertEquals(2, before.size());
    gateway.vanish();
    gateway.start();
    assertEquals(before, gateway.state());
    assertEquals(0, gateway.droppedRecords());
  }

  @Test
  void volumeOfThisMachineHasRoom() {
    long free = new LocalDisk().freeBytes(folder);
    assertTrue(free > 0 && free < Long.MAX_VALUE, free + " bytes");
    assertEquals(Long.MAX_VALUE, new LocalDisk().freeBytes(folder.resolve("missing")));
  }
}
