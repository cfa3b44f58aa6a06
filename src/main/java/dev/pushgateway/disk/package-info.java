/**
 * Files, folders and locks for the log. Entry point: {@link dev.pushgateway.disk.Disk}, which tests
 * replace by one that fails.
 *
 * <p>A file belongs to one thread at a time. Imports nothing of the gateway.
 */
package dev.pushgateway.disk;
