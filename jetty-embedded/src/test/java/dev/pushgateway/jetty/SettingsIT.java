package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the shipped jar takes its settings from, and what it says of them (issue 21). */
final class SettingsIT {
  private static final String FREE_PORT = "127.0.0.1:0";

  private static HttpResponse<String> send(String address, String method, String path, String body)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + address + path));
    return HttpClient.newHttpClient()
        .send(
            request.method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  @Test
  void flagWinsOverTheEnvironment() throws Exception {
    List<String> environment =
        List.of(
            "env",
            "PUSHGATEWAY_PUSH_MAX_SERIES=2",
            "PUSHGATEWAY_PUSH_SUCCESS_STATUS=202",
            "PUSHGATEWAY_LOG_FORMAT=",
            "PUSHGATEWAY_WEB_LISTEN_ADDRESS=" + FREE_PORT + "\n" + FREE_PORT,
            "PUSHGATEWAY_OPTS=-Xmx1g",
            "PUSHGATEWAY_PORT=tcp://10.0.0.1:9091",
            "PUSHGATEWAY_SERVICE_HOST=10.0.0.1");
    try (ServerProcess server =
        new ServerProcess(environment, "--push.max-series=3", "--log.level=DEBUG")) {
      String unknown = server.awaitLine(line -> line.contains("that are no settings"));
      assertTrue(unknown.contains("level=debug"), unknown);
      assertTrue(
          unknown.contains("PUSHGATEWAY_OPTS, PUSHGATEWAY_PORT, PUSHGATEWAY_SERVICE_HOST\""),
          unknown);
      String changed = server.awaitLine(line -> line.contains("differ from their defaults"));
      assertTrue(
          changed.contains(
              "log.level=debug, push.max-series=3, push.success-status=202, web.listen-address="),
          changed);
      server.awaitAddress();
      String second = server.awaitAddress();
      assertEquals(202, send(second, "PUT", "/metrics/job/a", "a 1\nb 1\nc 1\n").statusCode());
      assertEquals(413, send(second, "PUT", "/metrics/job/a", "a 1\nb 1\nc 1\nd 1\n").statusCode());
      String status = send(second, "GET", "/api/v1/status", "").body();
      assertTrue(
          status.contains(
              "\"changed_flags\":[\"log.level\",\"push.max-series\",\"push.success-status\","
                  + "\"web.listen-address\"]"),
          status);
    }
  }

  @Test
  void logNamesThePrefixInForce() throws Exception {
    try (ServerProcess server =
        ServerProcess.listening("--web.external-url=http://push.example/some/prefix/")) {
      assertTrue(
          server.log().stream()
              .anyMatch(
                  line ->
                      line.contains("\"Listening on\"") && line.contains("prefix=/some/prefix/")),
          server.log().toString());
    }
  }
}
