package dev.pushgateway.scrape;

import java.util.List;

/**
 * A stretch of a scrape, compressed by itself so that it can be kept, and joined with others into
 * one gzip stream.
 *
 * <p>Raw deflate, ended by a full flush: at a byte boundary, and without a reference to what came
 * before. Immutable.
 *
 * @param members pages, which are equal to themselves only, and what headers say
 * @param crc of the plain bytes
 * @param crcShift what the plain bytes do to the CRC of those before them
 * @param plainLength how many plain bytes there are
 */
record DeflatedPages(
    List<Object> members, byte[] deflated, int crc, int crcShift, int plainLength) {}
