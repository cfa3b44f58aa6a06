package dev.pushgateway.jetty;

import dev.pushgateway.access.TlsSettings;
import dev.pushgateway.access.WebConfig;
import dev.pushgateway.access.WebConfigException;
import dev.pushgateway.access.WebConfigFile;
import dev.pushgateway.gateway.Settings;
import dev.pushgateway.gateway.SettingsException;
import dev.pushgateway.gateway.WebConfigs;
import dev.pushgateway.tls.JvmTls;
import dev.pushgateway.tls.ServerTls;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's part of a web config file: TLS and HTTP/2. Switching either on or off needs a
 * restart. All other changes take effect at once.
 */
public final class ServerConfig {
  private static final Logger LOG = LoggerFactory.getLogger(ServerConfig.class);

  private Optional<WebConfig> first = Optional.empty();
  private Optional<WebConfigFile> file = Optional.empty();
  private Optional<ServerTls> tls = Optional.empty();

  private ServerConfig() {}

  /**
   * Reads the web config file and the files that it names.
   *
   * @throws SettingsException if a file cannot be used
   */
  public static ServerConfig of(Settings settings) throws SettingsException {
    ServerConfig config = new ServerConfig();
    config.file = WebConfigs.open(settings, config::check);
    if (config.first.flatMap(WebConfig::tls).isPresent()) {
      WebConfigFile opened = config.file.get();
      try {
        config.tls = Optional.of(new ServerTls(() -> opened.current().tls().get()));
      } catch (WebConfigException e) {
        throw new SettingsException(opened.path() + ": " + e.getMessage());
      }
    }
    return config;
  }

  private synchronized void check(WebConfig config) throws WebConfigException {
    if (first.isEmpty()) {
      config.tls().ifPresent(JvmTls::prepare);
    } else {
      checkChange(first.get(), config);
    }
    if (config.tls().isPresent()) {
      ServerTls.check(config.tls().get());
    }
    first = first.or(() -> Optional.of(config));
  }

  private static void checkChange(WebConfig before, WebConfig after) throws WebConfigException {
    Optional<TlsSettings> tls = after.tls();
    if (before.tls().isPresent() != tls.isPresent()) {
      throw new WebConfigException("TLS can only be switched on or off by a restart");
    }
    if (before.http2() != after.http2()) {
      LOG.warn("http2 takes effect after a restart");
    }
    if (tls.isPresent()) {
      JvmTls.warnOfChange(before.tls().get(), tls.get());
    }
  }

  /** Returns the web config file; absent if there is none. */
  Optional<WebConfigFile> file() {
    return file;
  }

  /** Returns TLS; absent if connections are not encrypted. */
  Optional<ServerTls> tls() {
    return tls;
  }

  /** Returns whether the server offers HTTP/2. */
  boolean http2() {
    return first.map(WebConfig::http2).orElse(true);
  }
}
