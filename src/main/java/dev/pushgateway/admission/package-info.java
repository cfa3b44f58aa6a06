/**
 * How much may come in: limits of pushes, the memory that requests take, and how many scrapes run
 * at a time. Entry point: {@link dev.pushgateway.admission.HeapBudget}.
 *
 * <p>All of it is called by many threads at once. That the heap never runs out comes before
 * everything else; that a push which was stored once can be stored again comes next.
 */
package dev.pushgateway.admission;
