/**
 * The web page and its files. Entry points: {@link dev.pushgateway.page.StatusPageHandler}, {@link
 * dev.pushgateway.page.StaticHandler}.
 *
 * <p>Handlers are called by many threads at once. The page shows what the JSON listing holds, from
 * {@code listing}.
 */
package dev.pushgateway.page;
