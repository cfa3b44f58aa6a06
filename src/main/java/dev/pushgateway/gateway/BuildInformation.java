package dev.pushgateway.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/**
 * The version of the gateway and its sources.
 *
 * @param version as in the pom
 * @param revision of the source tree; {@code unknown} if it was not built from a repository
 * @param branch of the source tree
 * @param buildDate time of the commit, so that builds are reproducible; {@code unknown} if the
 *     sources have no history
 */
public record BuildInformation(String version, String revision, String branch, String buildDate) {
  private static final String RESOURCE = "build.properties";

  /** Returns the build information of this class's jar. */
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

  /** Returns a property, or {@code unknown} if the build left its placeholder. */
  private static String filled(Properties properties, String key) {
    String value = properties.getProperty(key, "");
    return value.isEmpty() || value.startsWith("${") ? "unknown" : value;
  }

  /** Returns the version of the JVM, for the field that has Go's version in the Go gateway. */
  public static String runtime() {
    return "java" + System.getProperty("java.version");
  }

  /** Returns the build information with the Go gateway's names. */
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
