package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.exporter.pushgateway.Format;
import io.prometheus.metrics.exporter.pushgateway.PushGateway;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped jar, started as its users start it. */
final class RunnableJarIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Format.class)
  void officialClientPushesAndDeletes(Format format) throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    Counter.builder().name("rows_total").help("Rows.").register(registry).inc(3);
    Gauge.builder()
        .name("size_bytes")
        .labelNames("table")
        .register(registry)
        .labelValues("a \"b\"\n\\")
        .set(1.5e9);
    Histogram.builder()
        .name("step_seconds")
        .classicUpperBounds(0.1, 1)
        .register(registry)
        .observe(0.5);
    Summary.builder().name("wait_seconds").quantile(0.5).register(registry).observe(2);
    try (ServerProcess server = ServerProcess.listening()) {
      PushGateway client =
          PushGateway.builder()
              .address(server.address())
              .job("nightly/a b")
              .groupingKey("region", "north")
              .registry(registry)
              .format(format)
              .build();
      client.push();
      String scrape = server.scrape();
      String labels = "instance=\"\",job=\"nightly/a b\",region=\"north\"";
      assertContains(scrape, "# HELP rows_total Rows.\n# TYPE rows_total counter\n");
      assertContains(scrape, "rows_total{" + labels + "} 3\n");
      assertContains(scrape, "size_bytes{" + labels + ",table=\"a \\\"b\\\"\\n\\\\\"} 1.5e+09\n");
      assertContains(scrape, "step_seconds_bucket{" + labels + ",le=\"1\"} 1\n");
      assertContains(scrape, "step_seconds_bucket{" + labels + ",le=\"+Inf\"} 1\n");
      assertContains(scrape, "wait_seconds{" + labels + ",quantile=\"0.5\"} 2\n");
      client.delete();
      assertFalse(server.scrape().contains("nightly"));
    }
  }

  private static void assertContains(String text, String part) {
    assertTrue(text.contains(part), () -> "no " + part + " in\n" + text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --foo                    | unknown long flag '--foo', try --help
          serve                    | unexpected serve, try --help
          --web.external-url=foo   | web.external-url: "foo" is not a URL that starts with http:// \
          or https:// and a host, try --help
          --web.external-url=ftp://x | web.external-url: "ftp://x" is not a URL that starts with \
          http:// or https:// and a host, try --help
          --web.telemetry-path=metrics | web.telemetry-path: "metrics" does not start with a slash, \
          try --help
          --web.telemetry-path=/api/v1/status | web.telemetry-path: "/api/v1/status" is the path of \
          something else, try --help
          --log.level=loud         | log.level: "loud" is not one of debug, info, warn, error, \
          try --help
          --persistence.interval=5 | persistence.interval: "5" is not a duration such as 5m, \
          1h30m, 1.5s or 0s, try --help
          --web.listen-address=x   | cannot listen on "x": missing port in address, try --help
          --web.listen-address=no-such-host.invalid:0 | cannot listen on no-such-host.invalid:0: \
          no such host
          """)
  void wrongFlagIsOneLineAndExitCodeOne(String flag, String message) throws Exception {
    try (ServerProcess server = new ServerProcess(flag)) {
      assertEquals(1, server.awaitExit());
      assertEquals(List.of("pushgateway: error: " + message), server.log());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no-such/metrics | folder FOLDER/no-such of the persistence file does not exist
          file/metrics    | FOLDER/file, the folder of the persistence file, is not a folder
          .               | persistence file FOLDER is a folder
          locked          | cannot create the lock file FOLDER/locked.lock of the persistence file: \
          is a directory
          newer           | persistence file FOLDER/newer has version 3, this gateway reads version \
          2 only: start the gateway that wrote it, or name another file
          """)
  void wrongPersistenceFileIsOneLineAndExitCodeOne(String file, String message) throws Exception {
    Path folder = this.folder.toRealPath();
    Files.writeString(folder.resolve("file"), "");
    Files.createDirectory(folder.resolve("locked.lock"));
    Files.write(folder.resolve("newer"), headerOfVersion(3));
    try (ServerProcess server =
        new ServerProcess(
            "--web.listen-address=127.0.0.1:0", "--persistence.file=" + folder.resolve(file))) {
      assertEquals(1, server.awaitExit());
      assertEquals(
          List.of("pushgateway: error: " + message.replace("FOLDER", folder.toString())),
          server.log());
    }
  }

  /** See {@code LogFormat}: magic, version, salt, checksum. */
  private static byte[] headerOfVersion(int version) {
    ByteBuffer header = ByteBuffer.allocate(24);
    header.put(ascii("PGWLOG\r\n")).putInt(version).putLong(1);
    CRC32C crc = new CRC32C();
    crc.update(header.array(), 0, header.position());
    return header.putInt((int) crc.getValue()).array();
  }

  /** Also to who may not know where the file is. */
  @Test
  void refusedPushSaysWhatHasBecomeOfTheFile() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    try (ServerProcess server =
        ServerProcess.listening("--persistence.file=" + disk.resolve("metrics"))) {
      server.awaitReady();
      Files.move(disk, folder.resolve("moved"));
      server.awaitLine(
          line -> line.contains("pushes and deletes are refused until writing works again"));
      HttpResponse<String> push = server.send("PUT", "/metrics/job/a", "a 1\n");
      assertEquals(503, push.statusCode());
      assertEquals(
          "the push could not be stored on disk: another program removed the file\n", push.body());
      Files.move(folder.resolve("moved"), disk);
      server.awaitLine(line -> line.contains("persistence works again"));
      assertEquals(200, server.send("PUT", "/metrics/job/a", "a 1\n").statusCode());
    }
  }

  @Test
  void persistenceFileInUseIsOneLineAndExitCodeOne() throws Exception {
    Path file = folder.toRealPath().resolve("metrics");
    try (ServerProcess first = ServerProcess.listening("--persistence.file=" + file);
        ServerProcess second =
            new ServerProcess("--web.listen-address=127.0.0.1:0", "--persistence.file=" + file)) {
      assertEquals(1, second.awaitExit());
      String message =
          "persistence file " + file + " is in use by another gateway in another process";
      assertEquals(List.of("pushgateway: error: " + message), second.log());
      assertEquals(200, first.send("GET", "/-/healthy", "").statusCode());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--help-long", "--version"})
  void helpIsNoFailure(String flag) throws Exception {
    try (ServerProcess server = new ServerProcess(flag)) {
      assertEquals(0, server.awaitExit());
      assertEquals(List.of(), server.log());
    }
  }

  /** As systemd does with {@code StandardInput=socket}. */
  @Test
  void listensOnTheSocketThatIsItsStandardInput() throws Exception {
    String socketAsInput =
        """
        import os, socket, sys
        listening = socket.create_server(("127.0.0.1", 0))
        os.dup2(listening.fileno(), 0)
        os.execv(sys.argv[1], sys.argv[1:])
        """;
    Assumptions.assumeTrue(isThere("python3"), "there is no python3 to make the socket");
    try (ServerProcess server =
        new ServerProcess(List.of("python3", "-c", socketAsInput), "--web.systemd-socket")) {
      String address = server.awaitAddress();
      assertEquals("OK", server.send("GET", "http://" + address + "/-/healthy", "").body());
    }
  }

  private static boolean isThere(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void withoutASocketAsInputItSaysSo() throws Exception {
    try (ServerProcess server = new ServerProcess("--web.systemd-socket")) {
      assertEquals(1, server.awaitExit());
      assertEquals(
          List.of(
              "pushgateway: error: no listening socket was passed as standard input; "
                  + "set StandardInput=socket in the unit"),
          server.log());
    }
  }

  @Test
  void manifestSaysVersionAndRevision() throws Exception {
    try (JarFile jar = new JarFile(System.getProperty("pushgateway.jar"))) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertFalse(manifest.getValue("Implementation-Version").isEmpty());
      assertTrue(manifest.getValue("Implementation-Revision").matches("[0-9a-f]{40}|unknown"));
    }
  }

  @Test
  void occupiedPortIsOneLineAndExitCodeOne() throws Exception {
    try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String address = "127.0.0.1:" + occupied.getLocalPort();
      try (ServerProcess server =
          new ServerProcess(
              "--web.listen-address=127.0.0.1:0", "--web.listen-address=" + address)) {
        assertEquals(1, server.awaitExit());
        assertEquals(
            List.of("pushgateway: error: cannot listen on " + address + ": Address already in use"),
            server.log());
      }
    }
  }

  /** Either took a tenth of a start and more, and Jetty asks for both. */
  @Test
  void startLoadsNeitherJmxNorLocales() throws Exception {
    Path classes = folder.resolve("classes");
    try (ServerProcess server =
        ServerProcess.listening(List.of("-Xlog:class+load:file=" + classes))) {
      assertEquals("OK", server.send("GET", "/-/ready", "").body());
      List<String> loaded = Files.readAllLines(classes);
      assertTrue(
          loaded.stream().anyMatch(line -> line.contains("org.eclipse.jetty.server.Server ")));
      assertEquals(
          List.of(),
          loaded.stream()
              .filter(
                  line ->
                      line.contains("MBeanServer ") || line.contains("CLDRLocaleProviderAdapter"))
              .toList());
    }
  }

  @Test
  void answersOnEachAddress() throws Exception {
    try (ServerProcess server = ServerProcess.listening("--web.listen-address=127.0.0.1:0")) {
      String other = server.awaitAddress();
      assertFalse(other.equals(server.address()));
      assertEquals("OK", server.send("GET", "http://" + other + "/-/healthy", "").body());
      assertEquals("OK", server.send("GET", "/-/healthy", "").body());
    }
  }

  @Test
  void signalLetsARunningPushFinish() throws Exception {
    try (ServerProcess server = ServerProcess.listening();
        Socket socket = new Socket("127.0.0.1", server.uri("/").getPort())) {
      OutputStream out = socket.getOutputStream();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      out.write(ascii("PUT /metrics/job/late HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"));
      out.write(ascii("Expect: 100-continue\r\n\r\n"));
      assertEquals("HTTP/1.1 100 Continue", in.readLine());
      server.terminate();
      server.awaitLine(line -> line.contains("exiting gracefully"));
      assertEquals("", in.readLine());
      out.write(ascii("a "));
      assertTrue(server.runsOnFor(Duration.ofMillis(1_500)), "a client that pauses was cut off");
      out.write(ascii("1\n"));
      assertEquals("HTTP/1.1 200 OK", in.readLine());
      assertEquals(0, server.awaitExit());
    }
  }

  /** From its first line on, when it has neither loaded its file nor answered anybody. */
  @ParameterizedTest
  @ValueSource(ints = {0, 20, 50, 100, 200, 400})
  void signalAtTheStartEndsItInOrder(int delayMillis) throws Exception {
    Path file = folder.resolve("metrics");
    try (ServerProcess server =
        new ServerProcess("--web.listen-address=127.0.0.1:0", "--persistence.file=" + file)) {
      server.awaitLine(line -> line.contains("starting pushgateway"));
      server.runsOnFor(Duration.ofMillis(delayMillis));
      server.terminate();
      assertEquals(0, server.awaitExit());
      assertContains(server.log().toString(), "msg=\"received a signal to end");
      assertFalse(server.log().toString().contains("level=error"), server.log().toString());
    }
    assertFalse(Files.exists(folder.resolve("metrics.rewrite")), "a start that was cut off");
  }

  /** What was acknowledged is in memory only, and cannot be written. */
  @Test
  void endThatCannotWriteExitsWithOne() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    try (ServerProcess server =
        ServerProcess.listening("--persistence.file=" + data.resolve("metrics"))) {
      server.awaitReady();
      assertEquals(200, server.send("PUT", "/metrics/job/a", "b 1\n").statusCode());
      Files.delete(data.resolve("metrics"));
      Files.delete(data.resolve("metrics.lock"));
      Files.delete(data);
      server.terminate();
      assertEquals(1, server.awaitExit());
      assertContains(
          server.log().toString(),
          "level=error caller=Main msg=\"pushes may be lost: cannot rewrite persistence file ");
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void quitsWithExitCodeZeroIfEnabled() throws Exception {
    try (ServerProcess server = ServerProcess.listening("--web.enable-lifecycle")) {
      assertEquals(200, server.send("PUT", "/-/quit", "").statusCode());
      assertEquals(0, server.awaitExit());
      assertContains(server.log().toString(), "msg=\"HTTP server stopped\"");
    }
  }

  @Test
  void doesNotQuitIfNotEnabled() throws Exception {
    try (ServerProcess server = ServerProcess.listening()) {
      assertEquals(403, server.send("PUT", "/-/quit", "").statusCode());
      assertEquals(200, server.send("GET", "/-/healthy", "").statusCode());
    }
  }

  @Test
  void logsAsJsonIfAsked() throws Exception {
    try (ServerProcess server = ServerProcess.listening("--log.format=json")) {
      server.send("PUT", "/metrics/job/forger", "a \"\n");
      String line = server.awaitLine(refused -> refused.contains("\"level\":\"warn\""));
      assertTrue(line.startsWith("{\"ts\":\"") && line.endsWith("\"}"), line);
    }
  }

  @Test
  void takesPathsOf60Kilobytes() throws Exception {
    try (ServerProcess server = ServerProcess.listening()) {
      HttpResponse<String> push = server.send("PUT", "/metrics/job/" + "x".repeat(60_000), "a 1\n");
      assertEquals(200, push.statusCode(), push.body());
    }
  }
}
