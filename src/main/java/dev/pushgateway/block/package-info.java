/**
 * A pushed family, kept as the bytes that a scrape sends. Entry point: {@link
 * dev.pushgateway.block.FamilyBlock}.
 *
 * <p>A block is immutable; builders and buffers belong to one thread at a time. Low memory per
 * series and a cheap scrape win over a cheap push. Imports {@code model}, {@code bytes} and {@code
 * protobuf}.
 */
package dev.pushgateway.block;
