/**
 * The endpoints that change the store: push, delete and wipe. Entry points: {@link
 * dev.pushgateway.push.PushHandler}, {@link dev.pushgateway.push.DeleteHandler}, {@link
 * dev.pushgateway.push.WipeHandler}.
 *
 * <p>Many threads call the handlers at the same time. A buffer is used by one push at a time.
 */
package dev.pushgateway.push;
