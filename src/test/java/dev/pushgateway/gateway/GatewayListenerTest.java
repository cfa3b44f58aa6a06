package dev.pushgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import jakarta.servlet.ServletContextEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GatewayListenerTest {
  private static final Host HOST =
      new Host() {
        @Override
        public boolean waitsForPersistenceFile() {
          return false;
        }

        @Override
        public void quit() {
          throw new AssertionError("nobody asked to quit");
        }

        @Override
        public void failed(String reason) {
          throw new AssertionError(reason);
        }

        @Override
        public void endedBadly(String reason) {
          throw new AssertionError(reason);
        }
      };

  private final Server server = new Server();
  private final ServletContextHandler context = new ServletContextHandler();

  @TempDir private Path folder;

  private static GatewayListener listener(Map<Flag, String> flags) throws SettingsException {
    Settings settings =
        Settings.of(flag -> flags.containsKey(flag) ? List.of(flags.get(flag)) : List.of());
    return new GatewayListener(settings, Optional.empty(), HOST);
  }

  private void start(GatewayListener listener) throws Exception {
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    context.setContextPath("/");
    context.addEventListener(listener);
    server.setHandler(context);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private int send(String method, String path, String body) throws Exception {
    URI uri = server.getURI().resolve(path);
    HttpRequest request =
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void servesFromTheSettings() throws Exception {
    start(listener(Map.of(Flag.ROUTE_PREFIX, "pgw", Flag.ENABLE_ADMIN_API, "true")));
    assertEquals(200, send("GET", "/pgw/-/ready", ""));
    assertEquals(200, send("PUT", "/pgw/metrics/job/a", "a 1\n"));
    assertEquals(202, send("PUT", "/pgw/api/v1/admin/wipe", ""));
  }

  @Test
  void settingThatCannotBeHadStopsTheStart() throws Exception {
    Path file = folder.resolve("web.yml");
    context.setInitParameter("web.config.file", file.toString());
    GatewayListener listener = new GatewayListener();
    Exception e = assertThrows(IllegalStateException.class, () -> start(listener));
    assertEquals("web.config.file: " + file + ": there is no such file", e.getMessage());
    listener.contextDestroyed(new ServletContextEvent(context.getServletContext()));
  }

  @Test
  void stopsTwiceAndLetsGoOfThePersistenceFile() throws Exception {
    Map<Flag, String> flags = Map.of(Flag.PERSISTENCE_FILE, folder.resolve("metrics").toString());
    for (int round = 0; round < 2; round++) {
      GatewayListener listener = listener(flags);
      context.setEventListeners(List.of());
      start(listener);
      assertTimeoutPreemptively(Duration.ofSeconds(120), this::awaitReady);
      server.stop();
      listener.contextDestroyed(new ServletContextEvent(context.getServletContext()));
    }
  }

  /** A file that is still locked would keep it from ever getting ready. */
  private void awaitReady() throws Exception {
    while (send("GET", "/-/ready", "") != 200) {
      Thread.onSpinWait();
    }
  }

  @Test
  void stopsBeforeItHasStarted() throws Exception {
    listener(Map.of()).contextDestroyed(new ServletContextEvent(context.getServletContext()));
  }
}
