/**
 * The JSON listing of groups: selecting, sorting, paging and writing them. Entry point: {@link
 * dev.pushgateway.listing.ListingHandler}.
 *
 * <p>Many threads call the handlers at the same time. Other objects belong to one request.
 */
package dev.pushgateway.listing;
