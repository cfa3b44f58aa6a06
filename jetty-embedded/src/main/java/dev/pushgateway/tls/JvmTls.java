package dev.pushgateway.tls;

import dev.pushgateway.access.TlsSettings;
import java.security.Security;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets TLS parameters that the JDK has only once per process, before its first use of TLS. These
 * are the curves (per connection only from JDK 20 on), and whether TLS 1.0 and 1.1 are available.
 */
public final class JvmTls {
  private static final Logger LOG = LoggerFactory.getLogger(JvmTls.class);
  private static final String DISABLED = "jdk.tls.disabledAlgorithms";
  private static final String CURVES = "jdk.tls.namedGroups";
  private static final List<String> OLD_PROTOCOLS = List.of("TLSv1", "TLSv1.1");

  private JvmTls() {}

  /** Sets the JVM's parameters. Has no effect after the first TLS context or handshake. */
  public static void prepare(TlsSettings settings) {
    if (!settings.curves().isEmpty()) {
      System.setProperty(CURVES, String.join(",", settings.curves()));
    }
    if (!oldProtocols(settings).isEmpty()) {
      Security.setProperty(DISABLED, without(Security.getProperty(DISABLED), settings));
    }
  }

  /** Logs changes that need a restart. */
  public static void warnOfChange(TlsSettings before, TlsSettings after) {
    boolean needsRestart =
        !before.curves().equals(after.curves())
            || !oldProtocols(before).containsAll(oldProtocols(after));
    if (needsRestart) {
      LOG.warn("curve_preferences, and a min_version below TLS12, take effect after a restart");
    }
  }

  private static List<String> oldProtocols(TlsSettings settings) {
    return OLD_PROTOCOLS.stream().filter(settings.protocols()::contains).toList();
  }

  private static String without(String disabled, TlsSettings settings) {
    return Stream.of(disabled.split(","))
        .map(String::strip)
        .filter(entry -> !oldProtocols(settings).contains(entry))
        .collect(Collectors.joining(", "));
  }
}
