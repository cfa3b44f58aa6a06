package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.access.Hashes;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped jar over TLS, with curl and openssl as clients. */
final class TlsIT {
  private static final String OK = "/-/healthy";

  @TempDir private static Path folder;
  private static Programs programs;
  private static Pki pki;

  @BeforeAll
  static void makeCertificates() throws Exception {
    programs = new Programs(folder);
    pki = new Pki(folder);
    pki.server("server");
    pki.rsaServer("rsa");
    pki.authority("strangers");
    pki.client("known", "ca", "DNS:client.example");
    pki.client("stranger", "strangers", "DNS:client.example");
    programs.output(List.of("openssl", "ec", "-in", "server.key", "-out", "server.sec1.key"));
    programs.output(
        List.of("openssl", "rsa", "-traditional", "-in", "rsa.key", "-out", "rsa.pkcs1.key"));
  }

  private ServerProcess start(String tls) throws Exception {
    Path file = folder.resolve("web.yml");
    Files.writeString(file, "tls_server_config:\n  " + tls.replace("; ", "\n  ") + "\n");
    return ServerProcess.listening("--web.config.file=" + file);
  }

  private static String url(ServerProcess server, String path) {
    return "https://" + server.address() + path;
  }

  private static String client(String name) {
    return name.equals("none") ? "" : "--cert " + name + ".pem --key " + name + ".key";
  }

