package dev.pushgateway.access;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pushgateway.access.Authentication.Outcome;

/**
 * Whatever stands in a web config file or in an {@code Authorization} header, it is read or refused
 * with one line. Findings are files in {@code WebConfigFuzzTestInputs}; {@code JAZZER_FUZZ=1 mvn
 * -pl src test -Dtest=WebConfigFuzzTest} looks for more.
 */
class WebConfigFuzzTest {
  private static final AccessRules RULES = rules();

  private final Authenticator authenticator = new Authenticator();

  private static AccessRules rules() {
    try {
      return WebConfigParserTest.parse("basic_auth_users: {a: " + Hashes.bcrypt("b") + "}").rules();
    } catch (WebConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesFiles(FuzzedDataProvider data) {
    try {
      AccessRules rules = WebConfigParserTest.parse(data.consumeRemainingAsString()).rules();
      for (Role role : Role.values()) {
        assertTrue(rules.restrict() || rules.anyone().permissions().hasForAllGroups(role));
      }
    } catch (WebConfigException refused) {
      assertTrue(refused.getMessage().lines().count() == 1, refused.getMessage());
    }
  }

  @FuzzTest(maxDuration = "60s")
  void knowsNobodyByANonsenseHeader(FuzzedDataProvider data) {
    String header = data.consumeRemainingAsString();
    boolean isRight = header.regionMatches(true, 0, "Basic ", 0, 6) && header.contains("YTpi");
    Outcome outcome = authenticator.authenticate(header, RULES).outcome();
    assertFalse(outcome == Outcome.KNOWN && !isRight, header);
    assertFalse(outcome == Outcome.NONE && !header.isEmpty(), header);
  }
}
