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
 * Opens a gateway when its servlet context starts, and closes it when the context stops.
 *
 * <p>A web application names only this listener. It registers servlet and filters in code, so that
 * all packagings have the same paths. If the gateway cannot be opened, the context does not start
 * and nothing stays open.
 */
public final class GatewayListener implements ServletContextListener {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayListener.class);

  private final Optional<Settings> ownSettings;
  private final Optional<WebConfigFile> ownWebConfig;
  private final Host host;
  private Optional<Gateway> gateway = Optional.empty();

  /** Creates a listener for a container, which has the settings and owns the process. */
  public GatewayListener() {
    this(Optional.empty(), Optional.empty(), new ContainerHost());
  }

  /**
   * Creates a listener for a process of its own.
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
   * Checks whether a gateway can open its persistence file. A process calls this before it starts,
   * because the file itself is opened in the background later.
   *
   * @throws IOException if the file cannot be used; the message is a sentence
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
   * @throws IllegalStateException if the gateway cannot be opened; the message is a sentence for
   *     the operator
   */
  @Override
  public void contextInitialized(ServletContextEvent event) {
    // Some containers do not call contextDestroyed if this method throws.
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
    // "/*", because containers normalise paths before they match them: /metrics/job/.. would be
    // lost. "/" is no choice, because Tomcat then serves *.jsp itself.
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
   * Tells why there is no gateway. Has no stack trace, because the message would be lost in it when
   * containers log the exception.
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
