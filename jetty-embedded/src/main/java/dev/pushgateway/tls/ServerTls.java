package dev.pushgateway.tls;

import dev.pushgateway.access.FileStamp;
import dev.pushgateway.access.TlsSettings;
import dev.pushgateway.access.TlsSettings.Pem;
import dev.pushgateway.access.WebConfigException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of a server. Each handshake checks whether the settings or the files that they name have
 * changed. A check takes some microseconds, and a handshake about a thousand.
 *
 * <p>While files change one after the other (a certificate, then its key), they do not match. Such
 * a state is logged, and the last matching pair stays in force.
 *
 * <p>Thread-safe. One thread reads changed files, while other threads use the old ones.
 */
public final class ServerTls {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  /** The settings and the stamps of their files before they were read. */
  private record Version(TlsSettings settings, List<FileStamp> stamps) {
    static Version of(TlsSettings settings) {
      Stream<Pem> pems =
          Stream.concat(
              Stream.of(settings.certificate(), settings.key()),
              settings.clientAuthorities().stream());
      return new Version(
          settings, pems.flatMap(pem -> pem.file().stream()).map(FileStamp::of).toList());
    }
  }

  private final Supplier<TlsSettings> settings;
  private final ReentrantLock reloading = new ReentrantLock();
  private volatile TlsContext current;

  /** The last version that was read, usable or not. */
  private volatile Version seen;

  /**
   * Creates TLS with these settings.
   *
   * @param settings returns the settings in force; called for each handshake
   * @throws WebConfigException if the first settings cannot be used
   */
  public ServerTls(Supplier<TlsSettings> settings) throws WebConfigException {
    this.settings = settings;
    this.seen = Version.of(settings.get());
    this.current = TlsContext.of(seen.settings());
  }

  /**
   * Checks settings and their files.
   *
   * @throws WebConfigException if they cannot be used
   */
  public static void check(TlsSettings settings) throws WebConfigException {
    TlsContext.of(settings);
  }

  /** Returns an engine for one connection, with the current certificates. */
  public SSLEngine newEngine() {
    Version version = Version.of(settings.get());
    if (!version.equals(seen) && reloading.tryLock()) {
      try {
        reload(version);
      } finally {
        reloading.unlock();
      }
    }
    return current.newEngine();
  }

  private void reload(Version version) {
    seen = version;
    try {
      current = TlsContext.of(version.settings());
      LOG.info("certificates read anew");
    } catch (WebConfigException e) {
      LOG.error("certificates: {}; the old ones stay in force", e.getMessage());
    }
  }
}
