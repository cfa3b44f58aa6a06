package dev.pushgateway.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.contract.RawClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The conformance cases, which are not part of this repository, against a container as it comes:
 * those that need no server of their own. The cases that may fail stand in a file, with the reason
 * why it is the container that refuses them; each of them has to fail.
 */
abstract class ConformanceContract {
  private static final Path RUNNER = Path.of("..", "..", "shared", "conformance", "run.py");
  private static final long PATIENCE_MINUTES = 5;
  private static final Pattern FAILED = Pattern.compile("(?m)^FAIL (\\S+) \\[\\S+] (.*)$");
  private static final Pattern TOTAL = Pattern.compile("(?m)^(\\d+) passed, (\\d+) failed$");

  /** The profiles of the cases by their names, each with the flags that the runner has for it. */
  static final Map<String, Map<String, String>> PROFILES = new LinkedHashMap<>();

  static {
    String url = "http://push.example.org:8080/ext/";
    PROFILES.put("default", Map.of());
    PROFILES.put("admin", Map.of("web.enable-admin-api", "true"));
    PROFILES.put("lifecycle", Map.of("web.enable-lifecycle", "true"));
    PROFILES.put("utf8", Map.of("push.enable-utf8-names", "true"));
    PROFILES.put("unchecked", Map.of("push.disable-consistency-check", "true"));
    PROFILES.put(
        "utf8-unchecked",
        Map.of("push.enable-utf8-names", "true", "push.disable-consistency-check", "true"));
    PROFILES.put("prefix", Map.of("web.route-prefix", "/pgw", "web.enable-admin-api", "true"));
    PROFILES.put("prefix-slashes", Map.of("web.route-prefix", "pgw/"));
    PROFILES.put("external", Map.of("web.external-url", url));
    PROFILES.put("external-root", Map.of("web.external-url", url, "web.route-prefix", "/"));
    PROFILES.put("telemetry", Map.of("web.telemetry-path", "/telemetry/own"));
    PROFILES.put(
        "prefix-telemetry", Map.of("web.route-prefix", "/pgw", "web.telemetry-path", "/telemetry"));
  }

  @TempDir private Path folder;

  /** A container with a gateway for each profile, at the root of a port of its own. */
  interface Container extends AutoCloseable {
    int port(String profile);

    @Override
    void close();
  }

  abstract Container start(Path folder) throws Exception;

  /** A line for each case that fails: its name, two spaces or more, and the reason. */
  abstract String refusedCases();

  @Test
  void onlyWhatTheContainerRefusesFails() throws Exception {
    Assumptions.assumeTrue(Files.exists(RUNNER), "there are no conformance cases");
    Map<String, String> failed = new TreeMap<>();
    int passed = 0;
    try (Container container = start(folder)) {
      for (String profile : PROFILES.keySet()) {
        new RawClient(container.port(profile)).await("GET", "/", answer -> answer.status() != 503);
        passed += run(profile, container.port(profile), failed);
      }
    }
    System.out.println(passed + " passed, " + failed.size() + " refused:");
    failed.forEach((name, why) -> System.out.println(name + "  " + why));
    assertEquals(listed(), failed.keySet(), failed::toString);
    assertTrue(passed > 190, passed + " passed");
  }

  private static int run(String profile, int port, Map<String, String> failed) throws Exception {
    Process runner =
        new ProcessBuilder(
                "python3",
                "-B",
                RUNNER.toString(),
                "--url=http://127.0.0.1:" + port,
                "--profile=" + profile)
            .redirectErrorStream(true)
            .start();
    String output;
    try (InputStream in = runner.getInputStream()) {
      output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertTrue(runner.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES), output);
    Matcher fail = FAILED.matcher(output);
    int failures = 0;
    for (; fail.find(); failures++) {
      failed.put(fail.group(1), fail.group(2));
    }
    Matcher total = TOTAL.matcher(output);
    assertTrue(total.find(), output);
    assertEquals(String.valueOf(failures), total.group(2), output);
    return Integer.parseInt(total.group(1));
  }

  private Set<String> listed() throws IOException {
    Set<String> names = new TreeSet<>();
    List<String> lines = new ArrayList<>();
    try (InputStream in = getClass().getResourceAsStream(refusedCases())) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(lines::add);
    }
    for (String line : lines) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        String[] words = line.split(" {2,}", 2);
        assertEquals(2, words.length, () -> "a case without a reason: " + line);
        assertTrue(names.add(words[0]), () -> "twice: " + line);
      }
    }
    return names;
  }
}
