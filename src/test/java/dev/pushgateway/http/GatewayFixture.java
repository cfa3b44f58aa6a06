package dev.pushgateway.http;

import dev.pushgateway.access.WebConfigFile;
import dev.pushgateway.admission.PushLimits;
import dev.pushgateway.request.Backend;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.request.Origins;
import dev.pushgateway.store.ChangeLog;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.StoreLimits;
import dev.pushgateway.telemetry.OwnMetrics;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The servlets in a real Jetty on a free port, over a real store in memory.
 *
 * <pre>
 *   try (GatewayFixture gateway = GatewayFixture.start()) {
 *     HttpResponse&lt;String&gt; response = gateway.send("PUT", "/metrics/job/x", "a 1\n");
 *   }
 * </pre>
 */
public final class GatewayFixture implements AutoCloseable {
  /**
   * What the runnable jar sets, too: with it, Jetty lets through what the gateway wants to read.
   */
  public static final UriCompliance URI_COMPLIANCE =
      UriCompliance.DEFAULT.with(
          "pushgateway",
          Violation.AMBIGUOUS_PATH_SEGMENT,
          Violation.AMBIGUOUS_EMPTY_SEGMENT,
          Violation.AMBIGUOUS_PATH_SEPARATOR,
          Violation.AMBIGUOUS_PATH_PARAMETER,
          Violation.AMBIGUOUS_PATH_ENCODING,
          Violation.SUSPICIOUS_PATH_CHARACTERS,
          Violation.ILLEGAL_PATH_CHARACTERS);

  /** When all pushes of the tests are made. */
  public static final Instant NOW = Instant.parse("2026-11-22T12:00:00.5Z");

  private static final Map<String, String> BUILD_INFORMATION =
      Map.of(
          "version", "1.2.3",
          "revision", "abc",
          "branch", "main",
          "buildUser", "me",
          "buildDate", "today",
          "goVersion", "java17");

  /** A setting of the servlets that differs from test to test. */
  public static final class Builder {
    private String contextPath = "/";
    private String routePrefix = "";
    private String externalPathPrefix = "";
    private String telemetryPath = "/metrics";
    private boolean enableLifecycle;
    private boolean enableAdminApi;
    private boolean checksConsistency = true;
    private boolean utf8Names;
    private PushLimits limits = PushLimits.DEFAULT;
    private int successStatus = 200;
    private long maxConcurrentScrapes;
    private Duration queryTimeout = Duration.ZERO;
    private long heapBytes = Runtime.getRuntime().maxMemory();
    private StoreLimits storeLimits = StoreLimits.NONE;
    private ChangeLog changeLog = ChangeLog.NONE;
    private Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private UnaryOperator<Backend> around = UnaryOperator.identity();
    private Optional<WebConfigFile> webConfig = Optional.empty();
    private Origins origins = new Origins(Optional.empty(), Set.of());
    private boolean asyncSupported = true;

    public Builder contextPath(String path) {
      contextPath = path;
      return this;
    }

    public Builder routePrefix(String prefix) {
      routePrefix = prefix;
      return this;
    }

    public Builder externalPathPrefix(String prefix) {
      externalPathPrefix = prefix;
      return this;
    }

    public Builder telemetryPath(String path) {
      telemetryPath = path;
      return this;
    }

    public Builder lifecycle() {
      enableLifecycle = true;
      return this;
    }

    public Builder adminApi() {
      enableAdminApi = true;
      return this;
    }

    public Builder unchecked() {
      checksConsistency = false;
      return this;
    }

    public Builder utf8Names() {
      utf8Names = true;
      return this;
    }

    public Builder limits(PushLimits newLimits) {
      limits = newLimits;
      return this;
    }

    public Builder successStatus(int newStatus) {
      successStatus = newStatus;
      return this;
    }

    public Builder maxConcurrentScrapes(long newLimit) {
      maxConcurrentScrapes = newLimit;
      return this;
    }

    public Builder queryTimeout(Duration newTimeout) {
      queryTimeout = newTimeout;
      return this;
    }

    /** As if the JVM had been started with another heap. */
    public Builder heapBytes(long newHeapBytes) {
      heapBytes = newHeapBytes;
      return this;
    }

    public Builder storeLimits(StoreLimits newLimits) {
      storeLimits = newLimits;
      return this;
    }

    public Builder changeLog(ChangeLog newChangeLog) {
      changeLog = newChangeLog;
      return this;
    }

    /** Lets pushes be made at another time than {@link #NOW}. */
    public Builder clock(Clock newClock) {
      clock = newClock;
      return this;
    }

    /** Puts something around the backend, to make it fail. */
    public Builder around(UnaryOperator<Backend> newAround) {
      around = newAround;
      return this;
    }

    /** Guards the gateway as a web config file says. */
    public Builder webConfig(WebConfigFile file) {
      webConfig = Optional.of(file);
      return this;
    }

    public Builder origins(Origins newOrigins) {
      origins = newOrigins;
      return this;
    }

    /** As in a container with a filter in front that keeps each request's thread. */
    public Builder withoutAsync() {
      asyncSupported = false;
      return this;
    }

