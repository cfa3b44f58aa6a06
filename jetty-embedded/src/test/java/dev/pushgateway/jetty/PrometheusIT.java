package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the shipped jar. Needs {@code prometheus} and {@code promtool}. */
final class PrometheusIT {
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  private static final String EVERYTHING =
      """
      # HELP backup_rows_total Rows "saved", with a \\\\ and a line\\nfeed.
      # TYPE backup_rows_total counter
      backup_rows_total{table="a \\"b\\" \\\\ \\n"} 12345678
      backup_rows_total{table="zwölf"} 1e+300
      # HELP backup_level How full it is.
      # TYPE backup_level gauge
      backup_level NaN
      backup_level{disk="1"} -Inf
      # HELP backup_step_seconds Steps.
      # TYPE backup_step_seconds histogram
      backup_step_seconds_bucket{le="0.1"} 1
      backup_step_seconds_bucket{le="+Inf"} 2
      backup_step_seconds_sum 3.5
      backup_step_seconds_count 2
      # HELP backup_wait_seconds Waits.
      # TYPE backup_wait_seconds summary
      backup_wait_seconds{quantile="0.5"} 0.25
      backup_wait_seconds_sum 1
      backup_wait_seconds_count 4
      # HELP backup_finished When it ended.
      backup_finished 1.7e9
      """;

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void prometheusStoresWhatWasPushed() throws Exception {
    requireProgram("prometheus");
    try (ServerProcess gateway = ServerProcess.listening()) {
      pushEverything(gateway);
      int port = freePort();
      Process prometheus = startPrometheus(gateway.address(), port);
      try {
        URI api = URI.create("http://127.0.0.1:" + port + "/");
        awaitAnswer(
            api, "backup_rows_total{job=\"nightly\",instance=\"db\",table=\"zwölf\"}", "1e+300");
        awaitAnswer(api, "backup_step_seconds_count{job=\"nightly\",instance=\"db\"}", "\"2\"");
        awaitAnswer(api, "count(push_time_seconds{job=\"nightly\"})", "\"2\"");
        // With honor_labels, the gateway's own metrics get the labels of the scrape.
        awaitAnswer(api, "up{job=\"pushgateway\"}", "\"1\"");
        awaitAnswer(api, "count(jvm_threads_current{job=\"pushgateway\"})", "\"1\"");
      } finally {
        prometheus.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void promtoolAcceptsAScrapeOfEverything() throws Exception {
    requireProgram("promtool");
    try (ServerProcess gateway = ServerProcess.listening()) {
      pushEverything(gateway);
      Process promtool =
          new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
      try (OutputStream in = promtool.getOutputStream()) {
        in.write(gateway.scrape().getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exitCode = promtool.waitFor();
      // 3: it was parsed, and promtool has advice on names, help texts and types.
      assertTrue(exitCode == 0 || exitCode == 3, () -> exitCode + ": " + output);
      assertEquals(List.of(), output.lines().filter(PrometheusIT::isError).toList());
    }
  }

  private static boolean isError(String line) {
    return line.contains("error while linting") || line.contains("parsing error");
  }

  private static void pushEverything(ServerProcess gateway) throws Exception {
    for (String path :
        List.of("/metrics/job/nightly/instance/db", "/metrics/job/nightly", "/metrics/job/other")) {
      assertEquals(200, gateway.send("PUT", path, EVERYTHING).statusCode());
    }
    assertEquals(200, gateway.send("PUT", "/metrics/job/empty", "").statusCode());
    String own = "# TYPE jvm_threads_current counter\njvm_threads_current 4\nprocess_x 1\n";
    assertEquals(200, gateway.send("PUT", "/metrics/job/own", own).statusCode());
    assertEquals(202, gateway.send("DELETE", "/metrics/job/own", "").statusCode());
    assertEquals(400, gateway.send("PUT", "/metrics/job/bad", "a{ 1\n").statusCode());
  }

  private static void requireProgram(String name) {
    for (String entry : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(entry, name))) {
        return;
      }
    }
    String message = name + " is not on the PATH; on Debian: apt-get install prometheus";
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message);
    }
    abort(message);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private Process startPrometheus(String target, int port) throws IOException {
    Path configuration = folder.resolve("prometheus.yml");
    Files.writeString(
        configuration,
        """
        global:
          scrape_interval: 1s
          scrape_timeout: 1s
        scrape_configs:
          - job_name: pushgateway
            honor_labels: true
            static_configs:
              - targets: ['%s']
        """
            .formatted(target));
    return new ProcessBuilder(
            "prometheus",
            "--config.file=" + configuration,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("prometheus.log").toFile())
        .start();
  }

  private void awaitAnswer(URI api, String query, String wanted) throws Exception {
    String path = "api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String answer = "";
    while (!answer.contains(wanted)) {
      if (System.nanoTime() > deadline) {
        String log = Files.readString(folder.resolve("prometheus.log"));
        throw new AssertionError(query + " is not " + wanted + ": " + answer + "\n" + log);
      }
      answer = ask(api.resolve(path));
      TimeUnit.MILLISECONDS.sleep(50); // Prometheus does not tell when it has scraped.
    }
  }

  private String ask(URI uri) throws InterruptedException {
    try {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "no answer yet: " + e;
    }
  }
}
