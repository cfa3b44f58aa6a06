/**
 * A writer for each scraped format, and the compressed pages of an exposition. Entry points: {@link
 * dev.pushgateway.scrape.TextWriter}, {@link dev.pushgateway.scrape.ProtobufWriter}.
 *
 * <p>{@link dev.pushgateway.scrape.MergedFamily} joins the blocks of all groups and is shared by
 * scrapes; a writer belongs to one scrape. Imports {@code block}, {@code protobuf}, {@code bytes}
 * and {@code model}.
 */
package dev.pushgateway.scrape;
