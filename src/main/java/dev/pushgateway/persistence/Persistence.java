package dev.pushgateway.persistence;

import dev.pushgateway.store.MetricStore;
import dev.pushgateway.telemetry.OwnMetrics;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Keeps the content of a running gateway's store. The gateway knows only this interface; {@link
 * PersistenceFile} is one implementation.
 *
 * <p>Thread-safe.
 */
public interface Persistence extends Closeable {
  /** A persistence that can be opened. */
  interface Source {
    /**
     * Checks whether {@link #open} could succeed, without reading the stored data. Changes nothing.
     *
     * @throws IOException in the same cases as {@code open}
     */
    void check() throws IOException;

    /**
     * Restores the stored data into a store, and starts the store. All later changes are kept.
     *
     * @param store neither restored nor started; must not be used after a failure
     * @throws FileInUseException if another gateway uses the persistence now
     * @throws IOException if the persistence cannot be used; the message is a sentence
     */
    Persistence open(MetricStore store) throws IOException;
  }

  /** Returns why changes cannot be kept now, without a path; empty if they can. */
  Optional<String> failure();

  /** Adds metrics about the persistence to the gateway's own metrics. Called once. */
  void registerMetrics(OwnMetrics metrics);

  /**
   * Syncs all changes and releases the persistence to other gateways. Waits for changes in progress
   * and refuses later ones. A second call does nothing.
   */
  @Override
  void close() throws IOException;
}
