package dev.pushgateway.persistence;

import dev.pushgateway.disk.MemoryDisk;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.MetricStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store whose changes go to a file. It comes back after a clean stop and after a kill by turns.
 */
class PersistedStoreTest extends MetricStoreContract {
  @TempDir Path folder;
  private MemoryDisk disk;
  private PersistedGateway gateway;
  private boolean isKilled;

  @Override
  protected MetricStore open() throws IOException {
    disk = new MemoryDisk();
    gateway = new PersistedGateway(folder, disk, Duration.ZERO).start();
    return gateway.store;
  }

  @Override
  protected MetricStore reopen(MetricStore store) throws IOException {
    isKilled = !isKilled;
    if (isKilled) {
      disk.kill();
      gateway.vanish();
    } else {
      gateway.file.close();
    }
    gateway.start();
    return gateway.store;
  }
}
