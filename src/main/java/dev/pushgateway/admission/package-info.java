/**
 * Limits on requests: the size of pushes, the memory of requests, and the number of concurrent
 * scrapes. Entry point: {@link dev.pushgateway.admission.HeapBudget}.
 *
 * <p>All classes are called by many threads at once, unless their Javadoc says otherwise. The first
 * goal is that the heap never runs out. The second goal is that a push that was stored once can be
 * stored again.
 */
package dev.pushgateway.admission;
