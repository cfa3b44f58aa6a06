/**
 * What must hold of the gateway wherever it runs, for tests of the shipped artefacts. Entry point:
 * {@link dev.pushgateway.contract.GatewayContract}, which each container inherits; it only starts
 * what is shipped, as a {@link dev.pushgateway.contract.GatewayHost}.
 *
 * <p>In the core's test jar. Needs JUnit and nothing of the core: what it knows of the gateway is
 * what a client knows.
 */
package dev.pushgateway.contract;
