package dev.pushgateway.webapp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the build has put in place for these tests. */
final class Containers {
  private Containers() {}

  /** The WAR as it is shipped. */
  static Path war() {
    return Path.of(System.getProperty("pushgateway.war"));
  }

  /** A container out of its archive, by the beginning of its folder's name. */
  static Path unpacked(String prefix) throws IOException {
    Path folder = Path.of(System.getProperty("pushgateway.containers"));
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(path -> path.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no " + prefix + "… in " + folder));
    }
  }
}
