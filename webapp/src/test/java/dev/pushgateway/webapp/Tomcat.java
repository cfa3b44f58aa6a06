package dev.pushgateway.webapp;

import dev.pushgateway.contract.GatewayHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A Tomcat out of its archive, with a base folder of its own and two connectors, the second of
 * which lets odd paths in. Set up first, then started.
 */
final class Tomcat implements GatewayHost {
  private static final Pattern PORT = Pattern.compile("Starting ProtocolHandler .*-([0-9]+)\"]");

  /** What bin/catalina.sh passes, so that Tomcat can look for leaks. */
  private static final List<String> CATALINA_OPTIONS =
      List.of(
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
          "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED");

  private final Path home;
  private final Path base;
  private final List<String> options = new ArrayList<>(CATALINA_OPTIONS);
  private final Map<String, String> environment = new TreeMap<>();
  private final Map<String, String> services = new LinkedHashMap<>();
  private String realm = "";
  private ContainerProcess process;
  private List<Integer> ports = List.of();

  /**
   * A Tomcat that has no application yet.
   *
   * @param version the beginning of it
   */
  Tomcat(String version, Path base) throws IOException {
    this.home = Containers.unpacked("apache-tomcat-" + version);
    this.base = base;
    for (String folder : List.of("conf/Catalina/localhost", "webapps", "logs", "temp", "work")) {
      Files.createDirectories(base.resolve(folder));
    }
    Files.copy(home.resolve("conf/web.xml"), base.resolve("conf/web.xml"));
  }

  /** Drops the WAR into {@code webapps} under a name, {@code ROOT} or {@code pushgateway}. */
  Tomcat drop(String name) throws IOException {
    Files.copy(Containers.war(), base.resolve("webapps/" + name + ".war"));
    return this;
  }

  /** Writes {@code conf/Catalina/localhost/NAME.xml}. */
  Tomcat describe(String name, String context) throws IOException {
    Files.writeString(base.resolve("conf/Catalina/localhost/" + name + ".xml"), context);
    return this;
  }

  /** Deploys the manager, too, for a user called test with the same password. */
  Tomcat withManager() throws IOException {
    Files.writeString(
        base.resolve("conf/tomcat-users.xml"),
        "<tomcat-users><user username='test' password='test' roles='manager-script'/>"
            + "</tomcat-users>");
    realm = "<Realm className=\"org.apache.catalina.realm.MemoryRealm\"/>";
    return describe(
        "manager",
        "<Context privileged=\"true\" docBase=\"" + home.resolve("webapps/manager") + "\"/>");
  }

  /** A service with a connector of its own that has the WAR at its root, and nothing else. */
  Tomcat withService(String name, String settings) {
    services.put(
        name,
        """
        <Service name="%1$s">
          <Connector address="127.0.0.1" port="0"/>
          <Engine name="%1$s" defaultHost="localhost">
            <Host name="localhost" appBase="none">
              <Context path="" docBase="%2$s">%3$s</Context>
            </Host>
          </Engine>
        </Service>
        """
            .formatted(name, Containers.war(), settings));
    return this;
  }

  int servicePort(String name) {
    return ports.get(2 + List.copyOf(services.keySet()).indexOf(name));
  }

  Tomcat withOption(String option) {
    options.add(option);
    return this;
  }

  Tomcat withEnvironment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Path base() {
    return base;
  }

  Path home() {
    return home;
  }

  Tomcat start() throws Exception {
    Files.writeString(base.resolve("conf/server.xml"), serverXml());
    List<String> arguments = new ArrayList<>(options);
    arguments.add("-Dcatalina.home=" + home);
    arguments.add("-Dcatalina.base=" + base);
    arguments.add("-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager");
    arguments.add("-cp");
    arguments.add(home.resolve("bin/bootstrap.jar") + ":" + home.resolve("bin/tomcat-juli.jar"));
    arguments.add("org.apache.catalina.startup.Bootstrap");
    arguments.add("start");
    process = new ContainerProcess(arguments, base, environment);
    ports = process.await(PORT, 2 + services.size()).stream().map(Integer::valueOf).toList();
    return this;
  }

  /** Without the port for shutdown, and without redeployments that nobody has asked for. */
  private String serverXml() throws IOException {
    return """
        <Server port="-1">
          <Listener className="org.apache.catalina.core.JreMemoryLeakPreventionListener"/>
          <Listener className="org.apache.catalina.core.ThreadLocalLeakPreventionListener"/>
          <Service name="Catalina">
            <Connector address="127.0.0.1" port="0"/>
            %s
            <Engine name="Catalina" defaultHost="localhost">
              %s
              <Host name="localhost" appBase="webapps" autoDeploy="false"/>
            </Engine>
          </Service>
          %s
        </Server>
        """
        .formatted(openConnector(), realm, String.join("", services.values()));
  }

  private static String openConnector() throws IOException {
    String example = ContainersPage.blockAfter("attributes of the connector in `conf/server.xml`");
    return example.replace("port=\"8080\"", "port=\"0\" address=\"127.0.0.1\"");
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
