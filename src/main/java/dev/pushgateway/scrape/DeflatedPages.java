package dev.pushgateway.scrape;

import java.util.List;

/**
 * A part of a scrape that is compressed separately. It can be kept, and joined with others into one
 * gzip stream.
 *
 * <p>The format is raw deflate, ended by a full flush: it ends at a byte boundary, and refers to no
 * bytes before it. Immutable.
 *
 * @param members the pages, compared by identity; before the first page of a family also its {@link
 *     MergedFamily#shownHeader}
 * @param crc of the plain bytes
 * @param crcShift the {@link Crc32Combination#shift} for the plain length
 * @param plainLength number of bytes before compression
 */
record DeflatedPages(
    List<Object> members, byte[] deflated, int crc, int crcShift, int plainLength) {}
