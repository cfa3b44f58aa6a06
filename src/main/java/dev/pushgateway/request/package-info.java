/**
 * What all endpoints share: paths, media types, responses, refusals, and the memory and the turns
 * that requests wait for. Entry point: {@link dev.pushgateway.request.Endpoint}.
 *
 * <p>All of it is called by many threads at once. A request that is not fully understood is
 * refused, never guessed.
 */
package dev.pushgateway.request;
