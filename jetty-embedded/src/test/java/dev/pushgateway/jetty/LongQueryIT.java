package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listings that would take many minutes, against the shipped jar (issue 20). */
@Timeout(300)
final class LongQueryIT {
  /** As many as may be served at a time, and more. */
  private static final int CLIENTS = 49;

  /** Each takes some 20 s, and all of them a quarter of an hour. */
  private static final int SERIES = 50;

  private static final String HOSTILE = "{v=~\".*(a{900}){9}b\"}";

  private static void push(ServerProcess server) throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < SERIES; i++) {
      text.append("m{i=\"")
          .append(i)
          .append("\",v=\"")
          .append("a".repeat(60_000))
          .append("\"} 1\n");
    }
    assertEquals(200, server.send("PUT", "/metrics/job/a", text.toString()).statusCode());
  }

  private static String list(String selector) {
    return "/api/v1/metrics?match[]=" + URLEncoder.encode(selector, StandardCharsets.UTF_8);
  }

  /** All but the last from one address, to which only so many responses are sent at a time. */
  private static Socket ask(ServerProcess server, int client, String path) throws IOException {
    byte[] address = {127, 0, 0, (byte) (client == 0 ? 3 : 2)};
    Socket socket =
        new Socket(
            InetAddress.getLoopbackAddress(),
            server.uri("/").getPort(),
            InetAddress.getByAddress(address),
            0);
    socket.setSoTimeout(60_000);
    String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static List<Socket> askOften(ServerProcess server) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      sockets.add(ask(server, i, list(HOSTILE)));
    }
    return sockets;
  }

  /** Waits until all listings have ended; the gateway counts them then. */
  private static void awaitEnds(ServerProcess server) throws Exception {
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
    long ended = 0;
    while (System.nanoTime() < patience) {
      ended = 0;
      for (String line : server.scrape().split("\n")) {
        if (line.startsWith("pushgateway_http_requests_total{")
            && line.contains("handler=\"api/v1/metrics\"")) {
          ended += Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
        }
      }
      if (ended == CLIENTS) {
        return;
      }
    }
    throw new AssertionError(ended + " of the listings have ended; log: " + server.log());
  }

  @Test
  void clientsThatHaveGoneKeepNoThreads() throws Exception {
    try (ServerProcess server = ServerProcess.listening("--web.query-timeout=0s")) {
      push(server);
      for (Socket socket : askOften(server)) {
        socket.close();
      }
      awaitEnds(server);
    }
  }

  @Test
  void clientsThatStayAreTold() throws Exception {
    try (ServerProcess server = ServerProcess.listening("--web.query-timeout=2s")) {
      push(server);
      int told = 0;
      for (Socket socket : askOften(server)) {
        String response =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(response.startsWith("HTTP/1.1 503 "), response);
        assertTrue(response.contains("Retry-After: 5"), response);
        told += response.contains("took longer than 2 s (--web.query-timeout)") ? 1 : 0;
        socket.close();
      }
      assertTrue(told >= 40, "told: " + told);
      awaitEnds(server);
      assertEquals(200, server.send("GET", "/metrics", "").statusCode());
    }
  }

  /** Each used to take minutes and gigabytes, or to overflow the stack. */
  @Test
  void expressionsThatAreTooLargeAreA400() throws Exception {
    String[] selectors = {
      "{v=~\"\\\\Q[\\\\E((a{999}){999}){99}\"}",
      "{v=~\"((a?){50}){60}b\"}",
      "{v=~\"(?:a{999}){999}\"}",
      "{v=~\"" + "(a)".repeat(400) + "\"}",
      "{v=~\"(?i)" + "\\\\pL".repeat(900) + "\"}",
    };
    try (ServerProcess server = ServerProcess.listening(List.of("-Xmx256m", "-Xss512k"))) {
      push(server);
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        sockets.add(ask(server, i, list(selectors[i % selectors.length])));
      }
      for (Socket socket : sockets) {
        String response =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(response.startsWith("HTTP/1.1 400 "), response);
        assertTrue(response.contains(" more than "), response);
        socket.close();
      }
      assertFalse(server.log().toString().contains("Error"), server.log().toString());
    }
  }

  /** As large as they may be, at the same time, with a small heap and small stacks. */
  @Test
  void expressionsAtTheLimitsAreServed() throws Exception {
    String[] selectors = {
      "{i=~\"(?:a{999}){10}\"}",
      "{i=~\"(?:a?){999}b\"}",
      "{i=~\"a{0,499}b\"}",
      "{i=~\"" + "(a)".repeat(80) + "a{990}\"}",
      "{i=~\"(?i)[" + "\\\\pL".repeat(120) + "]{7}\"}",
    };
    try (ServerProcess server = ServerProcess.listening(List.of("-Xmx256m", "-Xss512k"))) {
      push(server);
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        sockets.add(ask(server, i, list(selectors[i % selectors.length])));
      }
      int served = 0;
      for (Socket socket : sockets) {
        String response =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean isServed = response.startsWith("HTTP/1.1 200 ");
        assertTrue(isServed || response.startsWith("HTTP/1.1 503 "), response);
        served += isServed ? 1 : 0;
        socket.close();
      }
      assertTrue(served >= 20, "served: " + served);
      assertFalse(server.log().toString().contains("Error"), server.log().toString());
      assertEquals(200, server.send("GET", "/metrics", "").statusCode());
    }
  }
}
