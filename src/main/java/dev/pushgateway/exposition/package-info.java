/**
 * Metric families: their values, a parser and a writer for each format, and {@link
 * dev.pushgateway.exposition.FamilyBlock}, the form in which a pushed family is kept.
 *
 * <p>Data walks one way: bytes, {@code TextParser} or {@code ProtobufParser}, {@code FamilyBlock}s,
 * {@code TextWriter} or {@code ProtobufWriter}, bytes. Values are immutable; parsers, builders and
 * writers belong to one thread at a time. Imports nothing of the gateway.
 */
package dev.pushgateway.exposition;
