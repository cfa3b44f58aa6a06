/**
 * Series selectors of Prometheus: {@code name{label="value",other=~"a|b.*"}}. Entry point: {@link
 * dev.pushgateway.selector.SelectorParser}.
 *
 * <p>Selectors are immutable, so that any thread may use them. Parsers are not thread-safe.
 */
package dev.pushgateway.selector;
