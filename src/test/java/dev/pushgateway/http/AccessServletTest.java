package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.access.Hashes;
import dev.pushgateway.access.WebConfigFile;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what, asked of a real server. */
class AccessServletTest {
  private static final List<String> CLIENTS =
      List.of("nobody", "none", "push", "some", "delete", "scrape", "admin", "token");

  private static final String HASH = Hashes.bcrypt("pw");

  private static final String USERS =
      "basic_auth_users: {none: H, push: H, some: H, delete: H, scrape: H, admin: H}\n"
          .replace("H", HASH);

  private static final String ROLES =
      """
      ---
      bearer_tokens: {ci: TOKEN}
      roles:
        - {users: [push], may: [push]}
        - {users: [some], may: [push, delete], groups: ['{job="mine"}', '{job=~"a.*",zone="x"}']}
        - {users: [delete], may: [delete]}
        - {users: [scrape], may: [scrape]}
        - {users: [admin], may: [admin]}
        - {tokens: [ci], may: [push, scrape]}
      """
          .replace("TOKEN", Hashes.sha256("t0ken"));

  @TempDir private Path folder;

  private GatewayFixture.Builder guarded(String config) throws Exception {
    Path path = Files.writeString(folder.resolve("web.yml"), config);
    return GatewayFixture.with()
        .webConfig(WebConfigFile.open(path, AccessServletTest::duration, checked -> {}));
  }

  private static Optional<Duration> duration(String text) {
    return Optional.of(Duration.parse("PT" + text));
  }

