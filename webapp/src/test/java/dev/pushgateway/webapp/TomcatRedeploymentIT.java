package dev.pushgateway.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.contract.Answer;
import dev.pushgateway.contract.RawClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redeployments in a Tomcat that goes on running, by its manager, while clients push. */
final class TomcatRedeploymentIT {
  private static final int REDEPLOYMENTS = 20;

  /** After so many, whatever is loaded once for all has been loaded. */
  private static final int WARM_UP = 5;

  /** A redeployment that leaks its class loader costs five times as much, each time. */
  private static final long METASPACE_SLACK_BYTES = 2L << 20;

  private static final Pattern METASPACE =
      Pattern.compile("(?m)^jvm_memory_pool_used_bytes\\{pool=\"Metaspace\"} (\\S+)$");

  /** What Tomcat says of what an application leaves behind. */
  private static final Pattern LEFT_BEHIND =
      Pattern.compile("memory leak|failed to stop it|ThreadLocal|failed to unregister");

  /** What a scrape tells of the JVM is at most a second old: from then on, it is younger. */
  private static final long MAX_AGE_MILLIS = 1_100;

  /** Requests that Tomcat is about to refuse, as the application is stopped, count for it, too. */
  private static final String STILL_PROCESSING = "is still processing a request";

  /** A thread of Tomcat's connector that has just finished one; the gateway names none so. */
  private static final String OF_CONNECTOR = "a thread named [http-nio-";

  @TempDir private Path folder;
  private Tomcat tomcat;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    Path file = folder.resolve("metrics");
    tomcat =
        new Tomcat("11", folder)
            .withManager()
            .withOption("-Dpersistence.file=" + file)
            .withOption("-Dpersistence.interval=0s") // Pushes at once wait for each other's syncs.
            .start();
    client = new RawClient(tomcat.port(""));
  }

  @AfterEach
  void stop() {
    tomcat.close();
    tomcat.process().log().forEach(System.out::println);
  }

  private String manager(String command) throws Exception {
    String credentials =
        Base64.getEncoder().encodeToString("test:test".getBytes(StandardCharsets.UTF_8));
    Map<String, String> headers = Map.of("Authorization", "Basic " + credentials);
    Answer answer = client.send("GET", "/manager/text/" + command, headers, new byte[0]);
    assertTrue(answer.text().startsWith("OK"), answer::toString);
    return answer.text();
  }

  private void deploy(String parameters) throws Exception {
    manager("deploy?path=/pushgateway&war=file:" + Containers.war() + parameters);
  }

  private void awaitReady() throws Exception {
    client.await("GET", "/pushgateway/-/ready", answer -> answer.status() == 200);
  }

  @Test
  void redeploymentsLoseNothingAndLeaveNothing() throws Exception {
    deploy("");
    awaitReady();
    long metaspace = 0;
    try (BusyClients clients = new BusyClients(tomcat.port(""), "/pushgateway")) {
      for (int i = 1; i <= REDEPLOYMENTS; i++) {
        clients.awaitProgress();
        deploy("&update=true");
        clients.awaitProgress();
        if (i == WARM_UP) {
          metaspace = metaspaceBytes();
        }
      }
      clients.finish();
      assertEquals(List.of(), clients.problems());
    }
    long growth = metaspaceBytes() - metaspace;
    System.out.println("metaspace: " + metaspace + " bytes, then " + growth + " more");
    assertTrue(growth < METASPACE_SLACK_BYTES, growth + " bytes of metaspace were not freed");
    assertEquals(List.of(), leftBehind());
  }

  private List<String> leftBehind() {
    return tomcat.process().log().stream()
        .filter(LEFT_BEHIND.asPredicate())
        .filter(line -> !line.contains(STILL_PROCESSING))
        .filter(line -> !line.contains(OF_CONNECTOR))
        .toList();
  }

  /** After a full collection, at which Tomcat looks for class loaders that are still there. */
  private long metaspaceBytes() throws Exception {
    String leaks = manager("findleaks?statusLine=true");
    assertFalse(leaks.contains("/pushgateway"), leaks);
    Thread.sleep(MAX_AGE_MILLIS);
    Matcher metaspace = METASPACE.matcher(client.send("GET", "/pushgateway/metrics").text());
    assertTrue(metaspace.find(), "the gateway does not tell its metaspace");
    return (long) Double.parseDouble(metaspace.group(1));
  }

  /** Tomcat's parallel deployment: the next version starts while the last one still runs. */
  @Test
  void nextVersionWaitsForThePersistenceFile() throws Exception {
    deploy("&version=1");
    awaitReady();
    try (BusyClients clients = new BusyClients(tomcat.port(""), "/pushgateway")) {
      clients.awaitProgress();
      deploy("&version=2");
      assertWaits();
      manager("undeploy?path=/pushgateway&version=1");
      awaitReady();
      clients.awaitProgress();
      clients.finish();
      assertEquals(List.of(), clients.problems());
      assertTrue(clients.refusedScrapes() > 0, "nobody had to wait");
    }
  }

  private void assertWaits() throws Exception {
    String reason =
        "the persistence file is in use by another gateway in this process; waiting for it";
    Answer ready =
        client.await("GET", "/pushgateway/-/ready", answer -> answer.text().contains("in use"));
    assertEquals(503, ready.status());
    assertEquals("the gateway is not ready: " + reason + "\n", ready.text());
    assertEquals(200, client.send("GET", "/pushgateway/-/healthy").status());
    for (String path : List.of("/metrics", "/api/v1/metrics")) {
      Answer answer = client.send("GET", "/pushgateway" + path);
      assertEquals(503, answer.status(), answer::toString);
      assertEquals("5", answer.header("Retry-After"), answer::toString);
      assertTrue(answer.text().contains(reason), answer::toString);
    }
    Answer push = client.send("PUT", "/pushgateway/metrics/job/a", "a 1\n");
    assertEquals("503 5", push.status() + " " + push.header("Retry-After"));
    tomcat.process().awaitLine(line -> line.contains(reason));
    assertTrue(Files.exists(folder.resolve("metrics")));
  }
}
