package dev.pushgateway.webapp;

import dev.pushgateway.contract.GatewayHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A Jetty out of {@code jetty-home}, with a base folder of its own and two connectors, the second
 * of which lets odd paths in. Set up first, then started.
 */
final class Jetty implements GatewayHost {
  private static final Pattern PORT =
      Pattern.compile("Started .*\\{HTTP/1\\.1, .*\\{127\\.0\\.0\\.1:([0-9]+)}");

  /** What lets odd paths in, as on the page on containers. */
  static final String URI_COMPLIANCE =
      "DEFAULT,AMBIGUOUS_PATH_SEGMENT,AMBIGUOUS_EMPTY_SEGMENT,AMBIGUOUS_PATH_SEPARATOR,"
          + "AMBIGUOUS_PATH_PARAMETER,AMBIGUOUS_PATH_ENCODING,SUSPICIOUS_PATH_CHARACTERS,"
          + "ILLEGAL_PATH_CHARACTERS";

  private static final String HEAD =
      """
      <?xml version="1.0"?>
      <!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN"
          "https://www.eclipse.org/jetty/configure_10_0.dtd">
      """;

  /** A further one: its name, and how it reads HTTP. */
  private static final String CONNECTOR =
      """
      <Call name="addConnector"><Arg>
        <New class="org.eclipse.jetty.server.ServerConnector">
          <Arg><Ref refid="Server"/></Arg>
          <Arg><Array type="org.eclipse.jetty.server.ConnectionFactory"><Item>
            <New class="org.eclipse.jetty.server.HttpConnectionFactory"><Arg>
              <New class="org.eclipse.jetty.server.HttpConfiguration">%2$s</New>
            </Arg></New>
          </Item></Array></Arg>
          <Set name="name">%1$s</Set>
          <Set name="host">127.0.0.1</Set>
          <Set name="port">%3$d</Set>
        </New>
      </Arg></Call>
      """;

  private static final String OPEN =
      """
      <Set name="requestHeaderSize">65536</Set>
      <Set name="uriCompliance">
        <Call class="org.eclipse.jetty.http.UriCompliance" name="from"><Arg>%s</Arg></Call>
      </Set>
      """
          .formatted(URI_COMPLIANCE);

  private final Path home;
  private final Path base;
  private final List<String> modules = new ArrayList<>(List.of("http", "ee10-deploy"));
  private final List<String> options = new ArrayList<>();
  private final List<String> properties = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> connectors = new ArrayList<>();
  private ContainerProcess process;
  private List<Integer> ports = List.of();

  /**
   * A Jetty that has no application yet.
   *
   * @param version the beginning of it
   */
  Jetty(String version, Path base) throws IOException {
    this.home = Containers.unpacked("jetty-home-" + version);
    this.base = base;
    Files.createDirectories(base.resolve("webapps"));
    Files.createDirectories(base.resolve("etc"));
  }

  /** Drops the WAR into {@code webapps} under a name, {@code root} or {@code pushgateway}. */
  Jetty drop(String name) throws IOException {
    Files.copy(Containers.war(), base.resolve("webapps/" + name + ".war"));
    return this;
  }

  /**
   * Writes {@code webapps/NAME.xml}.
   *
   * @param settings elements within {@code Configure}
   */
  Jetty describe(String name, String settings) throws IOException {
    String head =
        HEAD + "<Configure id=\"webapp\" class=\"org.eclipse.jetty.ee10.webapp.WebAppContext\">\n";
    Files.writeString(base.resolve("webapps/" + name + ".xml"), head + settings + "</Configure>\n");
    return this;
  }

  /** Deploys the WAR at the root of a connector of its own. */
  Jetty withConnector(String name, String settings) throws IOException {
    connectors.add(name);
    String where =
        """
        <Set name="contextPath">/</Set>
        <Set name="war">%s</Set>
        <Set name="virtualHosts"><Array type="String"><Item>@%s</Item></Array></Set>
        """;
    return describe(name, where.formatted(Containers.war(), name) + settings);
  }

  int connectorPort(String name) {
    return ports.get(2 + connectors.indexOf(name));
  }

  /** A server's further connectors: one that lets odd paths in, and some as they come. */
  static String connectorsXml(int openPort, List<String> names) {
    StringBuilder xml = new StringBuilder(HEAD);
    xml.append("<Configure id=\"Server\" class=\"org.eclipse.jetty.server.Server\">\n");
    xml.append(CONNECTOR.formatted("open", OPEN, openPort));
    names.forEach(name -> xml.append(CONNECTOR.formatted(name, "", 0)));
    return xml.append("</Configure>\n").toString();
  }

  Jetty withModule(String module) {
    modules.add(module);
    return this;
  }

  /** An option of the JVM. */
  Jetty withOption(String option) {
    options.add(option);
    return this;
  }

  /** A property of Jetty's, such as {@code jetty.deploy.scanInterval=1}. */
  Jetty withProperty(String property) {
    properties.add(property);
    return this;
  }

  Jetty withEnvironment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Path base() {
    return base;
  }

  Jetty start() throws Exception {
    // Modules come last: what follows the line of an environment's module belongs to that.
    List<String> ini = new ArrayList<>(List.of("jetty.http.host=127.0.0.1", "jetty.http.port=0"));
    ini.addAll(properties);
    ini.add("etc/connectors.xml");
    modules.forEach(module -> ini.add("--module=" + module));
    Files.write(base.resolve("start.ini"), ini);
    Files.writeString(base.resolve("etc/connectors.xml"), connectorsXml(0, connectors));
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("-jar", home.resolve("start.jar").toString(), "jetty.base=" + base));
    process = new ContainerProcess(arguments, base, environment);
    ports = process.await(PORT, 2 + connectors.size()).stream().map(Integer::valueOf).toList();
    return this;
  }

  ContainerProcess process() {
    return process;
  }

  @Override
  public int port(String contextPath) {
    return ports.get(0);
  }

  @Override
  public int openPort(String contextPath) {
    return ports.get(1);
  }

  @Override
  public void restart() throws Exception {
    close();
    start();
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}
