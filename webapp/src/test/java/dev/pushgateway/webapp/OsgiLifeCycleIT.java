package dev.pushgateway.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.contract.Answer;
import dev.pushgateway.contract.RawClient;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The WAR as a bundle: resolve, start, stop, start, update, uninstall. Whether its classes can be
 * collected afterwards, {@code WhiteboardIT} looks at: the session manager of Pax Web 11.1.0 keeps
 * each context that ever was.
 */
@ResourceLock(OsgiIT.SETTINGS)
final class OsgiLifeCycleIT {
  private static final String GROUP = "/pushgateway/metrics/job/kept";
  private static final Set<String> THREADS = Set.of("persistence-file", "store-loader");

  @TempDir private Path folder;
  private Felix felix;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    System.setProperty("persistence.file", folder.resolve("metrics").toString());
    felix = new Felix(folder).start();
    client = new RawClient(felix.port("/pushgateway"));
  }

  @AfterEach
  void stop() {
    felix.close();
  }

  @Test
  void startsStopsUpdatesAndUninstalls() throws Exception {
    awaitReady();
    assertEquals(200, client.send("PUT", GROUP, "kept_rows 3\n").status());

    felix.gateway().stop();
    assertGone();
    felix.gateway().start();
    assertKept();
    try (var war = Files.newInputStream(Containers.war())) {
      felix.gateway().update(war);
    }
    assertKept();

    felix.uninstall();
    assertGone();
  }

  private void awaitReady() throws Exception {
    client.await("GET", "/pushgateway/-/ready", answer -> answer.status() == 200);
  }

  private void assertKept() throws Exception {
    awaitReady();
    Answer scrape = client.send("GET", "/pushgateway/metrics");
    assertTrue(scrape.text().contains("kept_rows{instance=\"\",job=\"kept\"} 3\n"));
  }

  private void assertGone() throws Exception {
    assertEquals(404, client.send("GET", "/pushgateway/-/healthy").status());
    Path lock = folder.resolve("metrics.lock");
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      assertNotNull(free);
    }
    assertEquals(Set.of(), threadsOfTheGateway());
  }

  private static Set<String> threadsOfTheGateway() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(THREADS::contains)
        .collect(Collectors.toSet());
  }
}
