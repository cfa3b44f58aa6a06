package dev.pushgateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.access.Authentication.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthenticatorTest {
  private static final String LONG = "0123456789".repeat(8);

  private static final AccessRules RULES =
      new AccessRules(
          Map.of(
              "alice", Hashes.bcrypt("secret"),
              "colon", Hashes.bcrypt("a:b"),
              "münch", Hashes.bcrypt("brühe"),
              "empty", Hashes.bcrypt(""),
              "long", Hashes.bcrypt(LONG.substring(0, 72)),
              "", Hashes.bcrypt("nameless")),
          Map.of(new SecretKey(Authenticator.sha256().digest(bytes("t0ken"))), "ci"),
          Optional.empty(),
          true);

  private final Authenticator authenticator = new Authenticator();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String basic(String credentials) {
    return "Basic " + Base64.getEncoder().encodeToString(bytes(credentials));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "alice:secret, alice",
    "colon:a:b, colon",
    "münch:brühe, münch",
    "empty:, empty",
    ":nameless, ''",
  })
  void knowsUsers(String credentials, String name) {
    for (String when : List.of("first", "remembered")) {
      Authentication answer = authenticator.authenticate(basic(credentials), RULES);
      assertEquals(Outcome.KNOWN, answer.outcome(), when);
      assertEquals(name, answer.client().name());
    }
  }

  /** As Go does: bcrypt takes no more, and htpasswd says nothing of it. */
  @Test
  void ofAPassword72BytesCount() {
    assertEquals(Outcome.KNOWN, authenticator.authenticate(basic("long:" + LONG), RULES).outcome());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "Basic YWxpY2U6d3Jvbmc=", // alice:wrong
        "Basic ZXZlOnNlY3JldA==", // eve:secret
        "Basic YWxpY2U=", // alice
        "Basic %%%",
        "Basic",
        "Bearer",
        "Bearer wrong",
        "Bearer secret",
        "Digest username=alice",
        "secret"
      })
  void refusesAllElse(String header) {
    for (String when : List.of("first", "remembered")) {
      Authentication answer = authenticator.authenticate(header, RULES);
      assertEquals(Outcome.WRONG, answer.outcome(), when);
      assertEquals(false, answer.client().isKnown());
    }
  }

  @ParameterizedTest
  @CsvSource({"Bearer t0ken", "bearer t0ken", "BEARER  t0ken"})
  void knowsTokens(String header) {
    Authentication answer = authenticator.authenticate(header, RULES);
    assertEquals(Outcome.KNOWN, answer.outcome());
    assertEquals("ci", answer.client().name());
  }

  @Test
  void noHeaderIsAnyone() {
    assertEquals(Outcome.NONE, authenticator.authenticate(null, RULES).outcome());
  }

  private static AccessRules only(String name, String hash) {
    return new AccessRules(Map.of(name, hash), Map.of(), Optional.empty(), true);
  }

  @Test
  void newPasswordCountsAtOnce() {
    AccessRules before = only("alice", Hashes.bcrypt("old"));
    AccessRules after = only("alice", Hashes.bcrypt("new"));
    assertEquals(Outcome.KNOWN, authenticator.authenticate(basic("alice:old"), before).outcome());
    assertEquals(Outcome.WRONG, authenticator.authenticate(basic("alice:new"), before).outcome());
    assertEquals(Outcome.WRONG, authenticator.authenticate(basic("alice:old"), after).outcome());
    assertEquals(Outcome.KNOWN, authenticator.authenticate(basic("alice:new"), after).outcome());
  }

  @Test
  void userWhoIsAddedWithTheHashThatStoodInForHerIsKnown() {
    String hash = Hashes.bcrypt("shared");
    AccessRules before = only("alice", hash);
    AccessRules after = only("eve", hash);
    assertEquals(Outcome.WRONG, authenticator.authenticate(basic("eve:shared"), before).outcome());
    assertEquals(Outcome.KNOWN, authenticator.authenticate(basic("eve:shared"), after).outcome());
    assertEquals(Outcome.WRONG, authenticator.authenticate(basic("eve:shared"), before).outcome());
  }
}
