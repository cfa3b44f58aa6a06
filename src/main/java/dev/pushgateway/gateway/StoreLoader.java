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
 * Opens the persistence and restores the store from it, on a thread of its own: health checks are
 * answered meanwhile. Where the {@link Host} wishes so, waits for a file that is in use.
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

  /** Of the loading thread only: what was logged last, so that waiting is not logged for ever. */
  private String lastReason = "";

  /**
   * A loader.
   *
   * @param newStore makes a store that is neither restored nor started
   * @param notReady is told, in a sentence without a path, why there is no store yet
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
   * Returns the persistence that the settings name, not opened yet; empty for a store in memory.
   *
   * @throws IOException if the setting is no path, with a sentence
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

  /** Starts loading. {@code loaded} is called once, on another thread, unless loading fails. */
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
    notReady.accept("the persistence file cannot be opened; the gateway's log has more");
    host.failed(reason);
  }

  /** Ends the thread, or waits until it has loaded what it is loading. May be called repeatedly. */
  void stop() {
    stopped.countDown();
    boolean interrupted = false;
    while (thread.isPresent() && thread.get().isAlive() && thread.get() != Thread.currentThread()) {
      try {
        thread.get().join();
      } catch (InterruptedException e) {
        interrupted = true; // What it opens would stay open.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
