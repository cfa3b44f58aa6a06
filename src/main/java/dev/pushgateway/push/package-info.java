/**
 * The endpoints that change the store: push, delete and wipe. Entry points: {@link
 * dev.pushgateway.push.PushHandler}, {@link dev.pushgateway.push.DeleteHandler}, {@link
 * dev.pushgateway.push.WipeHandler}.
 *
 * <p>Handlers are called by many threads at once; buffers belong to one push at a time.
 */
package dev.pushgateway.push;
