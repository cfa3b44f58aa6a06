package dev.pushgateway.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.pushgateway.jetty.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every example of the README and the pages, in their order, in a folder of each page, against
 * the shipped jar. {@code .github/CONTRIBUTING.md} lists the marks.
 */
final class ExamplesIT {
  private static final long PATIENCE_SECONDS = 300;
  private static final Path MODULES = Path.of("target", "npm").toAbsolutePath();
  private static final String PROM_CLIENT = "prom-client@15.1.3";

  @TempDir private Path folder;
  private final List<Run> runs = new ArrayList<>();

  @TestFactory
  Stream<DynamicNode> pages() throws IOException {
    return Page.all().stream().map(page -> dynamicContainer(page.name(), tests(page)));
  }

  private Stream<DynamicTest> tests(Page page) {
    Run run = new Run(folder.resolve(page.name()));
    runs.add(run);
    return page.blocks().stream()
        .map(
            block ->
                dynamicTest(
                    "line " + block.line() + ", " + block.language(), () -> run.check(block)));
  }

  @AfterEach
  void stopAll() {
    runs.forEach(Run::close);
  }

  /** The examples of one page, with its folder and its gateway. */
  private static final class Run implements AutoCloseable {
    private final Path folder;
    private Optional<ServerProcess> gateway = Optional.empty();
    private String printed = "";

    Run(Path folder) {
      this.folder = folder;
    }

    void check(Block block) throws Exception {
      Files.createDirectories(folder);
      Optional<String> file = block.after("file:");
      if (file.isPresent()) {
        Path target = folder.resolve(file.get());
        Files.createDirectories(target.getParent());
        Files.writeString(target, addressed(block.text()));
      }
      if (block.isMarked("output")) {
        assertTrue(Output.matches(block, printed), () -> block.text() + "is not\n" + printed);
        return;
      }
      switch (block.language()) {
        case "gateway" -> start(block.marks().get(0));
        case "sh" -> {
          if (file.isEmpty()) {
            shell(block);
          }
        }
        case "yaml" -> yaml(block);
        case "ini" -> unit(block);
        case "powershell" -> sameRequest(block);
        default -> {}
      }
    }

    private void start(String mark) throws Exception {
      close();
      String flags = mark.substring("gateway:".length()).trim();
      gateway =
          Optional.of(
              ServerProcess.in(folder, flags.isEmpty() ? new String[0] : flags.split(" +")));
    }

    private void shell(Block block) throws Exception {
      if (block.after("not run:").isPresent()) {
        Files.writeString(folder.resolve("block.sh"), block.text());
        succeeds("bash", "-n", "block.sh");
        return;
      }
      Optional<String> needed = block.after("needs:");
      if (needed.isPresent()) {
        require(needed.get());
      }
      if (needed.isPresent() && needed.get().equals("node")) {
        require("npm");
        succeeds("npm", "install", "--silent", "--prefix", MODULES.toString(), PROM_CLIENT);
      }
      if (gateway.isEmpty()) {
        start("gateway:");
      }
      printed = succeeds("bash", "-euo", "pipefail", "-c", addressed(block.text()));
    }

    private String addressed(String text) {
      String address = gateway.map(ServerProcess::address).orElse("localhost:9091");
      return text.replace("localhost:9091", address).replace("127.0.0.1:9091", address);
    }

    private void yaml(Block block) throws Exception {
      for (String kind : List.of("config", "rules", "web-config")) {
        if (block.isMarked("promtool check " + kind)) {
          require("promtool");
          Files.writeString(folder.resolve("block.yml"), block.text());
          succeeds("promtool", "check", kind, "block.yml");
        }
      }
      if (block.isMarked("web config")) {
        Files.writeString(folder.resolve("block.yml"), block.text());
        try (ServerProcess server = ServerProcess.in(folder, "--web.config.file=block.yml")) {
          assertTrue(server.isRunning());
        }
      }
    }

    /** Sends URL and body of an example that is not run with PowerShell. */
    private void sameRequest(Block block) throws Exception {
      String text = block.text();
      String body = text.substring(text.indexOf("@\"") + 3, text.indexOf("\n\"@"));
      String url = text.substring(text.indexOf("-Uri '") + 6, text.indexOf("' -Body"));
      Files.writeString(folder.resolve("body"), body.replace("\n", "\r\n"));
      String command = "curl -sf -X PUT --data-binary @body " + url;
      succeeds("bash", "-euo", "pipefail", "-c", addressed(command));
    }

    private void unit(Block block) throws Exception {
      Optional<String> name = block.after("systemd-analyze verify");
      if (name.isPresent()) {
        require("systemd-analyze");
        String text = block.text().replaceAll("(?m)^(ExecStart=)\\S+", "$1/bin/true");
        Files.writeString(folder.resolve(name.get()), text);
        assertEquals("", succeeds("systemd-analyze", "verify", "./" + name.get()));
      }
    }

    /** Runs a command, which must exit with 0, and returns what it wrote to standard output. */
    private String succeeds(String... command) throws IOException, InterruptedException {
      Path out = Files.createTempFile("example", ".out");
      Path err = Files.createTempFile("example", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment());
      Process process = builder.start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("does not end: " + List.of(command));
      }
      String text = Files.readString(out, StandardCharsets.UTF_8);
      assertEquals(
          0, process.exitValue(), () -> List.of(command) + "\n" + text + read(err) + log());
      return text;
    }

    private static String read(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        return e.toString();
      }
    }

    private String log() {
      try {
        return gateway.isEmpty() ? "" : "\nlog: " + String.join("\n", gateway.get().log());
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      gateway.ifPresent(ServerProcess::close);
      gateway = Optional.empty();
    }
  }

  /** Returns where the client libraries are that the examples use. */
  private static Map<String, String> environment() {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.contains("prometheus-metrics"))
            .collect(Collectors.joining(File.pathSeparator));
    return Map.of(
        // Debian's Python has Debian's client library.
        "PATH",
        "/usr/bin" + File.pathSeparator + System.getenv("PATH"),
        "CLIENT_CLASSPATH",
        classPath,
        "GO111MODULE",
        "off",
        "GOPATH",
        "/usr/share/gocode",
        "NODE_PATH",
        MODULES.resolve("node_modules").toString());
  }

  private static void require(String program) {
    for (String entry : System.getenv("PATH").split(File.pathSeparator)) {
      if (Files.isExecutable(Path.of(entry, program))) {
        return;
      }
    }
    String message = program + " is not on the PATH";
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message);
    }
    abort(message);
  }
}
