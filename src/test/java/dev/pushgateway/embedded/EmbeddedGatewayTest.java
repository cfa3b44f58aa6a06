package dev.pushgateway.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.contract.Answer;
import dev.pushgateway.contract.RawClient;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EmbeddedGatewayTest {
  private final Server server = new Server();

  @TempDir private Path folder;

  /** Whether a filter before the gateway reads each body, as form filters do. */
  private boolean isBodyRead;

  /** As on the page on embedding. */
  private RawClient start(EmbeddedGateway gateway) throws Exception {
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/pushgateway");
    context.addServlet(new ServletHolder(gateway.servlet()), "/*");
    gateway
        .filter()
        .map(FilterHolder::new)
        .ifPresent(filter -> context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST)));
    if (isBodyRead) {
      Filter reader =
          (request, response, chain) -> {
            request.getInputStream().readAllBytes();
            chain.doFilter(request, response);
          };
      context.addFilter(new FilterHolder(reader), "/*", EnumSet.of(DispatcherType.REQUEST));
    }
    server.setHandler(context);
    server.start();
    return new RawClient(connector.getLocalPort());
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void servesInAServerOfItsOwn() throws Exception {
    String file = folder.resolve("metrics").toString();
    EmbeddedGateway gateway = EmbeddedGateway.open(Map.of("persistence.file", file));
    RawClient client = start(gateway);
    client.await("GET", "/pushgateway/-/ready", answer -> answer.status() == 200);
    assertEquals(200, client.send("PUT", "/pushgateway/metrics/job/a", "rows 3\n").status());
    String scrape = client.send("GET", "/pushgateway/metrics").text();
    assertTrue(scrape.contains("rows{instance=\"\",job=\"a\"} 3\n"), scrape);
    assertEquals(200, client.send("GET", "/pushgateway/").status());
    gateway.close();
    assertEquals(503, client.send("GET", "/pushgateway/metrics").status());
  }

  @Test
  void refusesBodyThatAFilterHasRead() throws Exception {
    isBodyRead = true;
    try (EmbeddedGateway gateway = EmbeddedGateway.open(Map.of())) {
      RawClient client = start(gateway);
      Answer answer = client.send("PUT", "/pushgateway/metrics/job/a", "rows 3\n");
      assertEquals(400, answer.status());
      assertEquals(
          "only 0 of 7 bytes of the body are left; a filter before the gateway must not read it\n",
          answer.text());
      assertEquals(200, client.send("PUT", "/pushgateway/metrics/job/a", "").status());
    }
  }

  @Test
  void webConfigFileGuardsIt() throws Exception {
    Path file = folder.resolve("web.yml");
    Files.writeString(
        file,
        "basic_auth_users:\n"
            + "  alice: $2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay\n");
    try (EmbeddedGateway gateway =
        EmbeddedGateway.open(Map.of("web.config.file", file.toString()))) {
      assertEquals(401, start(gateway).send("GET", "/pushgateway/metrics").status());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          persistance.file     | x    | there is no setting called persistance.file
          web.enable-admin-api | yes  | web.enable-admin-api: "yes" is neither true nor false
          """)
  void refusesWhatIsNoSetting(String name, String value, String message) {
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> EmbeddedGateway.open(Map.of(name, value)));
    assertEquals(message, e.getMessage());
  }
}
