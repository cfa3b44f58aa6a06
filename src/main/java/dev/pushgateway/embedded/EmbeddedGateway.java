package dev.pushgateway.embedded;

import dev.pushgateway.gateway.ContainerHost;
import dev.pushgateway.gateway.Flag;
import dev.pushgateway.gateway.Gateway;
import dev.pushgateway.gateway.Settings;
import dev.pushgateway.gateway.SettingsException;
import dev.pushgateway.gateway.SettingsSource;
import dev.pushgateway.gateway.WebConfigs;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A gateway within an existing server: a servlet, and the filter that protects it.
 *
 * <p>The servlet reads paths from the raw request URI below the context path, and ignores the
 * server's own decoding of paths. Thread-safe.
 */
public final class EmbeddedGateway implements AutoCloseable {
  private final Gateway gateway;
  private final Optional<Filter> filter;

  private EmbeddedGateway(Gateway gateway, Optional<Filter> filter) {
    this.gateway = gateway;
    this.filter = filter;
  }

  /**
   * Opens a gateway. A gateway with a persistence file answers 503 until the file is loaded. If
   * another gateway uses the file, this gateway waits for it.
   *
   * @param settings by the names of the flags, such as {@code persistence.file}; a missing setting
   *     has its default
   * @throws IllegalArgumentException for an unknown name or a wrong value; the message is a
   *     sentence
   */
  public static EmbeddedGateway open(Map<String, String> settings) {
    for (String name : settings.keySet()) {
      if (Flag.named(name).isEmpty()) {
        throw new IllegalArgumentException("there is no setting called " + name);
      }
    }
    try {
      Settings checked =
          Settings.inContainer(
              flag ->
                  Optional.ofNullable(settings.get(flag.flagName()))
                      .map(text -> SettingsSource.split(flag, text))
                      .orElse(List.of()));
      var webConfig = WebConfigs.inContainer(checked);
      Gateway gateway = new Gateway(checked, new ContainerHost());
      Optional<Filter> filter = gateway.servlet().filter(webConfig, checked.containerRoles());
      gateway.load();
      return new EmbeddedGateway(gateway, filter);
    } catch (SettingsException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Returns the servlet for all paths; map it to {@code /*}. */
  public Servlet servlet() {
    return gateway.servlet();
  }

  /**
   * Returns the filter that checks access. If present, it must be mapped to {@code /*}, too.
   * Present with {@code web.config.file}, {@code web.container-roles} or {@code push.cors-origins}.
   */
  public Optional<Filter> filter() {
    return filter;
  }

  /**
   * Stops the gateway. When this returns, accepted changes are on disk, and another process may
   * open the persistence file. A failure is logged. May be called repeatedly.
   */
  @Override
  public void close() {
    gateway.close();
  }
}
