package dev.pushgateway.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.contract.Answer;
import dev.pushgateway.contract.GatewayHost;
import dev.pushgateway.contract.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where a container has settings for the gateway, and which of them wins. Subclasses deploy it as
 *
 * <pre>
 *   /pushgateway   as the page on containers shows
 *   /entry         with a JNDI entry and a parameter for persistence.interval, of 1m and 2m
 *   /parameter     with the parameter only
 *   /property      with neither
 *   /wrong         with "soon" as a parameter for persistence.interval
 *   /lost          with a parameter for persistence.file, in a folder that is not there
 * </pre>
 *
 * in a process that has a system property of 3m, and environment variables {@link #VARIABLE} of 4m
 * and {@link #OTHER_VARIABLE}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConfigurationContract {
  static final String INTERVAL = "persistence.interval";
  static final String PROPERTY = "-D" + INTERVAL + "=3m";
  static final String VARIABLE = "PUSHGATEWAY_PERSISTENCE_INTERVAL";
  static final String OTHER_VARIABLE = "PUSHGATEWAY_WEB_ENABLE_ADMIN_API";

  static final String LOST_FILE = "/no/such/metrics";

  /** The file in the examples of that page. */
  static final String PAGE_FILE = "/var/lib/pushgateway/metrics";

  @TempDir private static Path folder;
  private GatewayHost host;

  abstract GatewayHost start(Path folder) throws Exception;

  abstract List<String> log();

  @BeforeAll
  final void start() throws Exception {
    host = start(Files.createDirectory(folder.resolve(getClass().getSimpleName())));
  }

  @AfterAll
  final void stop() {
    if (host != null) {
      host.close();
    }
  }

  private Answer get(String path) throws Exception {
    return new RawClient(host.port("")).send("GET", path);
  }

  @ParameterizedTest
  @CsvSource({
    "/entry, persistence.interval, 1m0s",
    "/parameter, persistence.interval, 2m0s",
    "/property, persistence.interval, 3m0s",
    "/property, web.enable-admin-api, true",
    "/property, web.telemetry-path, /metrics",
    "/pushgateway, persistence.interval, 0s",
    "/pushgateway, web.enable-admin-api, true"
  })
  void statusShowsTheValueThatWins(String contextPath, String flag, String value) throws Exception {
    Answer status = get(contextPath + "/api/v1/status");
    String shown = "\"" + flag + "\":\"" + value + "\"";
    assertTrue(status.text().contains(shown), () -> "no " + shown + " in " + status);
  }

  @Test
  void exampleKeepsMetricsInItsFile() throws Exception {
    RawClient client = new RawClient(host.port(""));
    client.await("GET", "/pushgateway/-/ready", answer -> answer.status() == 200);
    assertTrue(get("/pushgateway/api/v1/status").text().contains(folder.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /wrong | persistence.interval: "soon" is not a duration such as 5m, 1h30m, 1.5s or 0s
          /lost  | persistence.file: folder /no/such of the persistence file does not exist
          """)
  void wrongValueStopsTheDeploymentWithOneClearLine(String contextPath, String sentence)
      throws Exception {
    int status = get(contextPath + "/-/healthy").status();
    assertTrue(status == 404 || status == 503, "it answers with " + status);
    List<String> said = log().stream().filter(line -> line.contains(sentence)).toList();
    assertEquals(1, said.size(), () -> String.join("\n", log()));
  }
}
