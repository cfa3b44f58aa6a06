package dev.pushgateway.jetty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs that are clients, in the folder of a test. */
final class Programs {
  private final Path folder;

  Programs(Path folder) {
    this.folder = folder;
  }

  /** What a program prints, errors included, whatever its exit code. */
  String output(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command + " does not end");
    }
    return output;
  }

  /**
   * What curl makes of a URL: version of HTTP and status, {@code 2 200}; {@code 0 000} if there is
   * no answer.
   */
  String curl(String url, String... options) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("curl", "-s", "-o", "body", "-w", "%{http_version} %{http_code}"));
    command.addAll(List.of("--max-time", "30", "--cacert", "ca.pem"));
    command.addAll(List.of(options));
    command.add(url);
    return output(command);
  }
}
