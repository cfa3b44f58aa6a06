package dev.pushgateway.webapp;

import dev.pushgateway.contract.GatewayContract;
import dev.pushgateway.contract.GatewayHost;
import dev.pushgateway.contract.OddPath;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The WAR in a real Jetty. */
abstract class JettyContract extends GatewayContract {
  /** By any Jetty as it comes. */
  static final Set<OddPath> REFUSED =
      EnumSet.of(
          OddPath.DOUBLED_SLASH,
          OddPath.ENCODED_DOT,
          OddPath.ENCODED_DOT_DOT,
          OddPath.ENCODED_SLASH,
          OddPath.ENCODED_BACKSLASH,
          OddPath.ENCODED_PERCENT,
          OddPath.ENCODED_PERCENT_TWICE,
          OddPath.ENCODED_TAB,
          OddPath.ENCODED_LINE_FEED,
          OddPath.ENCODED_DELETE,
          OddPath.RAW_UTF8,
          OddPath.RAW_QUOTE,
          OddPath.RAW_BRACES,
          OddPath.RAW_BRACKETS,
          OddPath.RAW_PIPE,
          OddPath.RAW_BACKSLASH,
          OddPath.LONG);

  private final String version;

  JettyContract(String version) {
    this.version = version;
  }

  @Override
  protected GatewayHost start(Path folder, List<String> contextPaths) throws Exception {
    Jetty jetty = new Jetty(version, folder);
    for (String contextPath : contextPaths) {
      String name = contextPath.isEmpty() ? "root" : contextPath.substring(1);
      jetty.drop(name);
      jetty.describe(
          name,
          """
          <Set name="contextPath">/%s</Set>
          <Set name="war">%s</Set>
          <Call name="setInitParameter"><Arg>persistence.file</Arg><Arg>%s</Arg></Call>
          """
              .formatted(
                  contextPath.isEmpty() ? "" : name,
                  folder.resolve("webapps/" + name + ".war"),
                  folder.resolve(name + ".metrics")));
    }
    return jetty.start();
  }

  @Override
  protected Set<OddPath> refused() {
    return REFUSED;
  }
}
