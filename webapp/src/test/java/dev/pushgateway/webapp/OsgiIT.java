package dev.pushgateway.webapp;

import dev.pushgateway.contract.GatewayContract;
import dev.pushgateway.contract.GatewayHost;
import dev.pushgateway.contract.OddPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The WAR as a web bundle in Felix with Pax Web, at the context path that its manifest names. */
@ResourceLock(OsgiIT.SETTINGS)
final class OsgiIT extends GatewayContract {
  /** System properties, which all of this process share. */
  static final String SETTINGS = "settings of a bundle";

  @Override
  protected List<String> contextPaths() {
    return List.of(PUSHGATEWAY);
  }

  @Override
  protected GatewayHost start(Path folder, List<String> contextPaths) throws Exception {
    System.setProperty("persistence.file", folder.resolve("metrics").toString());
    return new Felix(folder).start();
  }

  @Override
  protected Set<OddPath> refused() {
    return JettyContract.REFUSED;
  }
}
