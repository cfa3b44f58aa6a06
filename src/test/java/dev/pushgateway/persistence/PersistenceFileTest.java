package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.PersistedGateway.gauge;
import static dev.pushgateway.persistence.PersistedGateway.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.LocalDisk;
import dev.pushgateway.disk.MemoryDisk;
import dev.pushgateway.persistence.PersistenceFile.Surroundings;
import dev.pushgateway.store.MetricStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening, locking, syncing and compacting, on real disks where that matters. */
class PersistenceFileTest {
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

  @TempDir Path folder;

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true); // A test that fails must not keep the others waiting.
    return thread;
  }

  private static IOException refused(Path path) {
    MetricStore store = new MetricStore(true, Map.of());
    return assertThrows(IOException.class, () -> PersistenceFile.open(path, FIVE_MINUTES, store));
  }

  @Test
  void sameProcessIsKeptOut() throws IOException {
    PersistedGateway gateway = new PersistedGateway(folder, new LocalDisk(), FIVE_MINUTES).start();
    assertEquals(
        "persistence file " + gateway.path + " is in use by another gateway in this process",
        refused(gateway.path).getMessage());
    gateway.file.close();
    gateway.start().file.close();
  }

  @Test
  void anotherProcessIsKeptOut() throws Exception {
    Path path = folder.resolve("shared.log");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                path.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertEquals('o', other.getInputStream().read());
      assertEquals(
          "persistence file " + path + " is in use by another gateway in another process",
          refused(path).getMessage());
    } finally {
      other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    MetricStore store = new MetricStore(true, Map.of());
    PersistenceFile.open(path, FIVE_MINUTES, store).close();
    assertEquals(1, store.groups().size(), "what the killed process had acknowledged");
  }

  /** A gateway in a process of its own, which is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      Path path = Path.of(args[0]);
      PersistedGateway gateway =
          new PersistedGateway(path.getParent(), new LocalDisk(), FIVE_MINUTES);
      gateway.store = new MetricStore(true, Map.of());
      gateway.file = PersistenceFile.open(path, FIVE_MINUTES, gateway.store);
      GroupingKey key = key("held");
      gateway.push(key, true, 1, gauge(key, "held", 1));
      // An attempt in the same process, as that of a web application that waits, must not cost the
      // process its lock.
      assertThrows(FileInUseException.class, () -> PersistenceFile.check(path));
      System.out.print("open");
      System.out.flush();
      Thread.currentThread().join();
    }
  }

  @Test
  void saysWhatIsWrongWithThePath() throws IOException {
    Path missing = folder.resolve("missing");
    assertEquals(
        "folder " + missing + " of the persistence file does not exist",
        refused(missing.resolve("file")).getMessage());
    assertEquals(
        "persistence file " + folder.toRealPath() + " is a folder", refused(folder).getMessage());
    Path file = Files.writeString(folder.resolve("plain"), "x", StandardCharsets.UTF_8);
    assertEquals(
        file + ", the folder of the persistence file, is not a folder",
        refused(file.resolve("below")).getMessage());
  }

  @Test
  void saysThatItMayNotReadOrEnter() throws IOException {
    Path file = Files.createFile(folder.resolve("secret"));
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Path inside = Files.createDirectory(closed.resolve("inside"));
    Files.setPosixFilePermissions(file, Set.of());
    Files.setPosixFilePermissions(closed, Set.of());
    Assumptions.assumeFalse(Files.isReadable(file), "this user may read everything");
    assertEquals(
        "cannot open persistence file " + file + ": permission denied", refused(file).getMessage());
    assertEquals(
        "cannot create the lock file "
            + closed.resolve("file.lock")
            + " of the persistence file: permission denied",
        refused(closed.resolve("file")).getMessage());
    assertEquals(
        "cannot look at folder " + inside + " of the persistence file: permission denied",
        refused(inside.resolve("file")).getMessage());
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void saysWhichFolderStandsInItsWay() throws IOException {
    Path file = folder.resolve("blocked");
    Path rewrite = Files.createDirectory(folder.resolve("blocked.rewrite"));
    Files.createFile(rewrite.resolve("something"));
    assertEquals(
        "cannot open persistence file " + file + ": " + rewrite + " is a folder",
        refused(file).getMessage());
  }

  @Test
  void neverTakesThePlaceOfADeviceOrPipe() throws Exception {
    assertEquals(
        "persistence file /dev/null is no regular file, but a device or pipe",
        refused(Path.of("/dev/null")).getMessage());
    Path pipe = folder.resolve("pipe");
    new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    assertEquals(
        "persistence file " + pipe + " is no regular file, but a device or pipe",
        refused(pipe).getMessage());
  }

  @Test
  void followsASymbolicLinkToWhatIsNotThereYet() throws IOException {
    Path real = folder.resolve("later.log");
    Path second = Files.createSymbolicLink(folder.resolve("second.log"), Path.of("later.log"));
    Path first = Files.createSymbolicLink(folder.resolve("first.log"), second);
    PersistenceFile file =
        PersistenceFile.open(first, FIVE_MINUTES, new MetricStore(true, Map.of()));
    assertThrows(FileInUseException.class, () -> PersistenceFile.check(real));
    file.close();
    assertTrue(Files.isSymbolicLink(first));
    assertTrue(Files.isSymbolicLink(second));
    assertTrue(Files.size(real) > 0);
    Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
    assertEquals(
        "persistence file " + loop + " is a link to a link, again and again",
        refused(loop).getMessage());
  }

  @Test
  void followsASymbolicLink() throws IOException {
    Path real = Files.createFile(folder.resolve("real.log"));
    Path link = Files.createSymbolicLink(folder.resolve("link.log"), real);
    MetricStore store = new MetricStore(true, Map.of());
    PersistenceFile.open(link, FIVE_MINUTES, store).close();
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(Files.size(real) > 0);
  }

  @Test
  void closedFileRefusesChanges() throws IOException {
    PersistedGateway gateway = new PersistedGateway(folder, new MemoryDisk(), FIVE_MINUTES).start();
    gateway.file.close();
    gateway.file.close();
    GroupingKey key = key("late");
    IOException late =
        assertThrows(IOException.class, () -> gateway.push(key, true, 1, gauge(key, "late", 1)));
    assertEquals(
        "cannot write to persistence file " + gateway.path + ": it is closed", late.getMessage());
  }

  @Test
  void syncsAtTheInterval() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ofSeconds(3)).start();
    GroupingKey key = key("a");
    gateway.push(key, true, 1, gauge(key, "a", 1));
    int before = disk.syncs();
    gateway.tick();
    gateway.tick();
    assertEquals(before, disk.syncs());
    gateway.tick();
    assertEquals(before + 1, disk.syncs());
    for (int i = 0; i < 10; i++) {
      gateway.tick();
    }
    assertEquals(before + 1, disk.syncs(), "nothing new to sync");
    disk.powerLoss();
    gateway.vanish();
    gateway.start();
    assertEquals(1, gateway.store.groups().size());
    gateway.file.close();
  }

  @Test
  void concurrentPushesShareASync() throws Exception {
    int pushes = 16;
    MemoryDisk disk = new MemoryDisk();
    PersistedGateway gateway = new PersistedGateway(folder, disk, Duration.ZERO).start();
    int before = disk.syncs();
    Phaser firstSync = new Phaser(1);
    // The first sync lasts until all others have been appended, and wait for theirs.
    disk.beforeSync(() -> firstSync.awaitAdvance(0));
    ExecutorService clients = Executors.newFixedThreadPool(pushes, PersistenceFileTest::daemon);
    List<Future<Void>> done = new ArrayList<>();
    for (int i = 0; i < pushes; i++) {
      GroupingKey key = key("job" + i);
      Callable<Void> push =
          () -> {
            gateway.push(key, true, 1, gauge(key, "shared", 1));
            return null;
          };
      done.add(clients.submit(push));
    }
    while (gateway.store.totals().groups() < pushes) {
      Thread.onSpinWait();
    }
    firstSync.arrive();
    for (Future<Void> push : done) {
      push.get(10, TimeUnit.SECONDS);
    }
    clients.shutdown();
    assertTrue(disk.syncs() - before <= 3, (disk.syncs() - before) + " syncs");
    disk.powerLoss();
    gateway.vanish();
    gateway.start();
    assertEquals(pushes, gateway.store.groups().size());
    gateway.file.close();
  }

  @Test
  void fileStaysUnderTwiceItsContentUnderASteadyLoad() throws IOException {
    long slackBytes = 4096;
    PersistedGateway gateway =
        new PersistedGateway(folder, new MemoryDisk(), FIVE_MINUTES, slackBytes).start();
    long compactions = gateway.file.status().compactions();
    for (int i = 0; i < 5_000; i++) {
      GroupingKey key = key("job" + i % 20);
      gateway.push(key, i % 3 != 0, i, gauge(key, "one", i), gauge(key, "two", i));
      if (i % 10 == 0) {
        gateway.tick();
        PersistenceStatus status = gateway.file.status();
        assertTrue(
            status.fileBytes() <= 2 * status.liveBytes() + slackBytes + 4096, status.toString());
      }
    }
    assertTrue(gateway.file.status().compactions() > compactions + 20);
    Map<String, String> before = gateway.state();
    gateway.wipe();
    gateway.tick();
    gateway.tick();
    assertTrue(gateway.file.status().fileBytes() < slackBytes + 1000, "after a wipe");
    assertEquals(20, before.size());
    gateway.file.close();
  }

  @Test
  void changesMadeDuringARewriteAreCarriedOver() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    PersistedGateway gateway = new PersistedGateway(folder, disk, FIVE_MINUTES).start();
    GroupingKey deleted = key("deleted");
    for (int round = 1; round <= 3; round++) {
      int[] pushes = {round * 100};
      gateway.push(deleted, true, 1, gauge(deleted, "gone", 1));
      disk.beforeSync(
          () -> {
            try {
              int value = pushes[0]++;
              GroupingKey key = key("job" + value);
              if (value == 301) {
                gateway.wipe(); // Between the first and the second sync of the last round.
              }
              gateway.push(key, false, value, gauge(key, "value", value));
              gateway.delete(deleted);
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      gateway.file.rewrite();
      assertTrue(pushes[0] >= round * 100 + 2, "pushes during two syncs");
      disk.beforeSync(() -> {});
      Map<String, String> before = gateway.state();
      MemoryDisk copy = new MemoryDisk();
      copy.put(gateway.path, disk.content(gateway.path));
      gateway.vanish();
      PersistedGateway reopened = new PersistedGateway(folder, copy, FIVE_MINUTES).start();
      assertEquals(before, reopened.state());
      assertEquals(0, reopened.file.status().droppedRecords());
      reopened.vanish();
    }
  }

  @Test
  void pushesGoOnWhileTheFileIsCompacted() throws Exception {
    MetricStore store = new MetricStore(true, Map.of());
    Path path = folder.resolve("busy.log");
    PersistenceFile file =
        PersistenceFile.open(
            path,
            FIVE_MINUTES,
            store,
            new Surroundings(
                new LocalDisk(), PersistedGateway.CLOCK, System::nanoTime, true, 20_000));
    PersistedGateway gateway = new PersistedGateway(folder, new LocalDisk(), FIVE_MINUTES);
    gateway.store = store;
    ExecutorService clients = Executors.newFixedThreadPool(3, PersistenceFileTest::daemon);
    List<Future<Void>> done = new ArrayList<>();
    for (int client = 0; client < 3; client++) {
      GroupingKey key = key("client" + client);
      Callable<Void> pushes =
          () -> {
            for (int i = 1; i <= 2_000 || file.status().compactions() < 3; i++) {
              FamilyBlock block = gauge(key, "family" + i % 7, i);
              gateway.push(key, i % 50 == 0, i, block);
            }
            return null;
          };
      done.add(clients.submit(pushes));
    }
    for (Future<Void> client : done) {
      client.get(60, TimeUnit.SECONDS);
    }
    clients.shutdown();
    Map<String, String> before = PersistedGateway.state(store);
    assertTrue(file.status().compactions() > 1);
    file.close();
    MetricStore again = new MetricStore(true, Map.of());
    PersistenceFile reopened = PersistenceFile.open(path, FIVE_MINUTES, again);
    assertEquals(0, reopened.status().droppedRecords());
    reopened.close();
    assertEquals(before, PersistedGateway.state(again));
  }

  @Test
  void closedFileLeavesNoThread() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    PersistedGateway gateway =
        new PersistedGateway(folder, new MemoryDisk(), Duration.ZERO).start();
    gateway.push(key("j"), true, 1, gauge(key("j"), "a", 1));
    assertEquals(List.of("persistence-sync"), threadsSince(before));
    gateway.file.close();
    assertEquals(List.of(), threadsSince(before));
  }

  private static List<String> threadsSince(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> name.startsWith("persistence-"))
        .toList();
  }
}
