package dev.pushgateway.launcher;

import dev.pushgateway.gateway.Host;
import dev.pushgateway.gateway.Settings;
import dev.pushgateway.jetty.CommandLine;
import dev.pushgateway.jetty.GatewayServer;
import dev.pushgateway.jetty.ServerConfig;
import dev.pushgateway.jetty.StartProperties;
import dev.pushgateway.logging.LogConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Exercises a gateway once, so that the JVM can write an archive of the classes that a gateway
 * needs ({@code -XX:ArchiveClassesAtExit}). The launcher command {@code pushgateway prepare} runs
 * this.
 */
public final class Training implements Host {
  private static final String TEXT =
      """
      # HELP rows_total Rows saved.
      # TYPE rows_total counter
      rows_total{table="orders"} 42
      # TYPE step_seconds histogram
      step_seconds_bucket{le="1"} 1
      step_seconds_bucket{le="+Inf"} 2
      step_seconds_sum 1.5
      step_seconds_count 2
      """;

  /** One family as a delimited message: {@code rows_total} with one counter of 42. */
  private static final byte[] PROTOBUF = {
    27, 0x0a, 10, 'r', 'o', 'w', 's', '_', 't', 'o', 't', 'a', 'l', 0x18, 0, 0x22, 11, 0x1a, 9,
    0x09, 0, 0, 0, 0, 0, 0, 0x45, 0x40
  };

  private static final String PROTOBUF_TYPE =
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
          + " encoding=delimited";

  private int port;
  private volatile String failure;

  /** Runs a gateway twice. Takes no arguments. The exit code is 1 if a response is not 2xx. */
  public static void main(String[] arguments) throws Exception {
    StartProperties.set();
    Path folder = Files.createTempDirectory("pushgateway-training-");
    Path file = folder.resolve("metrics");
    try {
      run(file);
      run(file); // With a file to load.
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder.resolve("metrics.lock"));
      Files.delete(folder);
    }
  }

  private static void run(Path persistenceFile) throws Exception {
    Settings settings =
        Settings.of(
            CommandLine.parse(
                List.of(
                    "--web.listen-address=127.0.0.1:0",
                    "--log.level=error",
                    "--persistence.file=" + persistenceFile)));
    LogConfiguration.set(settings.logLevel(), settings.logFormat());
    Training training = new Training();
    GatewayServer server = new GatewayServer(settings, ServerConfig.of(settings), training);
    server.listen(settings);
    try {
      server.start();
      String address = server.addresses().get(0);
      training.exercise(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    } finally {
      server.stop();
    }
    if (training.failure != null) {
      throw new IOException(training.failure);
    }
  }

  @Override
  public void quit() {}

  @Override
  public void failed(String reason) {
    failure = reason;
  }

  @Override
  public void endedBadly(String reason) {
    failure = reason;
  }

  private void exercise(int boundPort) throws IOException, InterruptedException {
    port = boundPort;
    while (!send("GET /-/ready", "", new byte[0]).startsWith("HTTP/1.1 200 ")) {
      Thread.sleep(5);
    }
    byte[] text = TEXT.getBytes(StandardCharsets.UTF_8);
    succeed("PUT /metrics/job/text", "", text);
    succeed("PUT /metrics/job/text", "", text); // The same push again.
    succeed("POST /metrics/job/text/instance/gzip", "Content-Encoding: gzip\r\n", gzip(text));
    succeed("POST /metrics/job/protobuf", "Content-Type: " + PROTOBUF_TYPE + "\r\n", PROTOBUF);
    succeed("GET /metrics", "", new byte[0]);
    succeed("GET /metrics", "Accept-Encoding: gzip\r\n", new byte[0]);
    succeed("GET /metrics", "Accept: " + PROTOBUF_TYPE + "\r\n", new byte[0]);
    succeed("GET /api/v1/metrics", "", new byte[0]);
    succeed("GET /api/v1/status", "", new byte[0]);
    succeed("GET /", "", new byte[0]);
    succeed("DELETE /metrics/job/protobuf", "", new byte[0]);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(plain);
    }
    return compressed.toByteArray();
  }

  private void succeed(String request, String headers, byte[] body) throws IOException {
    String response = send(request, headers, body);
    if (!response.startsWith("HTTP/1.1 2")) {
      throw new IOException(request + ": " + response.lines().findFirst().orElse("no answer"));
    }
  }

  private String send(String request, String headers, byte[] body) throws IOException {
    String head =
        request
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + headers
            + (body.length == 0 ? "" : "Content-Length: " + body.length + "\r\n")
            + "\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(body);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
