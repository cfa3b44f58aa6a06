package dev.pushgateway.telemetry;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmCompilationMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The gateway's metrics about itself, its JVM and its process.
 *
 * <p>Names, types, labels and help texts of {@code pushgateway_*} are those of the Go gateway, so
 * that dashboards and alerts keep working.
 *
 * <p>Thread-safe.
 */
public final class OwnMetrics {
  public static final String BUILD_INFO = "pushgateway_build_info";
  public static final String REQUESTS = "pushgateway_http_requests_total";
  public static final String PUSH_SIZE = "pushgateway_http_push_size_bytes";
  public static final String PUSH_DURATION = "pushgateway_http_push_duration_seconds";
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final LongSupplier nanoTime;
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests;
  private final PushSummary pushSize;
  private final PushSummary pushDuration;
  private final PrometheusRegistry jvmRegistry = jvmRegistry();
  private byte[] jvmText = {};
  private long jvmTextNanos;

  /**
   * Creates metrics in a registry of their own.
   *
   * @param buildInformation {@code version}, {@code revision}, {@code branch} and {@code goVersion}
   *     for {@code pushgateway_build_info}; a missing entry becomes an empty label
   */
  public OwnMetrics(Map<String, String> buildInformation) {
    this(buildInformation, System::nanoTime);
  }

  OwnMetrics(Map<String, String> buildInformation, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    registerBuildInfo(buildInformation);
    requests =
        Counter.builder()
            .name(REQUESTS)
            .help("Total HTTP requests processed by the Pushgateway, excluding scrapes.")
            .labelNames("handler", "code", "method")
            .withoutExemplars()
            .register(registry);
    pushSize =
        new PushSummary(PUSH_SIZE, "HTTP request size for pushes to the Pushgateway.", 1, nanoTime);
    pushDuration =
        new PushSummary(
            PUSH_DURATION, "HTTP request duration for pushes to the Pushgateway.", 1e-9, nanoTime);
    registry.register(pushSize);
    registry.register(pushDuration);
  }

  private void registerBuildInfo(Map<String, String> buildInformation) {
    Info.builder()
        .name(BUILD_INFO)
        .help(
            "A metric with a constant '1' value labeled by version, revision, branch, goversion"
                + " from which pushgateway was built, and the goos and goarch for the build.")
        .labelNames("branch", "goarch", "goos", "goversion", "revision", "tags", "version")
        .register(registry)
        .setLabelValues(
            buildInformation.getOrDefault("branch", ""),
            System.getProperty("os.arch", ""),
            System.getProperty("os.name", ""),
            buildInformation.getOrDefault("goVersion", ""),
            buildInformation.getOrDefault("revision", ""),
            "",
            buildInformation.getOrDefault("version", ""));
  }

  /**
   * Returns a registry with all metrics of {@code JvmMetrics} except two. The pool allocations add
   * a listener to the platform's beans, which stays when a web application stops. The native memory
   * exists only if the JVM was started to track it.
   */
  private static PrometheusRegistry jvmRegistry() {
    PrometheusRegistry jvm = new PrometheusRegistry();
    JvmBufferPoolMetrics.builder().register(jvm);
    JvmClassLoadingMetrics.builder().register(jvm);
    JvmCompilationMetrics.builder().register(jvm);
    JvmGarbageCollectorMetrics.builder().register(jvm);
    JvmMemoryMetrics.builder().register(jvm);
    JvmRuntimeInfoMetric.builder().register(jvm);
    JvmThreadsMetrics.builder().register(jvm);
    ProcessMetrics.builder().register(jvm);
    return jvm;
  }

  /**
   * Counts an answered request.
   *
   * @param handler the part of the gateway that answered, by the Go gateway's names
   * @param method in upper case, as in the request
   */
  public void countRequest(String handler, int status, String method) {
    requests.labelValues(handler, Integer.toString(status), methodLabel(method)).inc();
  }

  /**
   * Adds a push, accepted or not, to the summaries of sizes and durations. Call this when the push
   * ends.
   *
   * @param method {@code PUT} or {@code POST}
   * @param bytes size of the push
   * @param startNanos the start of the push as {@link System#nanoTime()}
   */
  public void observePush(String method, long bytes, long startNanos) {
    long now = nanoTime.getAsLong();
    pushSize.observe(method, bytes, now);
    pushDuration.observe(method, now - startNanos, now);
  }

  private static String methodLabel(String method) {
    return switch (method) {
      case "PUT", "POST", "GET", "DELETE", "HEAD", "OPTIONS" -> method.toLowerCase(Locale.ROOT);
      default -> "unknown";
    };
  }

  /** Adds a gauge whose value is read at each scrape. */
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /**
   * Adds a counter whose value is read at each scrape.
   *
   * @param name ends with {@code _total}
   */
  public void counter(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /** Returns the gateway's own metrics now, in text format 0.0.4. */
  public byte[] scrape() {
    return text(registry);
  }

  /**
   * Returns the metrics of the JVM and the process in text format 0.0.4, at most one second old.
   * They are cached because the JVM stops all threads twice to look for deadlocks.
   *
   * @return must not be changed; later calls may return the same array
   */
  public synchronized byte[] scrapeJvm() {
    long now = nanoTime.getAsLong();
    if (jvmText.length == 0 || now - jvmTextNanos > NANOS_PER_SECOND) {
      jvmText = text(jvmRegistry);
      jvmTextNanos = now;
    }
    return jvmText;
  }

  private static byte[] text(PrometheusRegistry registry) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
    try {
      PrometheusTextFormatWriter.create()
          .write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail", e);
    }
    return out.toByteArray();
  }
}
