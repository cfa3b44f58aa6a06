/**
 * The import of a file that the Go Pushgateway wrote. Entry point: {@link
 * dev.pushgateway.gob.GobImport}.
 *
 * <p>Used by one thread, while the gateway starts. The Go gateway's file is never changed.
 */
package dev.pushgateway.gob;
