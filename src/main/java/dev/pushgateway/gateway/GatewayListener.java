package dev.pushgateway.gateway;

import dev.pushgateway.access.WebConfigFile;
import dev.pushgateway.persistence.Persistence;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a gateway when its servlet context starts, and closes it when that stops.
 *
 * <p>All that a web application has to name: servlets are registered here, so that each packaging
 * has the same. A context that cannot have its gateway does not start, and keeps nothing open.
 */
public final class GatewayListener implements ServletContextListener {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayListener.class);

  private final Optional<Settings> ownSettings;
  private final Optional<WebConfigFile> ownWebConfig;
  private final Host host;
  private Optional<Gateway> gateway = Optional.empty();

  /** For a container, which has the settings and whose process is not ours to end. */
  public GatewayListener() {
    this(Optional.empty(), Optional.empty(), new ContainerHost());
  }

  /**
   * For a process of its own.
   *
   * @param webConfig as opened for these settings; see {@link WebConfigs}
   */
  public GatewayListener(Settings settings, Optional<WebConfigFile> webConfig, Host host) {
    this(Optional.of(settings), webConfig, host);
  }

  private GatewayListener(
      Optional<Settings> ownSettings, Optional<WebConfigFile> ownWebConfig, Host host) {
    this.ownSettings = ownSettings;
    this.ownWebConfig = ownWebConfig;
    this.host = host;
  }

  /**
   * Looks whether a gateway of these settings can have its persistence file, so that a process need
   * not start in vain: the file itself is opened in the background.
   *
   * @throws IOException if it cannot, with a sentence
   */
  public static void check(Settings settings) throws IOException {
    Optional<Persistence.Source> source = StoreLoader.source(settings);
    if (source.isPresent()) {
      source.get().check();
    }
  }

  /**
   * Opens the gateway.
   *
   * @throws IllegalStateException if it cannot be had; the message is a sentence for whoever
   *     deploys
   */
  @Override
  public void contextInitialized(ServletContextEvent event) {
    // Not all containers call contextDestroyed after this has thrown, so that it must clean up.
    boolean opened = false;
    try {
      open(event.getServletContext());
      opened = true;
    } catch (SettingsException e) {
      throw new DeploymentException(e.getMessage());
    } finally {
      if (!opened) {
        close();
      }
    }
  }

  private void open(ServletContext context) throws SettingsException {
    Set<String> unknown = Environment.ofProcess().unknown();
    if (!unknown.isEmpty()) {
      LOG.debug("environment variables that are no settings: {}", String.join(", ", unknown));
    }
    Settings settings =
        ownSettings.isPresent()
            ? ownSettings.get()
            : Settings.inContainer(new ContainerSettings(context));
    Optional<WebConfigFile> webConfig =
        ownSettings.isPresent() ? ownWebConfig : WebConfigs.inContainer(settings);
    Gateway opening = new Gateway(settings, host);
    gateway = Optional.of(opening);
    register(context, settings, opening, webConfig);
    opening.load();
  }

  private static void register(
      ServletContext context,
      Settings settings,
      Gateway gateway,
      Optional<WebConfigFile> webConfig) {
    ServletRegistration.Dynamic registration = context.addServlet("pushgateway", gateway.servlet());
    if (registration == null) {
      throw new IllegalStateException("there is a servlet called pushgateway in this context");
    }
    // All of it, because containers map by their own idea of a path: /metrics/job/.. would be lost.
    // Not "/", under which Tomcat keeps *.jsp to itself.
    registration.addMapping("/metrics/*", "/*");
    registration.setLoadOnStartup(1);
    registration.setAsyncSupported(true);
    gateway
        .servlet()
        .filter(webConfig, settings.containerRoles())
        .ifPresent(filter -> register(context, filter));
  }

  private static void register(ServletContext context, Filter filter) {
    FilterRegistration.Dynamic registration = context.addFilter("pushgateway-access", filter);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    close();
  }

  private void close() {
    gateway.ifPresent(Gateway::close);
    gateway = Optional.empty();
  }

  /**
   * Why there is no gateway. Containers log what a listener throws with its stack, in which the one
   * line that matters would be lost; so it has none.
   */
  private static final class DeploymentException extends IllegalStateException {
    DeploymentException(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
