package dev.pushgateway.access;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code tls_server_config} says.
 *
 * @param certificate chain of the server, its own first
 * @param key of the server
 * @param clientAuthorities who may sign certificates of clients; if absent, whom the JVM trusts
 * @param allowedClientNames of which a client's certificate must have one; absent if any will do
 * @param protocols of TLS that are spoken, by the JDK's names, the oldest first
 * @param cipherSuites in order of preference; those of TLS 1.3 are always among them
 * @param curves by the JDK's names; empty for those of the JVM
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
   * Something in PEM form: in the file itself, or in one of its own.
   *
   * @param key that it stands behind in the web config file
   * @param line of that key, from 1
   * @param file absent if it is {@code text}
   * @param text empty if it is in {@code file}
   */
  public record Pem(String key, int line, Optional<Path> file, String text) {
    public WebConfigException wrong(String why) {
      return WebConfigException.at(line, this + ": " + why);
    }

    /** Leaves out what may be a secret. */
    @Override
    public String toString() {
      return key + file.map(path -> " (" + path + ")").orElse("");
    }
  }
}
