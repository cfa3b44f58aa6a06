/**
 * The README and the pages under {@code src/site/markdown}: their language, their links, and every
 * example.
 */
package dev.pushgateway.docs;
