package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.access.Hashes;
import dev.pushgateway.gateway.Flag;
import dev.pushgateway.gateway.Settings;
import dev.pushgateway.gateway.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Web config files with TLS, without a server. */
final class ServerConfigIT {
  private static final String GOOD = "cert_file: server.pem; key_file: server.key";

  @TempDir private static Path folder;

  @BeforeAll
  static void makeCertificates() throws Exception {
    Pki pki = new Pki(folder);
    pki.server("server");
    pki.server("other");
    pki.rsaServer("rsa");
    pki.run(List.of("openssl", "genpkey", "-algorithm", "ed25519", "-out", "ed.key"));
    pki.run(
        List.of("openssl", "req", "-x509", "-key", "ed.key", "-subj", "/CN=ed", "-out", "ed.pem"));
    pki.run(
        List.of(
            "openssl",
            "ec",
            "-in",
            "server.key",
            "-aes128",
            "-passout",
            "pass:x",
            "-out",
            "old.key"));
    pki.run(
        List.of(
            "openssl",
            "pkcs8",
            "-topk8",
            "-in",
            "server.key",
            "-passout",
            "pass:x",
            "-out",
            "encrypted.key"));
  }

  private static ServerConfig open(String tls) throws Exception {
    Path file = write(tls);
    return ServerConfig.of(
        Settings.of(flag -> flag == Flag.WEB_CONFIG_FILE ? List.of(file.toString()) : List.of()));
  }

  private static Path write(String tls) throws Exception {
    String lines = tls.isEmpty() ? "" : "tls_server_config:\n  " + tls.replace("; ", "\n  ") + "\n";
    return Files.writeString(folder.resolve("web.yml"), lines);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cert_file: none.pem; key_file: server.key      | line 2: cert_file (FOLDER/none.pem): there is no such file
          cert_file: server.pem; key_file: none.key      | line 3: key_file (FOLDER/none.key): there is no such file
          cert_file: server.key; key_file: server.key    | line 2: cert_file (FOLDER/server.key): there is no certificate in it
          cert_file: server.pem; key_file: server.pem    | line 3: key_file (FOLDER/server.pem): there is no private key in it, or an encrypted one
          cert_file: server.pem; key_file: rsa.key       | line 3: key_file (FOLDER/rsa.key): the private key in it is broken, or not one of EC
          cert_file: server.pem; key_file: other.key     | line 3: key_file (FOLDER/other.key): the private key in it is not that of the certificate
          cert: secret; key_file: other.key              | line 2: cert: there is no certificate in it
          client_auth_type: RequireAndVerifyClientCert; cert_file: server.pem; key_file: server.key; client_ca_file: web.yml | line 5: client_ca_file (FOLDER/web.yml): there is no certificate in it
          cert_file: ed.pem; key_file: ed.key            | line 3: key_file (FOLDER/ed.key): keys of EdDSA cannot be used for TLS in Java; RSA and EC can
          cert_file: server.pem; key_file: old.key       | line 3: key_file (FOLDER/old.key): there is no private key in it, or an encrypted one
          cert_file: server.pem; key_file: encrypted.key | line 3: key_file (FOLDER/encrypted.key): the private key in it is encrypted
          """)
  void refuses(String tls, String why) {
    SettingsException refusal = assertThrows(SettingsException.class, () -> open(tls));
    String file = "web.config.file: " + folder.resolve("web.yml") + ": ";
    assertEquals(file + why.replace("FOLDER", folder.toString()), refusal.getMessage());
  }

  @Test
  void tlsCannotBeSwitchedOffByAChange() throws Exception {
    ServerConfig config = open(GOOD);
    assertTrue(config.tls().isPresent());
    write("");
    config.tls().get().newEngine();
    assertTrue(config.file().get().current().tls().isPresent());
  }

  @Test
  @Timeout(120)
  void hashesThatAreHardlyMeant_areWarnedOfAtStartAndAtChange() throws Exception {
    String hash = Hashes.bcrypt("secret");
    Path file =
        Files.writeString(folder.resolve("users.yml"), "basic_auth_users: {a: " + hash + "%}");
    try (ServerProcess server = ServerProcess.listening("--web.config.file=" + file)) {
      assertTrue(
          server.log().stream().anyMatch(line -> isWarning(line, "are ignored")),
          server.log().toString());
      String costly = "$2y$15$" + hash.substring(7);
      Files.writeString(file, "basic_auth_users: {a: " + costly + "}");
      while (server.log().stream().noneMatch(line -> isWarning(line, "cost above 14"))) {
        server.send("GET", "/metrics", "");
      }
    }
  }

  private static boolean isWarning(String line, String words) {
    return line.contains("level=warn") && line.contains(words);
  }
}
