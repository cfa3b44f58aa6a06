package dev.pushgateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.access.Authentication.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts comparisons where a clock would only guess. Here, what is hashed stands in the hash. */
class PasswordCheckTest {
  private static final Map<String, String> USERS =
      Map.of("alice", "$2y$10$secret", "bob", "$2b$10$geheim");

  private final List<String> compared = new ArrayList<>();

  private final PasswordCheck check =
      new PasswordCheck(
          (password, hash) -> {
            compared.add(hash);
            return hash.substring(7).equals(new String(password, StandardCharsets.UTF_8));
          });

  private Outcome verdict(String name, String password) {
    byte[] credentials = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return check.check(name, credentials, name.length() + 1, USERS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice:secret", "alice:wrong", "nobody:secret", "nobody:"})
  void comparesOnceThenRemembers(String credentials) {
    String[] parts = credentials.split(":", 2);
    Outcome first = verdict(parts[0], parts[1]);
    assertEquals(first, verdict(parts[0], parts[1]));
    assertEquals(1, compared.size());
  }

  /** The time of a wrong login tells at most which names have another cost than most. */
  @ParameterizedTest
  @CsvSource({
    "nobody, wrong, 2048",
    "nobody, secret, 2048",
    "cheap, wrong, 16",
    "middle, wrong, 2048",
    "another, wrong, 2048",
    "dear, wrong, 4096",
    "cheap, secret, 16",
    "dear, secret, 4096"
  })
  void passwordCostsWhatOwnHashDoes_orForStrangersTheMostCommonCost(
      String name, String password, int rounds) {
    Map<String, String> users =
        Map.of(
            "cheap", "$2y$04$secret",
            "middle", "$2y$11$secret",
            "another", "$2y$11$secret",
            "dear", "$2y$12$secret");
    byte[] credentials = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    Outcome verdict = check.check(name, credentials, name.length() + 1, users);
    boolean isRight = password.equals("secret") && users.containsKey(name);
    assertEquals(isRight ? Outcome.KNOWN : Outcome.WRONG, verdict);
    assertEquals(rounds, compared.stream().mapToInt(PasswordCheckTest::rounds).sum());
  }

  @Test
  void changedFile_changesCostOfStrangers() {
    byte[] credentials = "nobody:wrong".getBytes(StandardCharsets.UTF_8);
    check.check("nobody", credentials, 7, Map.of("alice", "$2y$10$secret"));
    check.check("nobody", credentials, 7, Map.of("alice", "$2y$11$secret"));
    assertEquals(List.of(1 << 10, 1 << 11), compared.stream().map(c -> rounds(c)).toList());
  }

  private static int rounds(String hash) {
    return 1 << Integer.parseInt(hash.substring(4, 6));
  }

  @Test
  void wrongPasswordsPushOutNoRightOnes() {
    verdict("alice", "secret");
    for (int i = 0; i <= PasswordCheck.MAX_REMEMBERED; i++) {
      verdict("alice", "wrong" + i);
    }
    int before = compared.size();
    assertEquals(Outcome.KNOWN, verdict("alice", "secret"));
    assertEquals(before, compared.size(), "compared again");
    assertEquals(Outcome.WRONG, verdict("alice", "wrong0"));
    assertEquals(before + 1, compared.size(), "remembered more than it may");
  }
}
