/**
 * Measures the shipped jar beside a Go gateway, over HTTP, with nothing but the JDK. Entry point:
 * {@link dev.pushgateway.bench.SideBySide}. One thread drives the measurements; where a workload
 * needs more, its class says so.
 */
package dev.pushgateway.bench;
