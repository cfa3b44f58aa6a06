package dev.pushgateway.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.contract.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A WAR that is replaced in a Jetty that goes on running: the new one starts first. */
final class JettyRedeploymentIT {
  private static final int REDEPLOYMENTS = 2;

  private static final Pattern OLD_IS_GONE =
      Pattern.compile("(Stopped) .*WebAppContext@.*/pushgateway");

  @TempDir private Path folder;

  @Test
  void redeploymentsLoseNothing() throws Exception {
    try (Jetty jetty = new Jetty("12.1", folder)) {
      jetty.drop("pushgateway").withProperty("jetty.deploy.scanInterval=1");
      jetty.withOption("-Dpersistence.file=" + folder.resolve("metrics")).start();
      int port = jetty.port("/pushgateway");
      new RawClient(port).await("GET", "/pushgateway/-/ready", answer -> answer.status() == 200);
      try (BusyClients clients = new BusyClients(port, "/pushgateway")) {
        for (int i = 1; i <= REDEPLOYMENTS; i++) {
          clients.awaitProgress();
          replaceWar(jetty);
          jetty.process().await(OLD_IS_GONE, i);
          clients.awaitProgress();
        }
        clients.finish();
        assertEquals(List.of(), clients.problems());
        assertTrue(clients.scrapes() > REDEPLOYMENTS);
      }
    }
  }

  private static void replaceWar(Jetty jetty) throws Exception {
    Path war = jetty.base().resolve("webapps/pushgateway.war");
    Path next = jetty.base().resolve("next.war");
    Files.copy(Containers.war(), next, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(next, FileTime.from(Instant.now()));
    Files.move(next, war, StandardCopyOption.ATOMIC_MOVE);
  }
}
