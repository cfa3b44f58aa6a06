package dev.pushgateway.gateway;

import dev.pushgateway.persistence.FileInUseException;
import dev.pushgateway.persistence.Persistence;
import dev.pushgateway.persistence.PersistenceFile;
import dev.pushgateway.store.MetricStore;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the persistence and restores the store from it, on a thread of its own, while health checks
 * are already answered. Waits for a persistence file that is in use, if the {@link Host} says so.
 */
final class StoreLoader {
  private static final Logger LOG = LoggerFactory.getLogger(StoreLoader.class);
  private static final long RETRY_MILLIS = 200;
  private static final String WAITING = "; waiting for it";

  private final Persistence.Source source;
  private final Supplier<MetricStore> newStore;
  private final Host host;
  private final Consumer<String> notReady;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private Optional<Thread> thread = Optional.empty();

  /**
   * The last logged reason, so that a long wait is logged only once. Only the loading thread uses
   * it.
   */
  private String lastReason = "";

  /**
   * Creates a loader.
   *
   * @param newStore creates a store that is neither restored nor started
   * @param notReady receives the reason why there is no store yet: a sentence without a path
   */
  StoreLoader(
      Persistence.Source source,
      Supplier<MetricStore> newStore,
      Host host,
      Consumer<String> notReady) {
    this.source = source;
    this.newStore = newStore;
    this.host = host;
    this.notReady = notReady;
  }

  /**
   * Returns the persistence of the settings, not opened yet; empty for a store in memory.
   *
   * @throws IOException if the setting is not a path; the message is a sentence
   */
  static Optional<Persistence.Source> source(Settings settings) throws IOException {
    if (settings.persistenceFile().isEmpty()) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(settings.persistenceFile());
      return Optional.of(PersistenceFile.source(path, settings.persistenceInterval()));
    } catch (InvalidPathException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Starts loading. Unless loading fails, {@code loaded} is called once, on another thread. */
  void start(BiConsumer<MetricStore, Persistence> loaded) {
    Thread loading = new Thread(() -> load(loaded), "store-loader");
    loading.setDaemon(true);
    thread = Optional.of(loading);
    loading.start();
  }

  private void load(BiConsumer<MetricStore, Persistence> loaded) {
    try {
      while (!tryToLoad(loaded)) {
        if (stopped.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (IOException e) {
      fail(e.getMessage());
    } catch (InterruptedException e) {
      fail("interrupted while waiting for the persistence file");
    } catch (RuntimeException | Error e) {
      LOG.error("loading the persistence file failed", e);
      fail("loading the persistence file failed: " + e);
    }
  }

  private boolean tryToLoad(BiConsumer<MetricStore, Persistence> loaded) throws IOException {
    MetricStore store = newStore.get();
    try {
      loaded.accept(store, source.open(store));
      return true;
    } catch (FileInUseException e) {
      if (!host.waitsForPersistenceFile()) {
        throw e;
      }
      if (stopped.getCount() > 0) {
        sayWhy(e);
      }
      return false;
    }
  }

  private void sayWhy(FileInUseException e) {
    String reason = e.getMessage() + WAITING;
    if (!reason.equals(lastReason)) {
      LOG.warn(reason);
      lastReason = reason;
    }
    notReady.accept(e.withoutPath() + WAITING);
  }

  private void fail(String reason) {
    notReady.accept("the persistence file cannot be opened; see the gateway's log");
    host.failed(reason);
  }

  /** Stops waiting for the file, or waits until loading ends. May be called repeatedly. */
  void stop() {
    stopped.countDown();
    boolean interrupted = false;
    while (thread.isPresent() && thread.get().isAlive() && thread.get() != Thread.currentThread()) {
      try {
        thread.get().join();
      } catch (InterruptedException e) {
        interrupted = true; // Still waits: an opened file would stay open.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
