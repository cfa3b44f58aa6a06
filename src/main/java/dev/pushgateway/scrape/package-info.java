/**
 * A writer for each scraped format, and the compressed pages of an exposition. Entry points: {@link
 * dev.pushgateway.scrape.ScrapeFormat}, the table of formats, and {@link
 * dev.pushgateway.scrape.ExpositionWriter}.
 *
 * <p>{@link dev.pushgateway.scrape.MergedFamily} joins the blocks of all groups. Families and
 * writers are shared by scrapes; an output belongs to one scrape. Where goals conflict, a scrape
 * that repeats the last one comes first. Imports {@code block}, {@code protobuf}, {@code bytes} and
 * {@code model}.
 */
package dev.pushgateway.scrape;
