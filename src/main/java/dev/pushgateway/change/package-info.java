/**
 * All changes of the store. Entry point: {@link dev.pushgateway.change.Change}.
 *
 * <p>All types are immutable, so any thread may use them. This package knows neither the store,
 * which applies changes, nor the logs that keep them. Imports {@code model}, {@code bytes} and
 * {@code block}.
 */
package dev.pushgateway.change;
