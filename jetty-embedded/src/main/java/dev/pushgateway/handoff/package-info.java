/**
 * Serves small pushes on the thread that reads them from a selector.
 *
 * <p>The entry point is {@link dev.pushgateway.handoff.SelectorHandoff}; a {@link
 * dev.pushgateway.handoff.HandoffConnector} gives it to Jetty. Without both, the server works the
 * same, but uses more processor time per push.
 *
 * <p>Benchmark {@code rate-100-groups}, JDK 17, 2 processors, medians of 5 or 6 rounds, 2026-11-30.
 * The handoff watched each task of Jetty then, not each push:
 *
 * <pre>
 *                                pushes/s   CPU of a push
 *   handoff                       38,300      35 µs
 *   Jetty, handler NON_BLOCKING   31,100      41 µs
 *   Jetty, default                22,700      65 µs
 * </pre>
 *
 * <p>Jetty's own means is a handler of the type {@code NON_BLOCKING}. With it, blocked pushes delay
 * all other requests. With a blocked log, health checks and scrapes were not answered after 600
 * refused pushes. The README promises scrapes while the disk hangs.
 *
 * <p>This package depends on how Jetty 12.1 reads, which Jetty's documentation does not promise.
 * {@code JettyBehaviourTest} fails when one of these changes:
 *
 * <ol>
 *   <li>{@code SelectorManager} gives its executor to the selectors, each of which has an {@code
 *       AdaptiveExecutionStrategy}.
 *   <li>For a task that may block, the strategy asks {@code TryExecutor.tryExecute} for a thread
 *       that reads next. It passes the same {@code Runnable} each time: itself.
 *   <li>If the answer is yes, the asking thread runs the task. It then reads again, unless the
 *       {@code Runnable} has run meanwhile.
 *   <li>The {@code Runnable} does no harm if it runs late, when a thread reads again.
 * </ol>
 *
 * <p>The first goal is that a blocked push never delays other connections. The second goal is
 * little processor time.
 */
package dev.pushgateway.handoff;
