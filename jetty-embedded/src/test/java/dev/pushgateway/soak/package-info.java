/**
 * A soak of the shipped jar: good clients push while hostile ones do what they can to take it down.
 * Entry point: {@link dev.pushgateway.soak.SoakIT}.
 *
 * <p>Everything stays on the loopback interface. Each client has a thread of its own.
 */
package dev.pushgateway.soak;
