package dev.pushgateway.webapp;

import dev.pushgateway.contract.GatewayHost;
import java.nio.file.Files;
import java.nio.file.Path;

final class JettyRolesIT extends ContainerRolesContract {
  @Override
  GatewayHost start(Path folder) throws Exception {
    Jetty jetty = new Jetty("12.1", folder).drop("pushgateway");
    String adminApi =
        "<Call name=\"setInitParameter\"><Arg>web.enable-admin-api</Arg><Arg>true</Arg></Call>";
    String security =
        ContainersPage.blockAfter("In Jetty, these lines of `webapps/pushgateway.xml`");
    jetty.describe(
        "pushgateway",
        "<Set name=\"contextPath\">/pushgateway</Set><Set name=\"war\">"
            + Containers.war()
            + "</Set>"
            + adminApi
            + security);
    Files.writeString(
        jetty.base().resolve("etc/users.properties"),
        ContainersPage.blockAfter("and users are in `etc/users.properties`"));
    return jetty.start();
  }
}
