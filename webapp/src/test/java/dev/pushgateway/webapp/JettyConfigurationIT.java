package dev.pushgateway.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.contract.GatewayHost;
import dev.pushgateway.contract.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JettyConfigurationIT extends ConfigurationContract {
  private Jetty jetty;

  @Override
  GatewayHost start(Path folder) throws Exception {
    String entry = ContainersPage.blockAfter("With the module `ee10-plus`");
    String example =
        ContainersPage.blockAfter("in `webapps/pushgateway.xml`")
            .replace(PAGE_FILE, folder.resolve("metrics").toString())
            .replace("</Configure>", entry + "</Configure>");
    String parameter =
        "<Call name=\"setInitParameter\"><Arg>" + INTERVAL + "</Arg><Arg>%s</Arg></Call>";
    jetty = new Jetty("12.1", folder).withModule("ee10-plus");
    Files.writeString(jetty.drop("pushgateway").base().resolve("webapps/pushgateway.xml"), example);
    deploy("entry", entry.replace(">0s<", ">1m<") + parameter.formatted("2m"));
    deploy("parameter", parameter.formatted("2m"));
    deploy("property", "");
    deploy("wrong", parameter.formatted("soon"));
    deploy("lost", parameter.replace(INTERVAL, "persistence.file").formatted(LOST_FILE));
    ContainersPage.blockAfter("`start.d/server.ini`").lines().forEach(jetty::withProperty);
    return jetty
        .withOption(PROPERTY)
        .withEnvironment(VARIABLE, "4m")
        .withEnvironment(OTHER_VARIABLE, "true")
        .start();
  }

  private void deploy(String name, String settings) throws Exception {
    String where =
        "<Set name=\"contextPath\">/" + name + "</Set><Set name=\"war\">" + Containers.war();
    jetty.describe(name, where + "</Set>" + settings);
  }

  @Override
  List<String> log() {
    return jetty.process().log();
  }

  /** The page's lines for Jetty open all of its connectors, this one too. */
  @ParameterizedTest
  @ValueSource(strings = {"a%2Fb%2Fc", "%25", "%2E", "a|b", "é"})
  void linesOfTheReadmeLetOddPathsIn(String value) throws Exception {
    RawClient client = new RawClient(jetty.port(""));
    String group = "/parameter/metrics/job/odd/value/" + value;
    assertEquals(200, client.send("PUT", group, "a 1\n").status());
  }
}