    public GatewayFixture start() throws Exception {
      return new GatewayFixture(this);
    }
  }

  private final Server server = new Server();
  private final ServerConnector connector;
  private final MetricStore store;
  private final OwnMetrics ownMetrics;
  private final Semaphore quits = new Semaphore(0);
  private final HttpClient client = HttpClient.newHttpClient();

  private GatewayFixture(Builder builder) throws Exception {
    HttpConfiguration http = new HttpConfiguration();
    http.setUriCompliance(URI_COMPLIANCE);
    http.setRequestHeaderSize(64 << 10);
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);

    HttpOptions options =
        new HttpOptions(
            builder.routePrefix,
            builder.externalPathPrefix,
            builder.telemetryPath,
            builder.enableLifecycle,
            builder.enableAdminApi,
            builder.checksConsistency,
            builder.utf8Names,
            builder.limits,
            builder.successStatus,
            builder.maxConcurrentScrapes,
            builder.queryTimeout,
            builder.heapBytes,
            builder.origins,
            new TreeMap<>(
                Map.of(
                    "web.telemetry-path",
                    builder.telemetryPath,
                    "web.enable-admin-api",
                    String.valueOf(builder.enableAdminApi),
                    "persistence.file",
                    "",
                    "persistence.interval",
                    "5m0s")),
            List.of("web.enable-admin-api"),
            BUILD_INFORMATION,
            builder.clock.instant(),
            quits::release);
    ownMetrics = new OwnMetrics(BUILD_INFORMATION);
    store = new MetricStore(builder.checksConsistency, OwnFamilies.RESERVED, builder.storeLimits);
    store.start(builder.changeLog);
    GatewayServlet servlet =
        new GatewayServlet(
            options, builder.around.apply(new ReadyBackend(store)), ownMetrics, builder.clock);

    ServletContextHandler context = new ServletContextHandler(builder.contextPath);
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(builder.asyncSupported);
    context.addServlet(holder, "/*");
    Optional<Filter> filter = servlet.filter(builder.webConfig, false);
    if (filter.isPresent()) {
      context.addFilter(new FilterHolder(filter.get()), "/*", EnumSet.of(DispatcherType.REQUEST));
    }
    server.setHandler(context);
    server.start();
  }

  /** A backend that is what it should be. */
  private record ReadyBackend(MetricStore metricStore) implements Backend {
    @Override
    public Optional<MetricStore> store() {
      return Optional.of(metricStore);
    }

    @Override
    public Optional<String> notReadyReason() {
      return Optional.empty();
    }

    @Override
    public Optional<String> unhealthyReason() {
      return Optional.empty();
    }
  }

  public static Builder with() {
    return new Builder();
  }

  public static GatewayFixture start() throws Exception {
    return new Builder().start();
  }

  public int port() {
    return connector.getLocalPort();
  }

  public MetricStore store() {
    return store;
  }

  /** Whether the process was asked to end, which may come a moment after the answer. */
  public boolean awaitQuit() throws InterruptedException {
    return quits.tryAcquire(120, TimeUnit.SECONDS);
  }

  /** How often the process was asked to end, and nobody has awaited it. */
  public int quits() {
    return quits.availablePermits();
  }

  public HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  public HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    return send(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  public HttpResponse<String> send(String method, String path, byte[] body, String... headers)
      throws Exception {
    return send(method, path, BodyPublishers.ofByteArray(body), headers);
  }

  public HttpResponse<String> send(
      String method, String path, BodyPublisher body, String... headers) throws Exception {
    return client.send(
        request(method, path, body, headers), BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  /** Pushes, and does not wait for the answer. */
  public CompletableFuture<HttpResponse<String>> pushing(String path, String body) {
    return sending("PUT", path, body);
  }

  /** Sends a request without waiting for its response. */
  public CompletableFuture<HttpResponse<String>> sending(String method, String path, String body) {
    HttpRequest request =
        request(method, path, BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    return client.sendAsync(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  public HttpResponse<byte[]> getBytes(String path, String... headers) throws Exception {
    return client.send(
        request("GET", path, BodyPublishers.noBody(), headers), BodyHandlers.ofByteArray());
  }

  private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .version(HttpClient.Version.HTTP_1_1)
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  /** Sends bytes as they are, and returns all that comes back until the server closes. */
  public String raw(byte[] request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
      socket.setSoTimeout(120_000);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      try (InputStream in = socket.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  /** Sends one request line that no client would send, and returns the whole answer. */
  public String raw(String requestLine, String... headerLines) throws IOException {
    String head = requestLine + "\r\nHost: h\r\nConnection: close\r\n";
    for (String line : headerLines) {
      head += line + "\r\n";
    }
    return raw((head + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The lines of a scrape that begin with a text. */
  public String scraped(String start) throws Exception {
    StringBuilder found = new StringBuilder();
    for (String line : get("/metrics").body().split("\n")) {
      if (line.startsWith(start)) {
        found.append(line).append('\n');
      }
    }
    return found.toString();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server does not stop", e);
    }
  }
}
