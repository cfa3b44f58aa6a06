package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.gateway.Flag;
import dev.pushgateway.gateway.Host;
import dev.pushgateway.gateway.Settings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

/** A request to quit has its response before the server ends, however the two race. */
class QuitTest {
  private static final int RACES = 50;
  private static final long TIMEOUT_SECONDS = 120;

  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private GatewayServer server;

  /** Stops the server on another thread, at once. */
  private final class StoppingHost implements Host {
    @Override
    public void quit() {
      new Thread(this::stop).start();
    }

    private void stop() {
      try {
        server.stop();
        stopped.complete(null);
      } catch (Exception e) {
        stopped.completeExceptionally(e);
      }
    }

    @Override
    public void failed(String reason) {
      stopped.completeExceptionally(new AssertionError(reason));
    }

    @Override
    public void endedBadly(String reason) {
      failed(reason);
    }
  }

  private static List<String> setting(Flag flag) {
    if (flag == Flag.LISTEN_ADDRESS) {
      return List.of("127.0.0.1:0");
    }
    return flag == Flag.ENABLE_LIFECYCLE ? List.of("true") : List.of();
  }

  @BeforeEach
  void start() throws Exception {
    Settings settings = Settings.of(QuitTest::setting);
    server = new GatewayServer(settings, ServerConfig.of(settings), new StoppingHost());
    server.listen(settings);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private String address() throws Exception {
    return server.addresses().get(0);
  }

  /** An upgrade would end with a GOAWAY, at which the client of the JDK may lose the response. */
  @RepeatedTest(RACES)
  void quitThatOffersUpgrade_isAnsweredWithoutUpgrade() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address() + "/-/quit"))
            .PUT(BodyPublishers.noBody())
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    assertEquals(200, response.statusCode());
    assertEquals(HttpClient.Version.HTTP_1_1, response.version());
    stopped.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  @RepeatedTest(RACES)
  void quitOverHttp2_isAnsweredBeforeGoAway() throws Exception {
    int port = Integer.parseInt(address().split(":")[1]);
    try (RawHttp2 client = new RawHttp2(port)) {
      client.request(RawHttp2.END_STREAM, 1, "PUT", "/-/quit");
      assertEquals("status 200", client.next());
      assertTrue(client.next().startsWith("data Requesting termination"));
      String next = client.next();
      assertEquals("goaway 0", next.equals("data ") ? client.next() : next);
    }
    stopped.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
