package dev.pushgateway.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.contract.Answer;
import dev.pushgateway.contract.GatewayHost;
import dev.pushgateway.contract.RawClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Users and roles of a real container, set up as the page on containers shows: at {@code
 * /pushgateway}, with the users {@code nightly} (push, delete), {@code prometheus} (scrape), {@code
 * admin} (admin) and {@code guest} (none), whose passwords are their names.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ContainerRolesContract {
  private static final List<String> CLIENTS = List.of("nightly", "prometheus", "admin", "guest");

  @TempDir private static Path folder;
  private GatewayHost host;

  abstract GatewayHost start(Path folder) throws Exception;

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

  private Answer send(String user, String password, String method, String path) throws Exception {
    byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers =
        user.isEmpty()
            ? Map.of()
            : Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    byte[] body = "a 1\n".getBytes(StandardCharsets.UTF_8);
    return new RawClient(host.port("")).send(method, "/pushgateway" + path, headers, body);
  }

  /** One column each: nobody, nightly, prometheus, admin, guest. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "PUT,     /metrics/job/a,     401 200 403 403 403",
    "DELETE,  /metrics/job/a,     401 202 403 403 403",
    "GET,     /metrics,           401 403 200 403 403",
    "GET,     /api/v1/metrics,    401 403 200 403 403",
    "GET,     /,                  401 403 200 403 403",
    "PUT,     /api/v1/admin/wipe, 401 403 403 202 403",
    "GET,     /nothing,           401 404 404 404 404",
    "GET,     /-/ready,           200 200 200 200 200",
    "OPTIONS, /api/v1/status,     200 200 200 200 200",
  })
  void usersOfTheContainerMayDoWhatTheirRolesAllow(String method, String path, String statuses)
      throws Exception {
    StringBuilder found = new StringBuilder();
    found.append(send("", "", method, path).status());
    for (String client : CLIENTS) {
      found.append(' ').append(send(client, client, method, path).status());
    }
    assertEquals(statuses, found.toString());
  }

  @Test
  void asksForAPassword() throws Exception {
    Answer answer = send("", "", "GET", "/metrics");
    assertTrue(answer.header("www-authenticate").startsWith("Basic "), answer.toString());
    assertEquals(401, send("nightly", "wrong", "GET", "/metrics").status());
  }

  @Test
  void saysWhichRoleIsMissing() throws Exception {
    assertEquals(
        "\"nightly\" does not have the role \"scrape\"\n",
        send("nightly", "nightly", "GET", "/metrics").text());
  }

  @Test
  void statusTellsTheRoles() throws Exception {
    String status = send("prometheus", "prometheus", "GET", "/api/v1/status").text();
    assertTrue(status.contains("\"roles\":[\"scrape\"]"), status);
  }
}
