package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.access.Hashes;
import dev.pushgateway.access.WebConfigFile;
import dev.pushgateway.request.Origins;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pages of other sites can have a browser do. HOST stands for the gateway's own name. */
class CrossSiteServletTest {
  private static final Origins ORIGINS = new Origins(Optional.of("pgw.example"), Set.of());
  private static final String APP = "https://app.example";
  private static final String FORBIDDEN = "refused: a page of another site sent this request\n";

  @TempDir private Path folder;

  /** {@code name: value; name: value}, or nothing. */
  private static HttpResponse<String> send(
      GatewayFixture gateway, String method, String path, String headers) throws Exception {
    String host = "127.0.0.1:" + gateway.port();
    List<String> all = new ArrayList<>();
    for (String header : headers.split("; ")) {
      if (!header.isEmpty()) {
        all.addAll(List.of(header.replace("HOST", host).split(": ", 2)));
      }
    }
    return gateway.send(method, path, "", all.toArray(String[]::new));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                       | true
          User-Agent: curl/8                                       | true
          Sec-Fetch-Site: same-origin; Origin: http://HOST         | true
          Sec-Fetch-Site: same-origin; Origin: https://pgw.example | true
          Sec-Fetch-Site: same-origin; Origin: http://evil.example; X-Forwarded-Host: evil.example | false
          Sec-Fetch-Site: none; Origin: http://evil.example        | false
          Sec-Fetch-Site: none                                     | true
          Sec-Fetch-Site: same-site; Origin: http://x.example      | false
          Sec-Fetch-Site: cross-site; Origin: http://x.example     | false
          Sec-Fetch-Site: cross-site; Origin: http://HOST          | false
          Sec-Fetch-Site: cross-site                               | false
          Sec-Fetch-Site: nonsense                                 | false
          Origin: http://HOST                                      | true
          Origin: https://HOST                                     | true
          Origin: https://PGW.example                              | true
          Origin: https://front.example; X-Forwarded-Host: front.example | false
          Origin: https://front; X-Forwarded-Host: front           | true
          Origin: http://HOST.evil.example                         | false
          Origin: http://pgw.example.evil                          | false
          Origin: http://evil.example                              | false
          Origin: null                                             | false
          Origin: %%%                                              | false
          """)
  void deletesAndAdministersForItsOwnPagesOnly(String headers, boolean isTaken) throws Exception {
    try (GatewayFixture gateway =
        GatewayFixture.with().adminApi().lifecycle().origins(ORIGINS).start()) {
      String requests = "DELETE /metrics/job/a, PUT /api/v1/admin/wipe, PUT /-/quit, POST /-/quit";
      for (String request : requests.split(", ")) {
        String[] words = request.split(" ");
        HttpResponse<String> response = send(gateway, words[0], words[1], headers);
        assertEquals(isTaken, response.statusCode() != 403, request + ": " + response.body());
        assertEquals(isTaken ? 0 : 1, response.body().equals(FORBIDDEN) ? 1 : 0, request);
      }
      if (isTaken) {
        assertTrue(gateway.awaitQuit() && gateway.awaitQuit());
      }
      assertEquals(0, gateway.quits());
    }
  }

  /** As it cannot know better. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Origin: https://front.example; X-Forwarded-Host: front.example | true
          Origin: https://front; X-Forwarded-Host: front.example         | false
          Sec-Fetch-Site: same-origin; Origin: https://other.name        | true
          """)
  void withoutExternalUrlTrustsTheNamesThatItIsCalledBy(String headers, boolean isTaken)
      throws Exception {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      HttpResponse<String> response = send(gateway, "DELETE", "/metrics/job/a", headers);
      assertEquals(isTaken ? 202 : 403, response.statusCode(), response.body());
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Sec-Fetch-Site: cross-site; Origin: http://x.example
          Origin: null
          """)
  void pushesAreTakenFromAnywhereAsInGo(String headers) throws Exception {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      assertEquals(200, send(gateway, "POST", "/metrics/job/a", headers).statusCode());
    }
  }

  private static GatewayFixture.Builder pushableFrom(String... origins) {
    return GatewayFixture.with().origins(new Origins(Optional.empty(), Set.of(origins)));
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("none");
  }

  @Test
  void pagesOfAllowedOriginsMayPush() throws Exception {
    try (GatewayFixture gateway = pushableFrom(APP).start()) {
      String from = "Sec-Fetch-Site: cross-site; Origin: " + APP;
      HttpResponse<String> preflight = send(gateway, "OPTIONS", "/metrics/job/a", from);
      assertEquals(200, preflight.statusCode());
      assertEquals(APP, header(preflight, "Access-Control-Allow-Origin"));
      assertEquals("POST, PUT", header(preflight, "Access-Control-Allow-Methods"));
      assertEquals(
          "Authorization, Content-Encoding, Content-Type",
          header(preflight, "Access-Control-Allow-Headers"));
      assertEquals("none", header(preflight, "Access-Control-Allow-Credentials"));
      HttpResponse<String> push = send(gateway, "PUT", "/metrics/job/a", from);
      assertEquals(200, push.statusCode());
      assertEquals(APP, header(push, "Access-Control-Allow-Origin"));
      assertEquals("Origin", header(push, "Vary"));
      HttpResponse<String> refused = gateway.send("PUT", "/metrics/job/a", "a b\n", "Origin", APP);
      assertEquals(400, refused.statusCode());
      assertEquals(APP, header(refused, "Access-Control-Allow-Origin"), "why it was refused");
    }
  }

  @Test
  void pagesOfOtherOriginsMayNotPushThen() throws Exception {
    try (GatewayFixture gateway = pushableFrom(APP).start()) {
      for (String from :
          List.of(
              "Origin: https://app.example.evil", "Origin: http://app.example", "Origin: null")) {
        HttpResponse<String> preflight = send(gateway, "OPTIONS", "/metrics/job/a", from);
        assertEquals("none", header(preflight, "Access-Control-Allow-Origin"), from);
        assertEquals(403, send(gateway, "POST", "/metrics/job/a", from).statusCode(), from);
      }
      assertEquals(200, send(gateway, "POST", "/metrics/job/a", "").statusCode());
      assertEquals(
          200, send(gateway, "POST", "/metrics/job/a", "Origin: http://HOST").statusCode());
      assertEquals(403, send(gateway, "DELETE", "/metrics/job/a", "Origin: " + APP).statusCode());
    }
  }

  @Test
  void starIsEachOrigin() throws Exception {
    try (GatewayFixture gateway = pushableFrom("*").start()) {
      HttpResponse<String> push = send(gateway, "POST", "/metrics/job/a", "Origin: " + APP);
      assertEquals(200, push.statusCode());
      assertEquals(APP, header(push, "Access-Control-Allow-Origin"));
    }
  }

  private WebConfigFile users() throws Exception {
    String users = "basic_auth_users: {a: " + Hashes.bcrypt("pw") + "}\n";
    Path path = Files.writeString(folder.resolve("web.yml"), users);
    return WebConfigFile.open(path, text -> Optional.empty(), config -> {});
  }

  /** The browser would add the password that it remembers. */
  @Test
  void pagesFromElsewhereMayNotPushWherePasswordsAre() throws Exception {
    String password = "Authorization: Basic YTpwdw==";
    String from = password + "; Sec-Fetch-Site: cross-site; Origin: " + APP;
    try (GatewayFixture gateway = GatewayFixture.with().webConfig(users()).start()) {
      assertEquals(200, send(gateway, "POST", "/metrics/job/a", password).statusCode());
      assertEquals(403, send(gateway, "POST", "/metrics/job/a", from).statusCode());
      assertEquals(200, send(gateway, "GET", "/metrics", from).statusCode());
    }
    try (GatewayFixture gateway = pushableFrom(APP).webConfig(users()).start()) {
      assertEquals(200, send(gateway, "POST", "/metrics/job/a", from).statusCode());
      HttpResponse<String> unknown = send(gateway, "POST", "/metrics/job/a", "Origin: " + APP);
      assertEquals(401, unknown.statusCode());
      assertEquals(APP, header(unknown, "Access-Control-Allow-Origin"), "why it was refused");
    }
  }
}
