package dev.pushgateway.gateway;

import dev.pushgateway.access.WebConfig;
import dev.pushgateway.access.WebConfigException;
import dev.pushgateway.access.WebConfigFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Opens the web config file of the settings. */
public final class WebConfigs {
  private WebConfigs() {}

  /**
   * Opens the file for a process of its own.
   *
   * @param check checks and applies the first settings and each change
   * @return empty if the settings name no file
   * @throws SettingsException if the file cannot be used, with the line and the reason
   */
  public static Optional<WebConfigFile> open(Settings settings, WebConfigFile.Check check)
      throws SettingsException {
    if (settings.webConfigFile().isEmpty()) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(settings.webConfigFile());
      return Optional.of(WebConfigFile.open(path, GoDuration::parse, check));
    } catch (WebConfigException | InvalidPathException e) {
      throw new SettingsException(Flag.WEB_CONFIG_FILE.flagName() + ": " + e.getMessage());
    }
  }

  /**
   * Opens the file for a web application, whose container does TLS.
   *
   * @throws SettingsException if the file cannot be used, with the line and the reason
   */
  public static Optional<WebConfigFile> inContainer(Settings settings) throws SettingsException {
    return open(settings, config -> check(config, settings.containerRoles()));
  }

  private static void check(WebConfig config, boolean containerRoles) throws WebConfigException {
    if (containerRoles && config.rules().restrict()) {
      throw new WebConfigException(
          "users and roles are those of the container, as web.container-roles is set");
    }
    if (config.tls().isPresent()) {
      throw config
          .tls()
          .get()
          .certificate()
          .wrong("TLS is up to the servlet container; take tls_server_config out");
    }
  }
}
