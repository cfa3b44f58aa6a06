/**
 * What all endpoints share: paths, media types, responses and refusals. Entry point: {@link
 * dev.pushgateway.request.Endpoint}.
 *
 * <p>All of it is called by many threads at once. A request that is not fully understood is
 * refused, never guessed.
 */
package dev.pushgateway.request;
