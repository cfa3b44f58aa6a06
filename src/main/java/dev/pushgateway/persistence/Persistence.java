package dev.pushgateway.persistence;

import dev.pushgateway.store.MetricStore;
import dev.pushgateway.telemetry.OwnMetrics;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Where a running gateway keeps what its store holds: all that the gateway knows of it. A {@link
 * PersistenceFile} is one implementation.
 *
 * <p>Thread-safe.
 */
public interface Persistence extends Closeable {
  /** A persistence that can be opened. */
  interface Source {
    /**
     * Looks whether {@link #open} could succeed, without reading what is kept. Changes nothing.
     *
     * @throws IOException as {@code open} would
     */
    void check() throws IOException;

    /**
     * Restores what is kept into a store, and starts the store: its changes are kept from then on.
     *
     * @param store neither restored nor started; of no use if this fails
     * @throws FileInUseException if another gateway has it, for now
     * @throws IOException if it cannot be used, with a sentence
     */
    Persistence open(MetricStore store) throws IOException;
  }

  /** Returns why changes cannot be kept at the moment, without a path; empty if they can. */
  Optional<String> failure();

  /** Adds the figures about it to the gateway's own metrics. Called once. */
  void registerMetrics(OwnMetrics metrics);

  /**
   * Keeps everything safe and lets others have it. Changes are refused from now on; those that are
   * on their way are waited for. The second time, nothing happens.
   */
  @Override
  void close() throws IOException;
}
