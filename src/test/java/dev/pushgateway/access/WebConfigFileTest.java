package dev.pushgateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    return new WebConfigFile(path, text -> Optional.empty(), config -> {}, () -> now, this::pause);
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

  /** As SIGHUP asks for it: no look is due, and nothing is waited for. */
  @Test
  void reloadReadsTheFileAtOnce() throws Exception {
    write(DENY);
    WebConfigFile file = open();
    write(SAME);
    writtenInPauses.add(DENY);
    file.reload();
    assertEquals(header("sameorigin"), file.current().headers());
  }

  @Test
  void reloadOfWhatCannotBeUsedLeavesTheOldInForce() throws Exception {
    write(DENY);
    WebConfigFile file = open();
    for (String unusable : List.of("", "headers: {}")) {
      write(unusable);
      file.reload();
      assertEquals(header("deny"), file.current().headers());
    }
    Files.delete(path);
    file.reload();
    assertEquals(header("deny"), file.current().headers());
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

  /** Of U users, T a token, R roles. */
  @ParameterizedTest
  @CsvSource({
    "U,   {},  false",
    "U,   TU,  true",
    "U,   T,   true",
    "T,   U,   true",
    "T,   {},  false",
    "UR,  U,   true",
    "UR,  {},  false",
    "UTR, UR,  true",
    "UTR, T,   true",
    "R,   {},  false",
    "U,   UR,  true",
    "{},  U,   true"
  })
  void lossOfAllUsersTokensAndRolesNeedsARestart(String before, String after, boolean isTaken)
      throws Exception {
    assertEquals(isTaken, takes(rules(before), rules(after)));
    assertEquals(!after.equals("{}"), open().current().rules().restrict(), "all may start so");
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
  void fileThatIsCutAnywhereStillNeedsAUser() throws Exception {
    String whole = rules("UTR");
    for (int length = 0; length < whole.length(); length++) {
      write(whole);
      WebConfigFile file = open();
      write(whole.substring(0, length));
      later();
      assertTrue(file.current().rules().restrict(), "cut at " + length);
    }
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
        new WebConfigFile(path, text -> Optional.empty(), check, () -> now, this::pause);
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
