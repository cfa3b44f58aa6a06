package dev.pushgateway.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/**
 * What was built, from what.
 *
 * @param version as in the pom
 * @param revision of the source tree; {@code unknown} if it was not built from one
 * @param branch of the source tree
 * @param buildDate time of the commit, so that builds are reproducible; {@code unknown} if the
 *     sources have no history
 */
public record BuildInformation(String version, String revision, String branch, String buildDate) {
  private static final String RESOURCE = "build.properties";

  /** What this very class was built with. */
  public static BuildInformation load() {
    Properties properties = new Properties();
    try (InputStream in = BuildInformation.class.getResourceAsStream(RESOURCE)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
    return new BuildInformation(
        filled(properties, "version"),
        filled(properties, "revision"),
        filled(properties, "branch"),
        filled(properties, "buildDate"));
  }

  /** A build that has nothing to fill in leaves the placeholder. */
  private static String filled(Properties properties, String key) {
    String value = properties.getProperty(key, "");
    return value.isEmpty() || value.startsWith("${") ? "unknown" : value;
  }

  /** The version of the JVM, where the Go gateway has that of Go. */
  public static String runtime() {
    return "java" + System.getProperty("java.version");
  }

  /** Under the names that the Go gateway gives them. */
  Map<String, String> asMap() {
    return Map.of(
        "version", version,
        "revision", revision,
        "branch", branch,
        "buildUser", "",
        "buildDate", buildDate,
        "goVersion", runtime());
  }
}
