package dev.pushgateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebConfigFileTest {
  private static final String DENY = "http_server_config: {headers: {X-Frame-Options: deny}}";
  private static final String SAME = "http_server_config: {headers: {X-Frame-Options: sameorigin}}";

  @TempDir private Path folder;
  private Path path;
  private long now;
  private final Queue<String> writtenInPauses = new ArrayDeque<>();

  @BeforeEach
  void choosePath() {
    path = folder.resolve("web.yml");
  }

  private WebConfigFile open() throws WebConfigException {
    return WebConfigFile.open(path, text -> Optional.empty(), config -> {}, () -> now, this::pause);
  }

  private void pause() {
    if (!writtenInPauses.isEmpty()) {
      try {
        write(writtenInPauses.remove());
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private static Map<String, String> header(String value) {
    return Map.of("X-Frame-Options", value);
  }

  private void write(String text) throws Exception {
    Files.writeString(path, text);
  }

  private void later() {
    now += 10_000_000;
  }

  @Test
  void changeIsInForceAtTheNextLook() throws Exception {
    write(DENY);
    WebConfigFile file = open();
    write(SAME);
    assertEquals(header("deny"), file.current().headers(), "looked too often");
    later();
    assertEquals(header("sameorigin"), file.current().headers());
  }

  @Test
  void replacedFileOfTheSameSizeAndTimeIsAChange() throws Exception {
    write(DENY + "      ");
    WebConfigFile file = open();
    Path other = folder.resolve("other");
    Files.writeString(other, SAME);
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(path));
    Files.move(other, path, StandardCopyOption.ATOMIC_MOVE);
    later();
    assertEquals(header("sameorigin"), file.current().headers());
  }

  @Test
  void whatCannotBeUsedLeavesTheOldInForce() throws Exception {
    write(DENY);
    WebConfigFile file = open();
    WebConfig before = file.current();
    write("headers: {}");
    later();
    assertSame(before, file.current());
    Files.delete(path);
    later();
    assertSame(before, file.current());
    write(SAME);
    later();
    assertEquals(header("sameorigin"), file.current().headers());
  }

  @Test
  void fileThatIsBeingWrittenIsReadWhenItIsWhole() throws Exception {
    write(DENY);
    WebConfigFile file = open();
    write("");
    writtenInPauses.addAll(List.of("{}", "{}  ", SAME));
    later();
    assertEquals(header("sameorigin"), file.current().headers());
  }

  @Test
  void fileThatDoesNotBecomeQuietIsLeftToTheNextLook() throws Exception {
    write(DENY);
    WebConfigFile file = open();
    write("{}");
    IntStream.range(0, 10).mapToObj(i -> SAME + " ".repeat(i)).forEach(writtenInPauses::add);
    later();
    assertEquals(header("deny"), file.current().headers());
    later();
    assertEquals(header("sameorigin"), file.current().headers());
  }

  @Test
  void fileThatHasBecomeEmptyLeavesTheOldInForce() throws Exception {
    write(DENY);
    WebConfigFile file = open();
    write("");
    later();
    assertEquals(header("deny"), file.current().headers());
  }

  private static final String TLS = "tls_server_config: {cert: c, key: k, client_auth_type: %s}\n";

  /**
   * Of U users, T a token, R roles; N no certificate, Q a wish for one, A any, I verified if given,
   * V verified, J verified by whom the JVM trusts, S verified with a name.
   */
  @ParameterizedTest
  @CsvSource({
    "U,   {},  false",
    "U,   TU,  true",
    "U,   T,   true",
    "T,   U,   true",
    "T,   {},  false",
    "UR,  U,   false",
    "UR,  {},  false",
    "UTR, UR,  true",
    "UTR, T,   false",
    "R,   {},  false",
    "U,   UR,  true",
    "{},  U,   true",
    "N,   A,   true",
    "N,   Q,   true",
    "Q,   N,   true",
    "Q,   V,   true",
    "A,   V,   true",
    "I,   V,   true",
    "V,   S,   true",
    "J,   V,   true",
    "A,   N,   false",
    "A,   Q,   false",
    "A,   I,   false",
    "I,   N,   false",
    "I,   Q,   false",
    "I,   A,   false",
    "V,   N,   false",
    "V,   Q,   false",
    "V,   A,   false",
    "V,   I,   false",
    "V,   J,   false",
    "S,   V,   false"
  })
  void changeThatOpensTheDoorsNeedsARestart(String before, String after, boolean isTaken)
      throws Exception {
    assertEquals(isTaken, takes(config(before), config(after)));
    assertEquals(!after.equals("{}"), isClosed(open().current()), "at the start all is taken");
  }

  private static final String SOME = "groups: ['{job=\"a\"}']";

  /** Roles of the user, the token and anyone before and after; what may be done to which groups. */
  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {users: [u], may: [push], SOME}    | {users: [u], may: [push]}                    | false
          {users: [u], may: [push], SOME}    | {users: [u], may: [push, delete], SOME}      | true
          {users: [u], may: [push], SOME}    | {users: [u], may: [delete, scrape]}          | true
          {users: [u], may: [push], SOME}    | {users: [u], may: [push], groups: ['{b="c"}']} | true
          {users: [u], may: [push], SOME}    | {anyone: true, may: [push]}                  | false
          {users: [u], may: [push], SOME}    | {tokens: [t], may: [push]}                   | true
          {users: [u], may: [push]}          | {users: [u], may: [push], SOME}              | true
          {users: [u], may: [push]}          | {users: [u], may: [push, delete]}            | true
          {tokens: [t], may: [delete], SOME} | {tokens: [t], may: [delete]}                 | false
          {anyone: true, may: [push], SOME}  | {anyone: true, may: [push]}                  | false
          {anyone: true, may: [scrape]}      | {anyone: true, may: [scrape, push]}          | true
          """)
  void changeFromSomeGroupsToAllNeedsARestart(String before, String after, boolean isTaken)
      throws Exception {
    assertEquals(isTaken, takes(roles(before), roles(after)));
  }

  private static String roles(String grant) {
    String tokens = "bearer_tokens: {t: " + "0a".repeat(32) + "}\n";
    String users = "basic_auth_users: {u: " + Hashes.bcrypt("u") + "}\n---\n";
    return users + tokens + "roles:\n- " + grant.replace("SOME", SOME) + "\n";
  }

  @ParameterizedTest
  @CsvSource({
    "open_health: false, '', false",
    "open_health: false, open_health: true, false",
    "open_health: false, open_health: false #, true",
    "open_health: true, open_health: false, true",
    "'', open_health: false, true"
  })
  void changeThatOpensHealthNeedsARestart(String before, String after, boolean isTaken)
      throws Exception {
    String roles = roles("{users: [u], may: [push]}");
    assertEquals(isTaken, takes(roles + before, roles + after));
  }

  private boolean takes(String before, String after) throws Exception {
    write(before);
    WebConfigFile file = open();
    WebConfig old = file.current();
    write(after);
    later();
    return file.current() != old;
  }

  /** What an editor, a full disk or an impatient copy may leave, wherever it was cut. */
  @Test
  void fileThatIsCutAnywhereAllowsNothingMore() throws Exception {
    String whole =
        roles("users: [u]\n  may: [push]\n  groups:\n  - '{job=\"a\"}'") + "open_health: false\n";
    for (int length = 0; length < whole.length(); length++) {
      write(whole);
      WebConfigFile file = open();
      write(whole.substring(0, length));
      later();
      AccessRules rules = file.current().rules();
      assertFalse(rules.user("u").permissions().hasForAllGroups(Role.PUSH), "cut at " + length);
      assertFalse(rules.openHealth(), "cut at " + length);
    }
  }

  private static boolean isClosed(WebConfig config) {
    return config.rules().restrict() || config.tls().isPresent();
  }

  private static String config(String letters) {
    return switch (letters) {
      case "N" -> TLS.formatted("NoClientCert");
      case "Q" -> TLS.formatted("RequestClientCert");
      case "A" -> TLS.formatted("RequireAnyClientCert");
      case "I" -> TLS.formatted("VerifyClientCertIfGiven, client_ca: ca");
      case "V" -> TLS.formatted("RequireAndVerifyClientCert, client_ca: ca");
      case "J" -> TLS.formatted("RequireAndVerifyClientCert");
      case "S" ->
          TLS.formatted("RequireAndVerifyClientCert, client_ca: ca, client_allowed_sans: [a]");
      default -> rules(letters);
    };
  }

  private static String rules(String letters) {
    String user =
        letters.contains("U") ? "basic_auth_users: {a: " + Hashes.bcrypt("a") + "}\n" : "";
    String token = letters.contains("T") ? "bearer_tokens: {t: " + "0a".repeat(32) + "}\n" : "";
    String roles = letters.contains("R") ? "roles: [{anyone: true, may: [scrape]}]\n" : "";
    return (user.isEmpty() ? "{}\n" : user) + "---\n" + (token + roles).replaceFirst("^$", "{}");
  }

  @Test
  void unchangedFileIsNotReadAgain() throws Exception {
    write(DENY);
    WebConfigFile file = open();
    WebConfig before = file.current();
    later();
    assertSame(before, file.current());
  }

  @Test
  void checkRefusesAtStartAndLater() throws Exception {
    write(SAME);
    WebConfigFile.Check check =
        config -> {
          if (config.headers().containsValue("deny")) {
            throw new WebConfigException("line 7: not this");
          }
        };
    WebConfigFile file =
        WebConfigFile.open(path, text -> Optional.empty(), check, () -> now, this::pause);
    write(DENY);
    later();
    assertEquals(header("sameorigin"), file.current().headers());
    WebConfigException refusal =
        assertThrows(
            WebConfigException.class,
            () -> WebConfigFile.open(path, text -> Optional.empty(), check));
    assertEquals(path + ": line 7: not this", refusal.getMessage());
  }

  @Test
  void badFileAtStartIsRefusedWithItsName() throws Exception {
    assertEquals(path + ": there is no such file", refusal());
    Files.createDirectory(path);
    assertEquals(path + ": it is no regular file", refusal());
    Files.delete(path);
    Files.write(path, new byte[] {'#', (byte) 0xFF});
    assertEquals(path + ": it is not UTF-8", refusal());
    write("a: 1");
    assertEquals(path + ": line 1: there is no key \"a\" in the file", refusal());
  }

  private String refusal() {
    return assertThrows(WebConfigException.class, this::open).getMessage();
  }

  @Test
  void secretsAreNotPrinted() throws Exception {
    String hash = Hashes.bcrypt("secret");
    write("tls_server_config: {cert: CERT, key: KEY}\nbasic_auth_users: {a: " + hash + "}");
    String printed = open().current().toString();
    assertFalse(printed.contains("KEY"), printed);
    assertFalse(printed.contains(hash), printed);
  }
}
