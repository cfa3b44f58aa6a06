/**
 * Property tests: a check that holds for every input is run with many random ones. Entry point:
 * {@link dev.pushgateway.property.Property#forAll}. Nothing in here is shared between threads.
 */
package dev.pushgateway.property;
