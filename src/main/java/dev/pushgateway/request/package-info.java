/**
 * Code that all endpoints share: paths, media types, responses and refusals. Entry point: {@link
 * dev.pushgateway.request.Endpoint}.
 *
 * <p>Any number of threads may call all classes at the same time, except {@link
 * dev.pushgateway.request.QueryTime}. A request that is not fully understood is refused, never
 * guessed.
 */
package dev.pushgateway.request;
