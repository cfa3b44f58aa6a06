package dev.pushgateway.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The commands that start the Go gateway and ours.
 *
 * @param go the Go gateway's binary, if there is one on the PATH
 * @param java the command for ours, up to its own flags
 */
record GatewayCommands(Optional<Path> go, List<String> java) {
  private static final List<String> GO_NAMES = List.of("prometheus-pushgateway", "pushgateway");

  static GatewayCommands find(Path jar, List<String> javaOptions) throws IOException {
    if (!Files.isReadable(jar)) {
      throw new IOException(
          "no " + jar + ": run mvn -DskipTests package first, or name it (--jar)");
    }
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(javaOptions);
    java.add("-jar");
    java.add(jar.toString());
    return new GatewayCommands(goOnPath(), java);
  }

  private static Optional<Path> goOnPath() {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String name : GO_NAMES) {
      for (String directory : path.split(":")) {
        Path candidate = Path.of(directory, name);
        if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  /** The same Go gateway, and ours started by another command. */
  GatewayCommands with(List<String> command) {
    return new GatewayCommands(go, command);
  }

  boolean has(Kind kind) {
    return kind == Kind.OURS || go.isPresent();
  }

  List<String> command(Kind kind) {
    return kind == Kind.OURS ? java : List.of(go.orElseThrow().toString());
  }

  /** The first line that a gateway prints about its version. */
  String version(Kind kind) throws IOException {
    List<String> command = new ArrayList<>(command(kind));
    Collections.addAll(command, "--version");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor(10, TimeUnit.SECONDS);
      return output.lines().findFirst().orElse("unknown");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
