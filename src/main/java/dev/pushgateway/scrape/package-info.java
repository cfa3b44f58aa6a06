/**
 * A writer for each scraped format, and the compressed pages of an exposition. Entry points: {@link
 * dev.pushgateway.scrape.ScrapeFormat}, the table of formats, and {@link
 * dev.pushgateway.scrape.ExpositionWriter}.
 *
 * <p>{@link dev.pushgateway.scrape.MergedFamily} joins the blocks of all groups. Scrapes share
 * families and writers; an output belongs to one scrape. If goals conflict, the speed of a scrape
 * that repeats the previous one wins. Imports {@code block}, {@code protobuf}, {@code bytes} and
 * {@code model}.
 */
package dev.pushgateway.scrape;
