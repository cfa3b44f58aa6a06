package dev.pushgateway.webapp;

import dev.pushgateway.contract.GatewayHost;
import java.nio.file.Files;
import java.nio.file.Path;

final class TomcatRolesIT extends ContainerRolesContract {
  @Override
  GatewayHost start(Path folder) throws Exception {
    Tomcat tomcat = new Tomcat("10.1", folder).drop("pushgateway");
    // The realm of a Tomcat as it comes, which the one of the tests has not.
    String realm = "<Realm className=\"org.apache.catalina.realm.MemoryRealm\"/>";
    String context = ContainersPage.blockAfter("In Tomcat, a valve asks for passwords");
    String adminApi = "<Parameter name=\"web.enable-admin-api\" value=\"true\"/>";
    tomcat.describe("pushgateway", context.replace("</Context>", realm + adminApi + "</Context>"));
    Files.writeString(
        tomcat.base().resolve("conf/tomcat-users.xml"),
        ContainersPage.blockAfter("and users are in `conf/tomcat-users.xml`"));
    return tomcat.start();
  }
}
