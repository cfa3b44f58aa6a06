package dev.pushgateway.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shipped WAR, deployed in a Jetty. */
final class JettyIT {
  private final Server server = new Server();
  private final WebAppContext context = new WebAppContext();
  private final HttpClient client = HttpClient.newHttpClient();

  private void deploy(String contextPath) throws Exception {
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    context.setWar(System.getProperty("pushgateway.war"));
    context.setContextPath(contextPath);
    server.setHandler(context);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void pushedSeriesIsScrapedUnderTheContextPath() throws Exception {
    deploy("/gateway");
    assertEquals(200, send("PUT", "/gateway/metrics/job/nightly", "rows 3\n").statusCode());
    HttpResponse<String> scrape = send("GET", "/gateway/metrics", "");
    assertEquals(200, scrape.statusCode());
    assertTrue(scrape.body().contains("rows{instance=\"\",job=\"nightly\"} 3\n"), scrape.body());
    assertEquals(202, send("DELETE", "/gateway/metrics/job/nightly", "").statusCode());
    assertFalse(send("GET", "/gateway/metrics", "").body().contains("nightly"));
  }

  @Test
  void contextParameterIsASetting() throws Exception {
    context.setInitParameter("web.enable-admin-api", "true");
    deploy("/");
    String status = send("GET", "/api/v1/status", "").body();
    assertTrue(status.contains("\"web.enable-admin-api\":\"true\""), status);
    assertEquals(202, send("PUT", "/api/v1/admin/wipe", "").statusCode());
  }

  @Test
  void wrongSettingStopsTheDeploymentWithASentence() throws Exception {
    context.setInitParameter("persistence.interval", "soon");
    deploy("/");
    assertFalse(context.isAvailable());
    assertEquals(
        "persistence.interval: \"soon\" is not a duration such as 5m, 1h30m, 1.5s or 0s",
        context.getUnavailableException().getMessage());
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.getURI().resolve(URI.create(path)))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }
}
