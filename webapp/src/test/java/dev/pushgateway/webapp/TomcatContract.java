package dev.pushgateway.webapp;

import dev.pushgateway.contract.GatewayContract;
import dev.pushgateway.contract.GatewayHost;
import dev.pushgateway.contract.OddPath;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The WAR in a real Tomcat. */
abstract class TomcatContract extends GatewayContract {
  private final String version;

  TomcatContract(String version) {
    this.version = version;
  }

  @Override
  protected GatewayHost start(Path folder, List<String> contextPaths) throws Exception {
    Tomcat tomcat = new Tomcat(version, folder);
    for (String contextPath : contextPaths) {
      String name = contextPath.isEmpty() ? "ROOT" : contextPath.substring(1);
      tomcat.drop(name);
      tomcat.describe(
          name,
          """
          <Context>
            <Parameter name="persistence.file" value="%s"/>
          </Context>
          """
              .formatted(folder.resolve(name + ".metrics")));
    }
    return tomcat.start();
  }

  @Override
  protected Set<OddPath> refused() {
    return EnumSet.of(
        OddPath.ENCODED_SLASH,
        OddPath.ENCODED_BACKSLASH,
        OddPath.RAW_UTF8,
        OddPath.RAW_QUOTE,
        OddPath.RAW_BRACES,
        OddPath.RAW_BRACKETS,
        OddPath.RAW_PIPE,
        OddPath.RAW_BACKSLASH,
        OddPath.LONG);
  }

  @Override
  protected Set<OddPath> refusedWhenOpen() {
    return EnumSet.of(OddPath.RAW_UTF8);
  }
}
