package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP reads the web config file again and never ends the process (issue 21). */
final class HangUpIT {
  private static final String READ_ANEW = "read anew; users ";
  private static final String NO_FILE = "there is no --web.config.file to read again";

  /** Of the password "secret". */
  private static final String USER =
      "basic_auth_users: {nightly: $2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW}\n";

  @TempDir private Path folder;

  /** A process that was started with nohup passes that on, and a JVM then leaves SIGHUP ignored. */
  @BeforeEach
  void assumeSignalIsNotIgnored() throws Exception {
    Process look = new ProcessBuilder("grep", "SigIgn", "/proc/self/status").start();
    String found = new String(look.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    Assumptions.assumeFalse(found.matches("(?s).*[13579bdf]\\s*"), "SIGHUP is ignored here");
  }

  private static void hangUp(ServerProcess server) throws Exception {
    Process kill = new ProcessBuilder("kill", "-HUP", String.valueOf(server.pid())).start();
    assertEquals(0, kill.waitFor());
  }

  @Test
  void webConfigFileIsReadAgainAtOnce() throws Exception {
    Path file = folder.resolve("web.yml");
    Files.writeString(file, "http_server_config: {http2: true}\n");
    try (ServerProcess server = ServerProcess.listening("--web.config.file=" + file)) {
      server.awaitReady();
      hangUp(server);
      server.awaitLine(line -> line.contains(READ_ANEW + "0"));

      Files.writeString(file, USER);
      hangUp(server);
      // No request has come that could have looked at the file.
      server.awaitLine(line -> line.contains(READ_ANEW + "1"));
      assertEquals(401, server.send("GET", "/metrics", "").statusCode());

      Files.writeString(file, "nonsense: {}\n");
      hangUp(server);
      String refused = server.awaitLine(line -> line.contains("level=error"));
      assertTrue(refused.contains("nonsense"), refused);
      assertTrue(refused.contains("the old configuration stays in force"), refused);
      assertEquals(401, server.send("GET", "/metrics", "").statusCode());
      assertTrue(server.isRunning());
    }
  }

  @Test
  void withoutAFileOneLineSaysSo() throws Exception {
    try (ServerProcess server = ServerProcess.listening()) {
      hangUp(server);
      server.awaitLine(line -> line.contains(NO_FILE));
      assertEquals(200, server.send("PUT", "/metrics/job/a", "a 1\n").statusCode());
      server.terminate();
      assertEquals(0, server.awaitExit());
    }
  }

  /** Whenever it comes, from the first line of the log on. */
  @Test
  void startGoesOn() throws Exception {
    try (ServerProcess server = new ServerProcess("--web.listen-address=127.0.0.1:0")) {
      server.awaitLine(line -> line.contains("starting pushgateway"));
      hangUp(server);
      server.awaitAddress();
      assertTrue(server.isRunning());
    }
  }
}
