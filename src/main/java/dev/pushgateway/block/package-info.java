/**
 * A pushed family, kept as the bytes that a scrape sends. Entry point: {@link
 * dev.pushgateway.block.FamilyBlock}.
 *
 * <p>A block is immutable; builders and buffers belong to one thread at a time. Memory per series
 * and the cost of a scrape win over the cost of a push. Imports {@code model}, {@code bytes} and
 * {@code protobuf}.
 */
package dev.pushgateway.block;
