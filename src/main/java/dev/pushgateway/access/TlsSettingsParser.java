package dev.pushgateway.access;

import dev.pushgateway.access.TlsSettings.Pem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code tls_server_config}. Does not read the files that it names.
 *
 * @param folder paths in the file are relative to this folder
 */
record TlsSettingsParser(Path folder, YamlMapping tls) {
  /** The exporter-toolkit's names of the versions, the oldest first. */
  private static final List<String> VERSIONS = List.of("TLS10", "TLS11", "TLS12", "TLS13");

  private static final List<String> PROTOCOLS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

  private static final Map<String, String> CURVES =
      Map.of(
          "CurveP256", "secp256r1",
          "CurveP384", "secp384r1",
          "CurveP521", "secp521r1",
          "X25519", "x25519");

  /** Always on, as in Go. */
  private static final List<String> TLS_13_SUITES =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  /**
   * Cipher suites up to TLS 1.2, the better ones first. Go calls these secure and enables them by
   * default ({@code tls.CipherSuites()} of Go 1.22); the JDK has the same names for them.
   */
  private static final List<String> OLDER_SUITES =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");

  /**
   * Returns the settings.
   *
   * @return absent if no key switches TLS on, as in the exporter-toolkit
   */
  Optional<TlsSettings> read() throws WebConfigException {
    Optional<Pem> certificate = pem("cert");
    Optional<Pem> key = pem("key");
    Optional<Pem> authorities = pem("client_ca");
    Optional<String> authWord = tls.text("client_auth_type").filter(word -> !word.isEmpty());
    ClientAuth auth =
        ClientAuth.of(authWord.orElse(""))
            .orElseThrow(() -> unknown("client_auth_type", authWord.get()));
    Optional<List<String>> names = tls.texts("client_allowed_sans");
    List<String> protocols = protocols();
    List<String> cipherSuites = cipherSuites();
    List<String> curves =
        words("curve_preferences", CURVES.keySet()).stream().map(CURVES::get).toList();
    boolean prefersServerOrder = tls.bool("prefer_server_cipher_suites", true);
    tls.refuseTheRest();
    if (certificate.isEmpty() && key.isEmpty() && authorities.isEmpty() && authWord.isEmpty()) {
      return Optional.empty();
    }
    if (authorities.isPresent() && !auth.isAsked()) {
      throw tls.wrong(
          authorities.get().key(),
          authorities.get().key() + " is set, but no client_auth_type that uses it");
    }
    return Optional.of(
        new TlsSettings(
            certificate.orElseThrow(() -> missing("cert")),
            key.orElseThrow(() -> missing("key")),
            auth,
            authorities,
            names,
            protocols,
            cipherSuites,
            curves,
            prefersServerOrder));
  }

  private WebConfigException missing(String key) {
    return tls.wrong("tls_server_config: there is neither " + key + "_file nor " + key);
  }

  /**
   * Returns the PEM of a key. If both the file and the inline text are set, the file wins, as in
   * the exporter-toolkit.
   */
  private Optional<Pem> pem(String key) throws WebConfigException {
    String fileKey = key + "_file";
    Optional<String> text = tls.text(key).filter(pem -> !pem.isEmpty());
    Optional<String> file = tls.text(fileKey).filter(name -> !name.isEmpty());
    if (file.isEmpty()) {
      return text.map(pem -> new Pem(key, tls.line(key), Optional.empty(), pem));
    }
    try {
      Path path = folder.resolve(file.get());
      return Optional.of(new Pem(fileKey, tls.line(fileKey), Optional.of(path), ""));
    } catch (InvalidPathException e) {
      throw tls.wrong(fileKey, fileKey + ": this is no path: " + e.getReason());
    }
  }

  private List<String> protocols() throws WebConfigException {
    int min = version("min_version", "TLS12");
    int max = version("max_version", "TLS13");
    if (min > max) {
      throw tls.wrong("min_version", "min_version is above max_version");
    }
    return PROTOCOLS.subList(min, max + 1);
  }

  private int version(String key, String defaultValue) throws WebConfigException {
    String word = tls.text(key).orElse(defaultValue);
    int index = VERSIONS.indexOf(word);
    if (index < 0) {
      throw unknown(key, word);
    }
    return index;
  }

  private List<String> cipherSuites() throws WebConfigException {
    List<String> known = new ArrayList<>(TLS_13_SUITES);
    known.addAll(OLDER_SUITES);
    List<String> chosen = words("cipher_suites", known);
    if (chosen.isEmpty()) {
      return known;
    }
    List<String> suites = new ArrayList<>(chosen);
    suites.removeAll(TLS_13_SUITES);
    suites.addAll(0, TLS_13_SUITES);
    return suites;
  }

  private List<String> words(String key, Collection<String> known) throws WebConfigException {
    List<String> words = tls.texts(key).orElse(List.of());
    for (String word : words) {
      if (!known.contains(word)) {
        throw unknown(key, word);
      }
    }
    return words;
  }

  private WebConfigException unknown(String key, String word) {
    return tls.wrong(key, key + ": " + YamlMapping.quoted(word) + " is not known");
  }
}
