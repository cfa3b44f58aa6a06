package dev.pushgateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In the tables, ␊ stands for a line feed and HASH for a hash of bcrypt. */
class WebConfigParserTest {
  private static final String HASH = Hashes.bcrypt("secret");

  static WebConfig parse(String text) throws WebConfigException {
    return new WebConfigParser(Path.of("/etc/pgw"), WebConfigParserTest::duration).parse(text);
  }

  private static Optional<Duration> duration(String text) {
    return switch (text) {
      case "1s" -> Optional.of(Duration.ofSeconds(1));
      case "-1s" -> Optional.of(Duration.ofSeconds(-1));
      default -> Optional.empty();
    };
  }

  private static WebConfig visible(String text) throws WebConfigException {
    return parse(text.replace("␊", "\n").replace("HASH", HASH));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "# nothing", "---", "{}", "tls_server_config:", "basic_auth_users: {}"})
  void fileThatSaysNothingChangesNothing(String text) throws Exception {
    WebConfig config = parse(text);
    assertEquals(Optional.empty(), config.tls());
    assertTrue(config.http2());
    assertEquals(Map.of(), config.headers());
    assertEquals(Optional.empty(), config.rateLimit());
    assertFalse(config.rules().restrict());
    assertTrue(config.rules().anyone().permissions().hasForAllGroups(Role.ADMIN));
  }

  @Test
  void takesAllOfTls() throws Exception {
    TlsSettings tls =
        parse(
                """
                tls_server_config:
                  cert_file: server.pem
                  key_file: /keys/server.key
                  key: not this one
                  client_ca: inline
                  client_auth_type: RequireAndVerifyClientCert
                  client_allowed_sans: [a.example, 10.0.0.1]
                  min_version: TLS11
                  max_version: TLS12
                  cipher_suites:
                    - TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
                    - TLS_AES_128_GCM_SHA256
                  curve_preferences: [X25519, CurveP256]
                  prefer_server_cipher_suites: no
                """)
            .tls()
            .get();
    assertEquals(Optional.of(Path.of("/etc/pgw/server.pem")), tls.certificate().file());
    assertEquals(Optional.of(Path.of("/keys/server.key")), tls.key().file());
    assertEquals("inline", tls.clientAuthorities().get().text());
    assertEquals(ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT, tls.clientAuth());
    assertEquals(Optional.of(List.of("a.example", "10.0.0.1")), tls.allowedClientNames());
    assertEquals(List.of("TLSv1.1", "TLSv1.2"), tls.protocols());
    assertEquals(
        List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
        tls.cipherSuites());
    assertEquals(List.of("x25519", "secp256r1"), tls.curves());
    assertFalse(tls.prefersServerOrder());
  }

  /** As in the exporter-toolkit, which looks at no more to see whether TLS is wanted. */
  @Test
  void versionsAloneAreNoTls() throws Exception {
    assertEquals(Optional.empty(), parse("tls_server_config: {min_version: TLS13}").tls());
  }

  @ParameterizedTest
  @CsvSource({
    "'', NO_CLIENT_CERT",
    "NoClientCert, NO_CLIENT_CERT",
    "RequestClientCert, REQUEST_CLIENT_CERT",
    "RequireClientCert, REQUIRE_ANY_CLIENT_CERT",
    "RequireAnyClientCert, REQUIRE_ANY_CLIENT_CERT",
    "VerifyClientCertIfGiven, VERIFY_CLIENT_CERT_IF_GIVEN",
    "RequireAndVerifyClientCert, REQUIRE_AND_VERIFY_CLIENT_CERT"
  })
  void knowsEachClientAuthType(String word, ClientAuth expected) throws Exception {
    String file = "tls_server_config: {cert: c, key: k, client_auth_type: \"" + word + "\"}";
    assertEquals(expected, parse(file).tls().get().clientAuth());
  }

  @Test
  void takesHttpSettingsAndRateLimit() throws Exception {
    WebConfig config =
        parse(
            """
            http_server_config:
              http2: false
              headers:
                X-Frame-Options: deny
                Strict-Transport-Security: max-age=31536000
                Content-Security-Policy: ''
            rate_limit: {interval: 1s, burst: 20}
            """);
    assertFalse(config.http2());
    assertEquals(
        Map.of("X-Frame-Options", "deny", "Strict-Transport-Security", "max-age=31536000"),
        config.headers());
    assertEquals(Optional.of(new RateLimit(Duration.ofSeconds(1), 20)), config.rateLimit());
  }

  @ParameterizedTest
  @CsvSource({"1000000, PT0.001S", "1s, PT1S"})
  void intervalIsADurationOrNanoseconds(String text, Duration expected) throws Exception {
    WebConfig config = parse("rate_limit: {burst: 1, interval: " + text + "}");
    assertEquals(expected, config.rateLimit().get().interval());
  }

  @Test
  void intervalOfNothingIsNoLimit() throws Exception {
    assertEquals(Optional.empty(), parse("rate_limit: {interval: 0}").rateLimit());
  }

  /** What promtool refuses, too, but for the rows about our own document and those that say so. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
      a                                       | line 1: expected keys and values in the file
      [a]                                     | line 1: expected keys and values in the file
      a: 1                                    | line 1: there is no key "a" in the file
      {}␊a: 1                                 | line 2: expected '<document start>', but found '<block mapping start>'
      tls_server_config: {a: 1}               | line 1: there is no key "a" in tls_server_config
      http_server_config: {a: 1}              | line 1: there is no key "a" in http_server_config
      rate_limit: {a: 1}                      | line 1: there is no key "a" in rate_limit
      http_server_config: {http2: 3}          | line 1: expected true or false for http2
      http_server_config: {http2: "true"}     | line 1: expected true or false for http2
      http_server_config:␊  headers:␊    Server: x | line 3: the header "Server" cannot be set
      http_server_config: {headers: {X-Frame-Options: never}} | line 1: X-Frame-Options: expected deny or sameorigin
      http_server_config: {headers: {Content-Security-Policy: "a\\nb"}} | line 1: Content-Security-Policy: expected printable ASCII on one line
      rate_limit: {interval: 1}               | line 1: burst: expected 1 at least, or all requests would be refused
      rate_limit: {interval: 1s, burst: x}    | line 1: expected a whole number for burst
      rate_limit: {interval: soon, burst: 1}  | line 1: interval: expected a duration such as 1s, 100ms or 1m, found "soon"
      rate_limit: {interval: -1s, burst: 1}   | line 1: interval: expected a duration such as 1s, 100ms or 1m, found "-1s"
      tls_server_config: {cert: a}            | line 1: tls_server_config: there is neither key_file nor key
      tls_server_config: {key: a}             | line 1: tls_server_config: there is neither cert_file nor cert
      tls_server_config: {cert: [a], key: b}  | line 1: expected text for cert
      tls_server_config:␊  cert: a␊  key: b␊  client_ca_file: c | line 4: client_ca_file is set, but no client_auth_type that uses it
      tls_server_config: {client_auth_type: x} | line 1: client_auth_type: "x" is not known
      tls_server_config: {min_version: SSL3}  | line 1: min_version: "SSL3" is not known
      tls_server_config: {min_version: TLS13, max_version: TLS12} | line 1: min_version is above max_version
      tls_server_config: {cipher_suites: TLS_AES_128_GCM_SHA256} | line 1: expected a list for cipher_suites
      tls_server_config: {cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]} | line 1: cipher_suites: "TLS_RSA_WITH_RC4_128_SHA" is not known
      tls_server_config: {curve_preferences: [P256]} | line 1: curve_preferences: "P256" is not known
      basic_auth_users:␊  eve: secret         | line 2: the password of "eve" is not a hash of bcrypt
      basic_auth_users: {eve: $2y$99$PjP0}    | line 1: the password of "eve" is not a hash of bcrypt
      basic_auth_users: {eve: HASH, eve: HASH} | line 1: a key of basic_auth_users is there twice
      basic_auth_users: {[a]: HASH}           | line 1: expected a word as key in basic_auth_users
      basic_auth_users: *secret               | line 1: found undefined alias
      basic_auth_users: !secret!x HASH        | line 1: found undefined tag handle
      roles: []                               | line 1: roles goes below a line "---", so that promtool takes the file
      bearer_tokens: {}                       | line 1: bearer_tokens goes below a line "---", so that promtool takes the file
      {}␊---␊{}␊---␊{}                        | line 5: there is a third document
      {}␊---␊rules: []                        | line 3: there is no key "rules" in the second document
      {}␊---␊roles: {}                        | line 3: expected a list for roles
      {}␊---␊roles: [push]                    | line 3: expected keys and values in roles
      {}␊---␊roles: [{anyone: true}]          | line 3: roles: expected something that they may
      {}␊---␊roles: [{may: [push]}]           | line 3: roles: expected users, tokens or anyone: true
      {}␊---␊roles: [{anyone: true, may: [rule]}] | line 3: may: expected push, delete, scrape or admin, found "rule"
      {}␊---␊roles: [{users: [a], may: [push]}] | line 3: users: "a" is not known
      {}␊---␊roles: [{tokens: [a], may: [push]}] | line 3: tokens: "a" is not known
      {}␊---␊roles: [{anyone: true, may: [push], jobs: [a]}] | line 3: there is no key "jobs" in roles
      {}␊---␊roles:␊- anyone: true␊  may: [push]␊  groups: ['{job=x}'] | line 6: groups: "{job=x}", position 6: expected a value in quotes, found 'x'
      {}␊---␊roles: [{anyone: true, may: [push], groups: []}] | line 3: groups: expected a selector at least
      {}␊---␊roles: [{anyone: true, may: [push], groups: }] | line 3: groups: expected a selector at least
      {}␊---␊roles: [{anyone: true, may: [push], groups: ['up{job="x"}']}] | line 3: groups: "up{job="x"}": groups are selected by their labels, not by metrics
      {}␊---␊roles: [{anyone: true, may: [scrape], groups: ['{job="x"}']}] | line 3: groups: they restrict push and delete, neither of which is here
      {}␊---␊bearer_tokens: {ci: secret}      | line 3: the token "ci" is not a SHA-256 in 64 hex digits
      {}␊---␊open_health: perhaps             | line 3: expected true or false for open_health
      """)
  void refuses(String text, String message) {
    WebConfigException refusal = assertThrows(WebConfigException.class, () -> visible(text));
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void refusesTheSameTokenUnderTwoNames() {
    String token = Hashes.sha256("token");
    String file = "---\n---\nbearer_tokens:\n  a: " + token + "\n  b: " + token;
    WebConfigException refusal = assertThrows(WebConfigException.class, () -> parse(file));
    assertEquals("line 5: the token \"b\" is that of another name, too", refusal.getMessage());
  }

  @Test
  void whoIsKnownMayDoEverythingWithoutRoles() throws Exception {
    AccessRules rules = visible("basic_auth_users: {a: HASH}").rules();
    assertTrue(rules.restrict());
    assertFalse(rules.anyone().permissions().isAny());
    assertTrue(rules.user("a").permissions().hasForAllGroups(Role.ADMIN));
  }

  @Test
  void rolesOfAnyoneAreThoseOfEverybody() throws Exception {
    AccessRules rules =
        visible(
                """
                basic_auth_users: {a: HASH, b: HASH}
                ---
                roles:
                  - anyone: true
                    may: [scrape]
                  - users: [a]
                    may: [push]
                  - users: [a]
                    may: [delete]
                """)
            .rules();
    assertTrue(rules.anyone().permissions().has(Role.SCRAPE));
    assertFalse(rules.anyone().permissions().has(Role.PUSH));
    for (Role role : List.of(Role.SCRAPE, Role.PUSH, Role.DELETE)) {
      assertTrue(rules.user("a").permissions().hasForAllGroups(role), role.word());
    }
    assertFalse(rules.user("a").permissions().has(Role.ADMIN));
    assertTrue(rules.user("b").permissions().has(Role.SCRAPE), "of no grant of its own");
    assertFalse(rules.user("b").permissions().has(Role.PUSH));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &a [*a]",
        "&a {basic_auth_users: *a}",
        "{? {a: b} : c}",
        "basic_auth_users: {<<: {a: b}}",
      })
  void oddYamlIsRefused(String text) {
    assertThrows(WebConfigException.class, () -> parse(text));
  }

  @Test
  void deepAndLongFilesAreRefused() {
    assertThrows(WebConfigException.class, () -> parse("[".repeat(100_000)));
    assertThrows(WebConfigException.class, () -> parse("#".repeat(2_000_000)));
  }

  @Test
  void warnsOfTailsAndCosts_andTakesBoth() throws Exception {
    String costly = "$2y$15$" + HASH.substring(7);
    WebConfig config =
        visible("basic_auth_users:␊ a: HASH␊ b: HASH%␊ c: " + costly + "␊ d: " + costly + "\tx");
    assertEquals(Map.of("a", HASH, "b", HASH, "c", costly, "d", costly), config.rules().users());
    assertEquals(
        List.of(
            "characters behind the 60 of a bcrypt hash are ignored: \"b\", \"d\"",
            "a bcrypt hash with a cost above 14 makes logins slow, and one such login is checked"
                + " at a time: \"c\" (cost 15), \"d\" (cost 15)"),
        config.warnings());
  }

  @Test
  void warningNamesFiveUsers() throws Exception {
    StringBuilder text = new StringBuilder("basic_auth_users:\n");
    for (int i = 0; i < 8; i++) {
      text.append(" u" + i + ": " + HASH + "%\n");
    }
    String warning = parse(text.toString()).warnings().get(0);
    assertTrue(warning.endsWith(": \"u0\", \"u1\", \"u2\", \"u3\", \"u4\" and 3 more"), warning);
  }

  @Test
  void usualHashes_areNoReasonToWarn() throws Exception {
    assertEquals(List.of(), visible("basic_auth_users: {a: HASH}").warnings());
  }
}
