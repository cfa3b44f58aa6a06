package dev.pushgateway.access;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The content of {@code tls_server_config}.
 *
 * @param certificate chain of the server, its own certificate first
 * @param key of the server
 * @param clientAuthorities who may sign client certificates; if absent, the authorities of the JVM
 * @param allowedClientNames a client certificate must have one of these names; absent if any will
 *     do
 * @param protocols TLS versions by the JDK's names, the oldest first
 * @param cipherSuites in order of preference; those of TLS 1.3 are always among them
 * @param curves by the JDK's names; empty for the JVM's defaults
 * @param prefersServerOrder whether the order of {@code cipherSuites} counts, not the client's
 */
public record TlsSettings(
    Pem certificate,
    Pem key,
    ClientAuth clientAuth,
    Optional<Pem> clientAuthorities,
    Optional<List<String>> allowedClientNames,
    List<String> protocols,
    List<String> cipherSuites,
    List<String> curves,
    boolean prefersServerOrder) {

  public TlsSettings {
    allowedClientNames = allowedClientNames.map(List::copyOf);
    protocols = List.copyOf(protocols);
    cipherSuites = List.copyOf(cipherSuites);
    curves = List.copyOf(curves);
  }

  /**
   * Something in PEM form, either inline in the web config file or in a file of its own.
   *
   * @param key the key of the web config file that it belongs to
   * @param line of that key, from 1
   * @param file absent if it is inline
   * @param text the inline PEM; empty if it is in {@code file}
   */
  public record Pem(String key, int line, Optional<Path> file, String text) {
    public WebConfigException wrong(String why) {
      return WebConfigException.at(line, this + ": " + why);
    }

    /** Returns the key and the file, and leaves the inline text out: it may be secret. */
    @Override
    public String toString() {
      return key + file.map(path -> " (" + path + ")").orElse("");
    }
  }
}
