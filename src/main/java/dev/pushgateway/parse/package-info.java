/**
 * A parser for each pushed format: bytes in, blocks out. Entry point: {@link
 * dev.pushgateway.parse.ExpositionParser}.
 *
 * <p>A parser belongs to one thread at a time and is used again for the next push. For a refused
 * push, a clear message wins over speed; for an accepted push, speed wins. Imports {@code block},
 * {@code protobuf}, {@code bytes} and {@code model}.
 */
package dev.pushgateway.parse;
