/**
 * The web page and its files. Entry points: {@link dev.pushgateway.page.StatusPageHandler}, {@link
 * dev.pushgateway.page.StaticHandler}.
 *
 * <p>Many threads call the handlers at the same time. Package {@code listing} selects the groups
 * that the page shows.
 */
package dev.pushgateway.page;
