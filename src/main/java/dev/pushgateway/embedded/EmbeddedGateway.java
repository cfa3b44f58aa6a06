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
 * A gateway for whoever has a server already: a servlet, and what is to guard it.
 *
 * <p>The servlet reads paths from the raw request URI below the context path; whatever the server
 * makes of them does not matter. Thread-safe.
 */
public final class EmbeddedGateway implements AutoCloseable {
  private final Gateway gateway;
  private final Optional<Filter> filter;

  private EmbeddedGateway(Gateway gateway, Optional<Filter> filter) {
    this.gateway = gateway;
    this.filter = filter;
  }

  /**
   * Opens a gateway. With a persistence file it is ready a little later; if another gateway has the
   * file, it waits for it, and answers 503 meanwhile.
   *
   * @param settings by the names of the flags, {@code persistence.file} for one; what is missing
   *     has its default
   * @throws IllegalArgumentException at a name that is none, or a value that cannot be, with a
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

  /** Serves everything; to be mapped at {@code /*}. */
  public Servlet servlet() {
    return gateway.servlet();
  }

  /**
   * Says who may do what, and must be mapped, too, if it is there: with {@code web.config.file},
   * {@code web.container-roles} or {@code push.cors-origins}.
   */
  public Optional<Filter> filter() {
    return filter;
  }

  /**
   * Stops: what was acknowledged is on its way to the disk, and the persistence file is free, when
   * this returns. May be called repeatedly.
   */
  @Override
  public void close() {
    gateway.close();
  }
}
