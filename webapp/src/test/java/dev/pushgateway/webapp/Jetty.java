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
      Pattern.compile("Started .*ServerConnector@.*\\{127\\.0\\.0\\.1:([0-9]+)}");

  /** What lets odd paths in, as in the README. */
  static final String URI_COMPLIANCE =
      "DEFAULT,AMBIGUOUS_PATH_SEGMENT,AMBIGUOUS_EMPTY_SEGMENT,AMBIGUOUS_PATH_SEPARATOR,"
          + "AMBIGUOUS_PATH_PARAMETER,AMBIGUOUS_PATH_ENCODING,SUSPICIOUS_PATH_CHARACTERS,"
          + "ILLEGAL_PATH_CHARACTERS";

  /** A second one, so that both are tried in one process. */
  private static final String OPEN_CONNECTOR =
      """
      <?xml version="1.0"?>
      <!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN"
          "https://www.eclipse.org/jetty/configure_10_0.dtd">
      <Configure id="Server" class="org.eclipse.jetty.server.Server">
        <Call name="addConnector"><Arg>
          <New class="org.eclipse.jetty.server.ServerConnector">
            <Arg><Ref refid="Server"/></Arg>
            <Arg><Array type="org.eclipse.jetty.server.ConnectionFactory"><Item>
              <New class="org.eclipse.jetty.server.HttpConnectionFactory"><Arg>
                <New class="org.eclipse.jetty.server.HttpConfiguration">
                  <Set name="requestHeaderSize">65536</Set>
                  <Set name="uriCompliance">
                    <Call class="org.eclipse.jetty.http.UriCompliance" name="from">
                      <Arg>%s</Arg>
                    </Call>
                  </Set>
                </New>
              </Arg></New>
            </Item></Array></Arg>
            <Set name="host">127.0.0.1</Set>
            <Set name="port">0</Set>
          </New>
        </Arg></Call>
      </Configure>
      """;

  private final Path home;
  private final Path base;
  private final List<String> modules = new ArrayList<>(List.of("http", "ee10-deploy"));
  private final List<String> options = new ArrayList<>();
  private final List<String> properties = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();
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
    Files.writeString(
        base.resolve("etc/open-connector.xml"), OPEN_CONNECTOR.formatted(URI_COMPLIANCE));
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
        """
        <?xml version="1.0"?>
        <!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN"
            "https://www.eclipse.org/jetty/configure_10_0.dtd">
        <Configure id="webapp" class="org.eclipse.jetty.ee10.webapp.WebAppContext">
        """;
    Files.writeString(base.resolve("webapps/" + name + ".xml"), head + settings + "</Configure>\n");
    return this;
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
    ini.add("etc/open-connector.xml");
    modules.forEach(module -> ini.add("--module=" + module));
    Files.write(base.resolve("start.ini"), ini);
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("-jar", home.resolve("start.jar").toString(), "jetty.base=" + base));
    process = new ContainerProcess(arguments, base, environment);
    ports = process.await(PORT, 2).stream().map(Integer::valueOf).toList();
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
