package dev.pushgateway.model;

import java.util.List;

/**
 * All metrics of one name, in plain form.
 *
 * @param help {@code null} if none was given
 * @param unit {@code null} if none was given
 */
public record MetricFamily(
    String name, MetricType type, String help, String unit, List<Metric> metrics) {}
