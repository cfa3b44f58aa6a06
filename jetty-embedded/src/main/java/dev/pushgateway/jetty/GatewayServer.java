package dev.pushgateway.jetty;

import dev.pushgateway.gateway.GatewayListener;
import dev.pushgateway.gateway.Host;
import dev.pushgateway.gateway.Settings;
import dev.pushgateway.gateway.SettingsException;
import dev.pushgateway.gateway.WebLimits;
import dev.pushgateway.handoff.SelectorHandoff;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jetty around one gateway.
 *
 * <p>{@link #listen} first, so that an occupied port is noticed before anything else is touched,
 * then {@link #start}; {@link #stop} at any time, also by another thread, which then waits for a
 * start that is under way. Not thread-safe otherwise.
 */
public final class GatewayServer {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);

  /** How long running requests may take to finish. Under the 30 s that Kubernetes waits. */
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(20);

  /** How long the rest of the stop may take. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  /** So many that all the pushes which may hang on a disk leave some for scrapes. */
  private static final int MAX_THREADS = 500;

  private static final int SPARE_THREADS = 8;

  /** How long an idle thread is kept, and twice as long while new ones are made. */
  private static final Duration THREAD_IDLE_LIMIT = Duration.ofSeconds(10);

  /** As many as can work at a time. */
  private static final int SELECTORS =
      Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS / 16);

  /**
   * Takes every path that can be in a grouping key, and those that the servlets refuse with a
   * reason: they read it from the raw URI.
   */
  private static final UriCompliance ANY_PATH =
      UriCompliance.DEFAULT.with(
          "pushgateway",
          Violation.AMBIGUOUS_PATH_SEGMENT,
          Violation.AMBIGUOUS_EMPTY_SEGMENT,
          Violation.AMBIGUOUS_PATH_SEPARATOR,
          Violation.AMBIGUOUS_PATH_PARAMETER,
          Violation.AMBIGUOUS_PATH_ENCODING,
          Violation.BAD_UTF8_ENCODING,
          Violation.UTF16_ENCODINGS,
          Violation.SUSPICIOUS_PATH_CHARACTERS,
          Violation.ILLEGAL_PATH_CHARACTERS);

  private final Server server = new Server(threads(), null, new FreshBuffers());
  private final SelectorHandoff handoff =
      new SelectorHandoff((TryExecutor) server.getThreadPool(), SelectorHandoff.PATIENCE);
  private final WebLimits limits;
  private final HttpConfiguration http;
  private final ServerConfig config;

  /** Counts the requests that are running. */
  private final GracefulHandler running = new GracefulHandler();

  private boolean stopped;

  /**
   * Creates a server that does not listen yet.
   *
   * @param host is told when the gateway fails, or is to quit
   */
  public GatewayServer(Settings settings, ServerConfig config, Host host) {
    this.config = config;
    limits = settings.webLimits();
    http = httpConfiguration(limits);
    ServletContextHandler context = new ServletContextHandler();
    context.setContextPath("/");
    context.setErrorHandler(new PlainErrors(limits.maxHeaderBytes()));
    context.addEventListener(new GatewayListener(settings, config.file(), host));
    BodyCollector bodies =
        new BodyCollector(settings.pushLimits().body().maxTransferredBytes(), handoff);
    OfferedConnections connections = new OfferedConnections();
    connections.setHandler(context);
    bodies.setHandler(connections);
    Http2Headers headers = new Http2Headers((int) limits.maxHeaderBytes());
    headers.setHandler(bodies);
    running.setHandler(headers);
    server.setHandler(running);
    server.setErrorHandler(new PlainErrors(limits.maxHeaderBytes()));
    server.setStopTimeout(STOP_LIMIT.toMillis());
    server.addBean(new ConnectionGuard(server, limits));
    // A TLS handshake takes as long as many small pushes.
    server.addBean(handoff, config.tls().isEmpty());
  }

  private static ThreadPool threads() {
    if (VirtualThreads.areSupported()) {
      VirtualThreadPool pool = new VirtualThreadPool(MAX_THREADS);
      pool.setName("http");
      return pool;
    }
    QueuedThreadPool pool =
        new QueuedThreadPool(MAX_THREADS, SPARE_THREADS, (int) THREAD_IDLE_LIMIT.toMillis());
    pool.setMaxEvictCount(MAX_THREADS); // Jetty ends only one thread in this time otherwise.
    pool.setName("http");
    return pool;
  }

  private static HttpConfiguration httpConfiguration(WebLimits limits) {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setRequestHeaderSize((int) limits.maxHeaderBytes());
    configuration.setUriCompliance(ANY_PATH);
    return configuration;
  }

  /**
   * Binds all sockets. Requests wait in them until {@link #start}.
   *
   * @throws SettingsException at an address that is none
   * @throws IOException at an address that cannot be had, with a sentence
   */
  public void listen(Settings settings) throws SettingsException, IOException {
    if (settings.systemdSocket()) {
      connector().open(inheritedSocket());
      return;
    }
    List<ListenAddress> addresses = new ArrayList<>();
    for (String address : settings.listenAddresses()) {
      addresses.add(ListenAddress.parse(address));
    }
    for (ListenAddress address : addresses) {
      bind(address);
    }
  }

  private void bind(ListenAddress address) throws IOException {
    ServerConnector connector = connector();
    ServerSocketChannel socket = ServerSocketChannel.open();
    try {
      socket.bind(address.resolve(), connector.getAcceptQueueSize());
      connector.open(socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      String reason = e instanceof UnknownHostException ? "no such host" : e.getMessage();
      throw new IOException("cannot listen on " + address + ": " + reason, e);
    }
  }

  private ServerConnector connector() {
    ServerConnector connector = new GatewayConnector(server, SELECTORS, Protocols.of(config, http));
    connector.setIdleTimeout(limits.idleTimeout().toMillis());
    server.addConnector(connector);
    return connector;
  }

  /** Of systemd's sockets, Java can only reach the one that is standard input. */
  private static ServerSocketChannel inheritedSocket() throws IOException {
    Channel inherited = System.inheritedChannel();
    if (inherited instanceof ServerSocketChannel socket) {
      return socket;
    }
    throw new IOException(
        "no listening socket was passed as standard input; set StandardInput=socket in the unit");
  }

  /** Starts the gateway and then answers; nothing, if it has been stopped. */
  public synchronized void start() throws Exception {
    if (!stopped) {
      server.start();
    }
  }

  /** What it listens on, as Go prints it. */
  public List<String> addresses() throws IOException {
    List<String> addresses = new ArrayList<>();
    for (Connector connector : server.getConnectors()) {
      // A connector that has been closed has none.
      if (connector.getTransport() instanceof ServerSocketChannel socket) {
        addresses.add(ListenAddress.format((InetSocketAddress) socket.getLocalAddress()));
      }
    }
    return addresses;
  }

  /**
   * Lets running requests finish, for a while, and closes everything.
   *
   * <p>They are waited for before the server is stopped: that would cut off, after a second, a
   * client that pauses within its request.
   */
  public synchronized void stop() throws Exception {
    stopped = true;
    for (Connector connector : server.getConnectors()) {
      ((ServerConnector) connector).close(); // No new connections.
    }
    if (running.isRunning()) {
      try {
        running.shutdown().get(DRAIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        LOG.warn("requests that still run after {} s are cut off", DRAIN_LIMIT.toSeconds());
      }
    }
    server.stop();
  }
}
