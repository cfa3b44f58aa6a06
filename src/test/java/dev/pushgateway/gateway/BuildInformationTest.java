package dev.pushgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BuildInformationTest {
  @Test
  void buildDateIsTimeOfCommit() throws Exception {
    BuildInformation build = BuildInformation.load();
    assumeTrue(!build.revision().equals("unknown"), "needs a build from a git repository");
    Process git = new ProcessBuilder("git", "show", "-s", "--format=%ct", build.revision()).start();
    String seconds =
        new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    assertEquals(Instant.ofEpochSecond(Long.parseLong(seconds)).toString(), build.buildDate());
  }
}
