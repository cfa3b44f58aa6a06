/**
 * The wire format of {@code io.prometheus.client.Metric}, field by field. Entry points: {@link
 * dev.pushgateway.protobuf.ProtobufReader}, {@link dev.pushgateway.protobuf.ProtobufMetrics}.
 *
 * <p>A reader belongs to one thread at a time; the rest is static. Imports {@code model} and {@code
 * bytes}.
 */
package dev.pushgateway.protobuf;