  private static String authorization(String user, String password) {
    byte[] bytes = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private static HttpResponse<String> send(
      GatewayFixture gateway, String client, String method, String path) throws Exception {
    String body = method.equals("PUT") || method.equals("POST") ? "a 1\n" : "";
    return switch (client) {
      case "nobody" -> gateway.send(method, path, body);
      case "token" -> gateway.send(method, path, body, "Authorization", "Bearer t0ken");
      default -> gateway.send(method, path, body, "Authorization", authorization(client, "pw"));
    };
  }

  /** One column each: nobody, none, push, some, delete, scrape, admin, token. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "PUT,     /metrics/job/other,         401 403 200 403 403 403 403 200",
    "POST,    /metrics/job/other,         401 403 200 403 403 403 403 200",
    "DELETE,  /metrics/job/other,         401 403 403 403 202 403 403 403",
    "GET,     /metrics/job/other,         401 405 405 405 405 405 405 405",
    "PUT,     /metrics/job/mine,          401 403 200 200 403 403 403 200",
    "DELETE,  /metrics/job/mine/zone/y,   401 403 403 202 202 403 403 403",
    "PUT,     /metrics/job@base64/bWluZQ, 401 403 200 200 403 403 403 200",
    "PUT,     //metrics/job/mine,         401 403 200 200 403 403 403 200",
    "PUT,     /metrics/job/a/zone/x,      401 403 200 200 403 403 403 200",
    "PUT,     /metrics/job/a/zone/y,      401 403 200 403 403 403 403 200",
    "PUT,     /metrics/job/mine/a,        401 403 400 400 403 403 403 400",
    "OPTIONS, /metrics/job/mine,          200 200 200 200 200 200 200 200",
    "GET,     /metrics,                   401 403 403 403 403 200 403 200",
    "HEAD,    /metrics,                   401 403 403 403 403 200 403 200",
    "POST,    /metrics,                   401 405 405 405 405 405 405 405",
    "GET,     /,                          401 403 403 403 403 200 403 200",
    "GET,     /status,                    401 403 403 403 403 200 403 200",
    "GET,     /static/js/main.js,         401 403 403 403 403 200 403 200",
    "GET,     /api/v1/metrics,            401 403 403 403 403 200 403 200",
    "HEAD,    /api/v1/metrics,            401 403 403 403 403 200 403 200",
    "GET,     /api/v1/status,             401 403 403 403 403 200 403 200",
    "OPTIONS, /api/v1/status,             200 200 200 200 200 200 200 200",
    "DELETE,  /api/v1/status,             401 405 405 405 405 405 405 405",
    "PUT,     /api/v1/admin/wipe,         401 403 403 403 403 403 202 403",
    "POST,    /api/v1/admin/wipe,         401 405 405 405 405 405 405 405",
    "GET,     /api/v1/nothing,            401 404 404 404 404 404 404 404",
    "PUT,     /-/quit,                    401 403 403 403 403 403 200 403",
    "POST,    /-/quit,                    401 403 403 403 403 403 200 403",
    "GET,     /-/quit,                    401 405 405 405 405 405 405 405",
    "GET,     /-/healthy,                 200 200 200 200 200 200 200 200",
    "HEAD,    /-/healthy,                 200 200 200 200 200 200 200 200",
    "GET,     /-/ready,                   200 200 200 200 200 200 200 200",
    "POST,    /-/ready,                   401 405 405 405 405 405 405 405",
    "GET,     /nothing,                   401 404 404 404 404 404 404 404",
    "TRACE,   /metrics,                   401 405 405 405 405 405 405 405",
  })
  void eachRoleMayDoWhatItIsFor(String method, String path, String statuses) throws Exception {
    try (GatewayFixture gateway = guarded(USERS + ROLES).adminApi().lifecycle().start()) {
      StringBuilder found = new StringBuilder();
      for (String client : CLIENTS) {
        found.append(send(gateway, client, method, path).statusCode()).append(' ');
      }
      assertEquals(statuses, found.toString().strip());
    }
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nobody | GET    | /metrics        | login required: send a user or a token with the role "scrape"
          nobody | GET    | /nothing        | login required: send a user or a token
          push   | DELETE | /metrics/job/a  | "push" does not have the role "delete"
          some   | PUT    | /metrics/job/x  | "some" does not have the role "push" for this group
          token  | DELETE | /metrics/job/x  | "ci" does not have the role "delete"
          """)
  void saysWhichRoleIsMissing(String client, String method, String path, String sentence)
      throws Exception {
    try (GatewayFixture gateway = guarded(USERS + ROLES).start()) {
      assertEquals(sentence + "\n", send(gateway, client, method, path).body());
    }
  }

  @Test
  void challengesByEachSchemeThatThereIs() throws Exception {
    String basic = "Basic realm=\"pushgateway\", charset=\"UTF-8\"";
    String bearer = "Bearer realm=\"pushgateway\"";
    try (GatewayFixture gateway = guarded(USERS).start()) {
      assertEquals(List.of(basic), challenges(gateway.get("/metrics")));
      assertEquals(
          List.of(basic),
          challenges(gateway.get("/", "Authorization", authorization("push", "x"))));
    }
    try (GatewayFixture gateway = guarded(USERS + ROLES).start()) {
      assertEquals(List.of(basic, bearer), challenges(gateway.get("/metrics")));
      assertEquals(List.of(), challenges(send(gateway, "push", "GET", "/metrics")));
    }
  }

  private static List<String> challenges(HttpResponse<String> response) {
    return response.headers().allValues("WWW-Authenticate");
  }

  @Test
  void usersWithoutRolesMayDoEverything() throws Exception {
    try (GatewayFixture gateway = guarded(USERS).adminApi().lifecycle().start()) {
      assertEquals(200, send(gateway, "none", "PUT", "/metrics/job/x").statusCode());
      assertEquals(200, send(gateway, "none", "GET", "/metrics").statusCode());
      assertEquals(202, send(gateway, "none", "DELETE", "/metrics/job/x").statusCode());
      assertEquals(202, send(gateway, "none", "PUT", "/api/v1/admin/wipe").statusCode());
      assertEquals(401, send(gateway, "nobody", "GET", "/metrics").statusCode());
    }
  }

  @Test
  void anyoneMayDoWhatIsGrantedToAnyone() throws Exception {
    String config = USERS + "---\nroles: [{anyone: true, may: [scrape]}]\n";
    try (GatewayFixture gateway = guarded(config).start()) {
      assertEquals(200, send(gateway, "nobody", "GET", "/metrics").statusCode());
      assertEquals(200, send(gateway, "none", "GET", "/metrics").statusCode());
      assertEquals(404, send(gateway, "nobody", "GET", "/nothing").statusCode());
      assertEquals(401, send(gateway, "nobody", "PUT", "/metrics/job/x").statusCode());
      assertEquals(403, send(gateway, "none", "PUT", "/metrics/job/x").statusCode());
      assertEquals(
          401,
          gateway.get("/metrics", "Authorization", authorization("none", "wrong")).statusCode(),
          "a wrong password is never taken for none");
    }
  }

  @Test
  void healthNeedsAUserIfItIsNotOpen() throws Exception {
    try (GatewayFixture gateway = guarded(USERS + "---\nopen_health: false\n").start()) {
      assertEquals(401, send(gateway, "nobody", "GET", "/-/healthy").statusCode());
      assertEquals(200, send(gateway, "push", "GET", "/-/healthy").statusCode());
    }
  }

  @Test
  void rolesHoldBelowARoutePrefix() throws Exception {
    try (GatewayFixture gateway = guarded(USERS + ROLES).routePrefix("/pgw").start()) {
      assertEquals(200, send(gateway, "some", "PUT", "/pgw/metrics/job/mine").statusCode());
      assertEquals(403, send(gateway, "some", "PUT", "/pgw/metrics/job/other").statusCode());
      assertEquals(401, send(gateway, "nobody", "GET", "/pgw/metrics").statusCode());
    }
  }

  @Test
  void refusedPushChangesNothing() throws Exception {
    try (GatewayFixture gateway = guarded(USERS + ROLES).start()) {
      send(gateway, "some", "PUT", "/metrics/job/other");
      send(gateway, "nobody", "PUT", "/metrics/job/other");
      assertTrue(gateway.store().groups().isEmpty());
    }
  }

  @Test
  void apiRefusalCanBeReadByScripts() throws Exception {
    try (GatewayFixture gateway = guarded(USERS).start()) {
      HttpResponse<String> refused = gateway.get("/api/v1/status");
      assertEquals("*", refused.headers().firstValue("Access-Control-Allow-Origin").orElse("none"));
      assertEquals(
          "nosniff", refused.headers().firstValue("X-Content-Type-Options").orElse("none"));
    }
  }

  @Test
  void headersOfTheFileAreOnEveryAnswer() throws Exception {
    String config =
        USERS
            + """
            http_server_config:
              headers:
                X-Frame-Options: deny
                Content-Security-Policy: default-src 'self'
            """;
    try (GatewayFixture gateway = guarded(config).start()) {
      for (String client : List.of("nobody", "push")) {
        for (String path : List.of("/", "/metrics", "/nothing", "/metrics/job/x", "/-/ready")) {
          HttpResponse<String> response = send(gateway, client, "GET", path);
          String where = client + " " + path;
          assertEquals(List.of("deny"), response.headers().allValues("X-Frame-Options"), where);
          assertEquals(
              List.of("default-src 'self'"),
              response.headers().allValues("Content-Security-Policy"),
              where);
        }
      }
    }
  }

  @Test
  void rateLimitIsA429WithRetryAfter() throws Exception {
    try (GatewayFixture gateway = guarded("rate_limit: {interval: 1h, burst: 2}\n").start()) {
      assertEquals(200, gateway.get("/-/healthy").statusCode());
      assertEquals(200, gateway.send("PUT", "/metrics/job/x", "a 1\n").statusCode());
      HttpResponse<String> refused = gateway.send("PUT", "/metrics/job/x", "a 1\n");
      assertEquals(429, refused.statusCode());
      assertEquals("there are more requests than the rate limit allows\n", refused.body());
      List<String> retryAfter = refused.headers().allValues("Retry-After");
      assertEquals(1, retryAfter.size());
      long seconds = Long.parseLong(retryAfter.get(0));
      assertTrue(seconds > 3_000 && seconds <= 3_600, retryAfter.get(0));
    }
  }

  @Test
  void changedFileCountsWithoutARestart() throws Exception {
    try (GatewayFixture gateway = guarded(USERS).start()) {
      assertEquals(200, send(gateway, "push", "GET", "/metrics").statusCode());
      Files.writeString(folder.resolve("web.yml"), USERS.replace("push:", "other:"));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (send(gateway, "push", "GET", "/metrics").statusCode() == 200) {
        assertTrue(System.nanoTime() < end, "a user who is gone is still let in");
      }
      assertEquals(200, send(gateway, "other", "GET", "/metrics").statusCode());
    }
  }
}
