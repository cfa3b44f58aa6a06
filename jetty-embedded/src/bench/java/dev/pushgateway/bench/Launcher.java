package dev.pushgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The launcher, unpacked from the archive that is shipped, with its archive of classes made. */
final class Launcher implements AutoCloseable {
  private static final long SECONDS = 120;

  private final Path folder;
  private final List<String> javaOptions;

  private Launcher(Path folder, List<String> javaOptions) {
    this.folder = folder;
    this.javaOptions = javaOptions;
  }

  /**
   * Unpacks it and makes the archive of classes, for the JVM that this program runs on.
   *
   * @param jar ours, which the shipped archive lies beside
   * @param javaOptions for the JVM, as without the launcher
   */
  static Launcher prepare(Path jar, List<String> javaOptions) throws IOException {
    Path shipped = jar.resolveSibling("pushgateway.tar.gz");
    Path folder = Files.createTempDirectory(Stages.folder(), "side-by-side-");
    Launcher launcher = new Launcher(folder, javaOptions);
    boolean prepared = false;
    try {
      run(List.of("tar", "-xzf", shipped.toString(), "-C", launcher.folder.toString()));
      List<String> prepare = new ArrayList<>(launcher.command());
      prepare.add("prepare");
      run(prepare);
      prepared = true;
    } finally {
      if (!prepared) {
        launcher.close();
      }
    }
    return launcher;
  }

  private static void run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("failed: " + String.join(" ", command));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The command that starts ours, up to its own flags; it becomes the JVM, in the same process. */
  List<String> command() {
    String program = folder.resolve("pushgateway/pushgateway").toString();
    return List.of(
        "env",
        "JAVA_HOME=" + System.getProperty("java.home"),
        "PUSHGATEWAY_OPTS=" + String.join(" ", javaOptions),
        program);
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