  private String status(ServerProcess server, String options) throws Exception {
    String[] words = options.isEmpty() ? new String[0] : options.split(" ");
    return programs.curl(url(server, OK), words).split(" ")[1];
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "cert_file: server.pem; key_file: server.key",
    "cert_file: server.pem; key_file: server.sec1.key",
    "cert_file: rsa.pem; key_file: rsa.key",
    "cert_file: rsa.pem; key_file: rsa.pkcs1.key",
  })
  void speaksHttp2ByEachKindOfKey(String tls) throws Exception {
    try (ServerProcess server = start(tls)) {
      assertEquals("2 200", programs.curl(url(server, OK)));
      assertEquals("1.1 200", programs.curl(url(server, OK), "--http1.1"));
    }
  }

  @Test
  void takesCertificatesWithinTheFile() throws Exception {
    StringBuilder tls = new StringBuilder();
    for (String[] part : new String[][] {{"cert", "rsa.pem"}, {"key", "rsa.key"}}) {
      tls.append(part[0]).append(": |\n");
      for (String line : Files.readAllLines(folder.resolve(part[1]))) {
        tls.append("    ").append(line).append('\n');
      }
      tls.append("  ");
    }
    try (ServerProcess server = start(tls.toString())) {
      assertEquals("2 200", programs.curl(url(server, OK)));
    }
  }

  /** One column each: a client without a certificate, a stranger, one of the authority. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "NoClientCert,               200 200 200",
    "RequestClientCert,          200 200 200",
    "RequireAnyClientCert,       000 200 200",
    "VerifyClientCertIfGiven,    200 000 200",
    "RequireAndVerifyClientCert, 000 000 200",
  })
  void asksForACertificateOfTheClient(String type, String statuses) throws Exception {
    String authority = type.startsWith("No") ? "" : "; client_ca_file: ca.pem";
    String tls = "cert_file: server.pem; key_file: server.key; client_auth_type: " + type;
    try (ServerProcess server = start(tls + authority)) {
      for (String version : List.of("--tls-max 1.2 ", "--tlsv1.3 ")) {
        List<String> found = new ArrayList<>();
        for (String client : List.of("none", "stranger", "known")) {
          found.add(status(server, (version + client(client)).strip()));
        }
        assertEquals(statuses, String.join(" ", found), version);
      }
    }
  }

  @Test
  void clientNeedsOneOfTheAllowedNames() throws Exception {
    String tls =
        "cert_file: server.pem; key_file: server.key; client_ca_file: ca.pem;"
            + " client_auth_type: RequireAndVerifyClientCert;"
            + " client_allowed_sans: [a.example, 10.0.0.7, '2001:db8::7', 'spiffe://a/b', a@b.c]";
    try (ServerProcess server = start(tls)) {
      for (String name :
          List.of(
              "DNS:a.example",
              "IP:10.0.0.7",
              "IP:2001:db8::7",
              "URI:spiffe://a/b",
              "email:a@b.c",
              "DNS:x,DNS:a.example")) {
        pki.client("good", "ca", name);
        assertEquals("200", status(server, client("good")), name);
      }
      for (String name : List.of("DNS:b.example", "IP:10.0.0.8", "DNS:a")) {
        pki.client("bad", "ca", name);
        assertEquals("000", status(server, client("bad")), name);
      }
    }
  }

  /** What {@code openssl s_client} negotiates with which options, or that it does not. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          min_version: TLS12 | -tls1_1 -cipher DEFAULT@SECLEVEL=0 -> (NONE); -tls1_2 -> TLSv1.2; \
          -tls1_3 -> TLSv1.3
          min_version: TLS13 | -tls1_2 -> (NONE); -tls1_3 -> TLSv1.3
          max_version: TLS12 | -tls1_2 -> TLSv1.2; -tls1_3 -> (NONE)
          min_version: TLS10 | -tls1 -cipher DEFAULT@SECLEVEL=0 -> ECDHE-ECDSA-AES128-SHA; \
          -tls1_1 -cipher DEFAULT@SECLEVEL=0 -> ECDHE-ECDSA-AES128-SHA
          cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384] | \
          -tls1_2 -> ECDHE-ECDSA-AES256-GCM-SHA384; -tls1_3 -> TLSv1.3; \
          -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 -> (NONE)
          curve_preferences: [CurveP384] | -groups P-256 -> (NONE); -groups P-384 -> TLSv1.3
          """)
  void negotiates(String setting, String cases) throws Exception {
    try (ServerProcess server = start("cert_file: server.pem; key_file: server.key; " + setting)) {
      for (String one : cases.split("; ")) {
        String[] optionsAndResult = one.split(" -> ");
        String line = negotiated(server, optionsAndResult[0]);
        assertTrue(line.contains(optionsAndResult[1]), one + ", but found " + line);
      }
    }
  }

  private static String negotiated(ServerProcess server, String options) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl", "s_client"));
    command.addAll(List.of("-connect", server.address()));
    command.addAll(List.of(options.split(" ")));
    String output = programs.output(command);
    return output.lines().filter(line -> line.contains("Cipher is")).findFirst().orElse(output);
  }

  @ParameterizedTest(name = "prefers its own order: {0}")
  @CsvSource({"true, ECDHE-ECDSA-AES256-GCM-SHA384", "false, ECDHE-ECDSA-AES128-GCM-SHA256"})
  void orderOfCipherSuitesIsTheServersIfItPrefersThat(boolean server, String suite)
      throws Exception {
    String tls =
        "cert_file: server.pem; key_file: server.key; cipher_suites: ["
            + "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256];"
            + " prefer_server_cipher_suites: "
            + server;
    try (ServerProcess process = start(tls)) {
      String both = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384";
      String line = negotiated(process, "-tls1_2 -cipher " + both);
      assertTrue(line.endsWith("Cipher is " + suite), line);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"true, 2 200, 2 200", "false, 1.1 200, 0 000"})
  void http2CanBeSwitchedOff(boolean http2, String overTls, String plain) throws Exception {
    String http = "\nhttp_server_config: {http2: " + http2 + "}";
    try (ServerProcess server = start("cert_file: server.pem; key_file: server.key" + http)) {
      assertEquals(overTls, programs.curl(url(server, OK), "--http2"));
    }
    Path file = Files.writeString(folder.resolve("plain.yml"), http);
    try (ServerProcess server = ServerProcess.listening("--web.config.file=" + file)) {
      String url = "http://" + server.address() + OK;
      assertEquals(plain, programs.curl(url, "--http2-prior-knowledge"));
      assertEquals(overTls, programs.curl(url, "--http2"), "by upgrade");
    }
  }

  /** As Go does; what is neither HTTP nor TLS is closed. */
  @ParameterizedTest
  @CsvSource({
    "'GET / HTTP/1.1␍␊Host: x␍␊␍␊', true",
    "'POST /metrics/job/a HTTP/1.0␍␊', true",
    "hello, false"
  })
  void httpOnTheTlsPortIsToldSo(String request, boolean isAnswered) throws Exception {
    String answer =
        "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
    try (ServerProcess server = start("cert_file: server.pem; key_file: server.key");
        Socket socket = new Socket("127.0.0.1", server.uri("/").getPort())) {
      String raw = request.replace('␍', '\r').replace('␊', '\n');
      socket.getOutputStream().write(raw.getBytes(StandardCharsets.US_ASCII));
      String read = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals(isAnswered ? answer : "", read);
      assertEquals("2 200", programs.curl(url(server, OK)));
    }
  }

  @Test
  void badCertificateStopsTheStartWithItsLine() throws Exception {
    Path file = folder.resolve("bad.yml");
    Files.writeString(file, "tls_server_config:\n  cert_file: none.pem\n  key_file: server.key\n");
    try (ServerProcess server = new ServerProcess("--web.config.file=" + file)) {
      assertEquals(1, server.awaitExit());
      String why =
          ": line 2: cert_file (" + folder.resolve("none.pem") + "): there is no such file";
      assertEquals(
          List.of("pushgateway: error: web.config.file: " + file + why + ", try --help"),
          server.log());
    }
  }

  @Test
  void passwordsAreAskedForOverTls() throws Exception {
    String users = "\nbasic_auth_users: {alice: " + Hashes.bcrypt("secret") + "}";
    try (ServerProcess server = start("cert_file: server.pem; key_file: server.key" + users)) {
      String metrics = url(server, "/metrics");
      assertEquals("2 401", programs.curl(metrics));
      assertEquals("2 401", programs.curl(metrics, "-u", "alice:hunter2"));
      assertEquals("2 200", programs.curl(metrics, "-u", "alice:secret"));
      assertEquals("1.1 200", programs.curl(metrics, "-u", "alice:secret", "--http1.1"));
      assertEquals("2 200", programs.curl(url(server, OK)));
      String told = server.log() + status(server);
      for (String secret : List.of("secret", "hunter2", "YWxpY2U6", users.substring(27, 50))) {
        assertFalse(told.contains(secret), () -> secret + " is in " + told);
      }
    }
  }

  private static String status(ServerProcess server) throws Exception {
    programs.curl(url(server, "/api/v1/status"), "-u", "alice:secret");
    return Files.readString(folder.resolve("body"));
  }

  /** The example of the page on security, less what promtool before 3.5 does not know. */
  @Test
  void promtoolAndGatewayAcceptTheExampleOfThePage() throws Exception {
    String page = Files.readString(Path.of("..", "src", "site", "markdown", "security.md"));
    String example = page.substring(page.indexOf("tls_server_config:"));
    example = example.substring(0, example.indexOf("```")).replaceAll("(?m)^rate_limit.*\n", "");
    Path file = Files.writeString(folder.resolve("page.yml"), example);
    Files.copy(folder.resolve("ca.pem"), folder.resolve("clients.pem"));
    try (ServerProcess server = ServerProcess.listening("--web.config.file=" + file)) {
      assertEquals("000", status(server, ""), "no certificate");
      String cert = client("known");
      assertEquals("200", status(server, cert));
      String[] words = (cert + " -u nightly:secret").split(" ");
      assertEquals("2 200", programs.curl(url(server, "/metrics"), words));
      assertEquals("2 403", programs.curl(url(server, "/metrics/job/other"), put(words)));
      assertEquals("2 200", programs.curl(url(server, "/metrics/job/backup"), put(words)));
    }
    try {
      String found = programs.output(List.of("promtool", "check", "web-config", file.toString()));
      assertTrue(found.endsWith("SUCCESS\n"), found);
    } catch (IOException e) {
      Assumptions.abort("there is no promtool here: " + e.getMessage());
    }
  }

  private static String[] put(String[] options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("-X", "PUT", "--data-binary", "a 1\n"));
    return all.toArray(String[]::new);
  }
}
