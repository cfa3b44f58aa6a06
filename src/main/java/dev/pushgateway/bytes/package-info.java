/**
 * Numbers, UTF-8, hashes and growing byte arrays, read from and written to {@code byte[]}; and
 * gzip. Entry point: {@link dev.pushgateway.bytes.ByteArray}.
 *
 * <p>The whole package is on hot paths: speed wins over brevity. A buffer belongs to one thread at
 * a time. Imports nothing of the gateway.
 */
package dev.pushgateway.bytes;
