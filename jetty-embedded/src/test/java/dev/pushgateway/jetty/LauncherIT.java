package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unpacked distribution, on the JVM that runs this test. */
final class LauncherIT {
  @TempDir private Path folder;

  private Path home;

  /** What a program has left. */
  private record Ended(int status, String output) {}

  @BeforeEach
  void unpack() throws Exception {
    Ended tar =
        run(
            Map.of(),
            "tar",
            "-xzf",
            System.getProperty("pushgateway.distribution"),
            "-C",
            folder.toString());
    assertEquals(new Ended(0, ""), tar);
    home = folder.resolve("pushgateway");
  }

  private static Ended run(Map<String, String> environment, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(120, TimeUnit.SECONDS));
      return new Ended(process.exitValue(), output);
    } finally {
      process.destroyForcibly();
    }
  }

  private Ended launch(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(home.resolve("pushgateway").toString()));
    command.addAll(List.of(arguments));
    return run(environment, command.toArray(String[]::new));
  }

  @Test
  void startsTheGatewayWithAndWithoutAnArchive() throws Exception {
    Ended version = launch(Map.of(), "--version");
    assertEquals(0, version.status());
    assertTrue(version.output().startsWith("pushgateway, version "), version.output());

    Ended prepared = launch(Map.of(), "prepare");
    assertEquals(0, prepared.status(), prepared.output());
    assertTrue(Files.size(Path.of(prepared.output().strip())) > 1_000_000, prepared.output());
    assertEquals(version, launch(Map.of(), "--version"));

    Map<String, String> verbose = Map.of("PUSHGATEWAY_OPTS", "-Xlog:class+load");
    Ended loading = launch(verbose, "--help");
    assertTrue(
        loading
            .output()
            .lines()
            .anyMatch(line -> isFromArchive(line, "dev.pushgateway.jetty.CommandLine")),
        loading.output());
  }

  private static boolean isFromArchive(String line, String name) {
    return line.contains(name + " source: shared objects file (top)");
  }

  @Test
  void startsFromAFolderWithABlank() throws Exception {
    home = Files.move(home, folder.resolve("unpacked here"));
    assertEquals(0, launch(Map.of(), "prepare").status());
    Ended version = launch(Map.of(), "--version");
    assertEquals(0, version.status());
    assertTrue(version.output().startsWith("pushgateway, version "), version.output());
  }

  @Test
  void takesAnotherCollector() throws Exception {
    for (String collector : List.of("Serial", "G1")) {
      String options = "-Xlog:gc -XX:+Use" + collector + "GC";
      Ended version = launch(Map.of("PUSHGATEWAY_OPTS", options), "--version");
      assertEquals(0, version.status(), version.output());
      assertTrue(version.output().contains("Using " + collector), version.output());
    }
  }

  @Test
  void compilesLaterButForWhoSaysWhen() throws Exception {
    assertEquals("15000", tier4Threshold(""));
    assertEquals("1234", tier4Threshold("-XX:Tier4InvocationThreshold=1234"));
  }

  private String tier4Threshold(String options) throws Exception {
    Ended version =
        launch(Map.of("PUSHGATEWAY_OPTS", options + " -XX:+PrintFlagsFinal"), "--version");
    assertEquals(0, version.status(), version.output());
    return version
        .output()
        .lines()
        .filter(line -> line.contains(" Tier4InvocationThreshold "))
        .map(line -> line.replaceAll("\\D*Tier4\\D*(\\d+).*", "$1"))
        .findFirst()
        .orElse("no such option");
  }

  @Test
  void passesFlagsAndExitCodeOn() throws Exception {
    assertEquals(
        new Ended(1, "pushgateway: error: unknown long flag '--a b', try --help\n"),
        launch(Map.of(), "--a b"));
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    assertEquals(
        new Ended(
            1,
            "pushgateway: error: no /no-such/bin/java: install a JVM, 17 or newer, or set"
                + " JAVA_HOME\n"),
        launch(Map.of("JAVA_HOME", "/no-such"), "--version"));
    assertEquals(
        new Ended(1, "pushgateway: error: prepare takes no arguments\n"),
        launch(Map.of(), "prepare", "now"));
    Files.delete(home.resolve("pushgateway.jar"));
    Ended noJar = launch(Map.of(), "--version");
    assertEquals(1, noJar.status());
    assertTrue(noJar.output().startsWith("pushgateway: error: cannot read "), noJar.output());
  }
}
