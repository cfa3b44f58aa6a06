package dev.pushgateway.gateway;

import dev.pushgateway.http.GatewayServlet;
import dev.pushgateway.http.OwnFamilies;
import dev.pushgateway.persistence.FileInUseException;
import dev.pushgateway.persistence.Persistence;
import dev.pushgateway.request.Backend;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.store.ChangeLog;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.telemetry.OwnMetrics;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gateway, from the settings to the servlet.
 *
 * <pre>
 *   LOADING --> READY --> CLOSED        /-/healthy is 200 from the start, /-/ready when READY
 *      `------> FAILED ----'
 * </pre>
 *
 * <p>Thread-safe: the state is one reference.
 */
public final class Gateway implements Backend, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  /** The state of a gateway: a store, or a sentence that says why there is none. */
  private record State(Optional<MetricStore> store, Optional<String> notReadyReason) {
    static State ready(MetricStore store) {
      return new State(Optional.of(store), Optional.empty());
    }

    static State notReady(String reason) {
      return new State(Optional.empty(), Optional.of(reason));
    }
  }

  private final Settings settings;
  private final OwnMetrics ownMetrics;
  private final GatewayServlet servlet;
  private final Host host;
  private Optional<StoreLoader> storeLoader = Optional.empty();
  private volatile Optional<Persistence> persistence = Optional.empty();
  private volatile State state = State.notReady("the gateway is loading");

  /** Creates a gateway that has not loaded anything yet. */
  public Gateway(Settings settings, Host host) {
    this.settings = settings;
    this.host = host;
    Map<String, String> build = BuildInformation.load().asMap();
    ownMetrics = new OwnMetrics(build);
    servlet = new GatewayServlet(options(build, host), this, ownMetrics, Clock.systemUTC());
  }

  private HttpOptions options(Map<String, String> build, Host host) {
    return new HttpOptions(
        settings.routePrefix(),
        settings.externalPathPrefix(),
        settings.telemetryPath(),
        settings.enableLifecycle(),
        settings.enableAdminApi(),
        !settings.disableConsistencyCheck(),
        settings.enableUtf8Names(),
        settings.pushLimits(),
        settings.successStatus(),
        settings.maxConcurrentScrapes(),
        settings.queryTimeout(),
        Runtime.getRuntime().maxMemory(),
        settings.origins(),
        settings.effective(),
        settings.changed(),
        build,
        Instant.now(),
        host::quit);
  }

  /**
   * Returns the servlet for all paths, {@code /*}. Most requests get 503 until the store is ready.
   */
  public GatewayServlet servlet() {
    return servlet;
  }

  /**
   * Makes the store ready. A store in memory is ready at once. A persistence file is loaded on
   * another thread, which calls {@link Host#failed} if loading fails.
   *
   * @throws SettingsException if the persistence file cannot be used, except while it is in use
   */
  public void load() throws SettingsException {
    String changed = settings.describeChanged();
    if (!changed.isEmpty()) {
      LOG.info("settings that differ from their defaults: {}", changed);
    }
    Optional<Persistence.Source> source = checkedSource();
    if (source.isEmpty()) {
      MetricStore store = newStore();
      store.start(ChangeLog.NONE);
      state = State.ready(store);
      return;
    }
    StoreLoader loader =
        new StoreLoader(
            source.get(), this::newStore, host, reason -> state = State.notReady(reason));
    storeLoader = Optional.of(loader);
    loader.start(this::loaded);
  }

  private Optional<Persistence.Source> checkedSource() throws SettingsException {
    try {
      Optional<Persistence.Source> source = StoreLoader.source(settings);
      if (source.isPresent()) {
        check(source.get());
      }
      return source;
    } catch (IOException e) {
      throw new SettingsException(Flag.PERSISTENCE_FILE.flagName() + ": " + e.getMessage());
    }
  }

  private static void check(Persistence.Source source) throws IOException {
    try {
      source.check();
    } catch (FileInUseException e) {
      LOG.debug("it is up to the loader whether to wait", e);
    }
  }

  private MetricStore newStore() {
    return new MetricStore(
        !settings.disableConsistencyCheck(), OwnFamilies.RESERVED, settings.storeLimits());
  }

  private void loaded(MetricStore store, Persistence opened) {
    opened.registerMetrics(ownMetrics);
    persistence = Optional.of(opened);
    state = State.ready(store);
  }

  @Override
  public Optional<MetricStore> store() {
    return state.store();
  }

  @Override
  public Optional<String> notReadyReason() {
    return state.notReadyReason();
  }

  @Override
  public Optional<String> unhealthyReason() {
    return persistence.flatMap(Persistence::failure);
  }

  /**
   * Refuses further requests, and waits until accepted changes are on disk. If that fails, calls
   * {@link Host#endedBadly}. May be called repeatedly.
   */
  @Override
  public void close() {
    storeLoader.ifPresent(StoreLoader::stop);
    state = State.notReady("the gateway is stopped");
    persistence.ifPresent(this::close);
  }

  private void close(Persistence opened) {
    try {
      opened.close();
    } catch (IOException e) {
      host.endedBadly(e.getMessage());
    }
  }
}
