package dev.pushgateway.webapp;

import dev.pushgateway.contract.GatewayHost;
import java.nio.file.Path;
import java.util.List;

final class TomcatConfigurationIT extends ConfigurationContract {
  private Tomcat tomcat;

  @Override
  GatewayHost start(Path folder) throws Exception {
    String example =
        ContainersPage.blockAfter("`conf/Catalina/localhost/pushgateway.xml`")
            .replace(PAGE_FILE, folder.resolve("metrics").toString());
    String parameter = "<Parameter name=\"" + INTERVAL + "\" value=\"%s\"/>";
    String entry =
        "<Environment name=\"" + INTERVAL + "\" type=\"java.lang.String\" value=\"1m\"/>";
    tomcat = new Tomcat("10.1", folder);
    tomcat.drop("pushgateway").describe("pushgateway", example);
    deploy("entry", entry + parameter.formatted("2m"));
    deploy("parameter", parameter.formatted("2m"));
    deploy("property", "");
    deploy("wrong", parameter.formatted("soon"));
    deploy("lost", "<Parameter name=\"persistence.file\" value=\"" + LOST_FILE + "\"/>");
    return tomcat
        .withOption(PROPERTY)
        .withEnvironment(VARIABLE, "4m")
        .withEnvironment(OTHER_VARIABLE, "true")
        .start();
  }

  private void deploy(String name, String settings) throws Exception {
    tomcat.describe(
        name, "<Context docBase=\"" + Containers.war() + "\">" + settings + "</Context>");
  }

  @Override
  List<String> log() {
    return tomcat.process().log();
  }
}
