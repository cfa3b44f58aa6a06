/**
 * Series selectors of Prometheus: {@code name{label="value",other=~"a|b.*"}}. Entry point: {@link
 * dev.pushgateway.selector.SelectorParser}.
 *
 * <p>Selectors are immutable and may be asked by any thread. Imports {@code exposition}.
 */
package dev.pushgateway.selector;
