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
 * A Jetty server with one gateway.
 *
 * <p>Call {@link #listen} first, so that an occupied port is noticed before anything else happens,
 * and then {@link #start}. Any thread may call {@link #stop} at any time; it waits for a running
 * start. Not thread-safe otherwise.
 */
public final class GatewayServer {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);

  /** Time limit for running requests at the stop, below the 30 s of Kubernetes. */
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(20);

  /** Time limit for the rest of the stop. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  /**
   * More than the maximum number of pushes, so that scrapes have threads while all pushes wait for
   * a disk.
   */
  private static final int MAX_THREADS = 500;

  private static final int SPARE_THREADS = 8;

  /** Time for which an idle thread is kept; twice as long while new ones are created. */
  private static final Duration THREAD_IDLE_LIMIT = Duration.ofSeconds(10);

  /** One for each processor that can run one. */
  private static final int SELECTORS =
      Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS / 16);

  /**
   * Accepts every path that a grouping key may need. Also accepts paths that the servlets refuse
   * with a reason: servlets read the raw URI.
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

  /** Counts the running requests. */
  private final GracefulHandler running = new GracefulHandler();

  private boolean stopped;

  /**
   * Creates a server that does not listen yet.
   *
   * @param host is told when the gateway fails or should quit
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
    // Not with TLS: a handshake takes the time of many small pushes.
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
    pool.setMaxEvictCount(MAX_THREADS); // Otherwise Jetty ends only one thread per period.
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
   * Binds all sockets. Connections wait in them until {@link #start}.
   *
   * @throws SettingsException for a malformed address
   * @throws IOException if an address cannot be bound; the message is a sentence
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

  /** Returns the socket from systemd, which must be standard input: Java can reach no other one. */
  private static ServerSocketChannel inheritedSocket() throws IOException {
    Channel inherited = System.inheritedChannel();
    if (inherited instanceof ServerSocketChannel socket) {
      return socket;
    }
    throw new IOException(
        "no listening socket was passed as standard input; set StandardInput=socket in the unit");
  }

  /** Starts the gateway and serves requests. Does nothing after {@link #stop}. */
  public synchronized void start() throws Exception {
    if (!stopped) {
      server.start();
    }
  }

  /** Returns the addresses of all sockets, as Go prints them. */
  public List<String> addresses() throws IOException {
    List<String> addresses = new ArrayList<>();
    for (Connector connector : server.getConnectors()) {
      // A closed connector has no address.
      if (connector.getTransport() instanceof ServerSocketChannel socket) {
        addresses.add(ListenAddress.format((InetSocketAddress) socket.getLocalAddress()));
      }
    }
    return addresses;
  }

  /**
   * Waits up to 20 s for running requests, and then closes everything.
   *
   * <p>The wait comes before Jetty's own stop, which would disconnect a client that pauses for a
   * second within its request.
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
        LOG.warn("cutting off requests that still run after {} s", DRAIN_LIMIT.toSeconds());
      }
    }
    server.stop();
  }
}
