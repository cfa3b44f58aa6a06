/**
 * The JSON listing of groups: selecting, sorting, paging and writing them. Entry point: {@link
 * dev.pushgateway.listing.ListingHandler}.
 *
 * <p>Handlers are called by many threads at once; all else belongs to one request.
 */
package dev.pushgateway.listing;
