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
 * TLS of a server, kept up to date: each handshake looks whether the settings, or the files they
 * name, have changed. That costs some microseconds, where a handshake costs a thousand.
 *
 * <p>What changes one after the other (a certificate, then its key) does not go together in
 * between; that is logged, and the last that did go together stays in force until it does again.
 *
 * <p>Thread-safe. One thread reads what has changed, while others go on with what they have.
 */
public final class ServerTls {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  /** What the settings and their files looked like before they were read. */
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

  /** The last version that was looked at, whether it could be used or not. */
  private volatile Version seen;

  /**
   * TLS by these settings.
   *
   * @param settings those in force; asked for each handshake
   * @throws WebConfigException if they cannot be used
   */
  public ServerTls(Supplier<TlsSettings> settings) throws WebConfigException {
    this.settings = settings;
    this.seen = Version.of(settings.get());
    this.current = TlsContext.of(seen.settings());
  }

  /**
   * Whether such settings can be used, files included.
   *
   * @throws WebConfigException if not
   */
  public static void check(TlsSettings settings) throws WebConfigException {
    TlsContext.of(settings);
  }

  /** An engine for one connection, with the certificates of this moment. */
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
      LOG.error("certificates: {}; those that were in force before stay so", e.getMessage());
    }
  }
}
