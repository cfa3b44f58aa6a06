package dev.pushgateway.webapp;

import dev.pushgateway.embedded.EmbeddedGateway;
import jakarta.servlet.Servlet;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * As on the page on embedding: a bundle that puts the gateway on the whiteboard, at /pushgateway.
 */
public final class WhiteboardActivator implements BundleActivator {
  private EmbeddedGateway gateway;

  @Override
  public void start(BundleContext context) {
    String file = System.getProperty("test.persistence.file");
    gateway =
        EmbeddedGateway.open(Map.of("web.route-prefix", "/pushgateway", "persistence.file", file));
    context.registerService(
        Servlet.class,
        gateway.servlet(),
        FrameworkUtil.asDictionary(
            Map.of("osgi.http.whiteboard.servlet.pattern", "/pushgateway/*")));
  }

  @Override
  public void stop(BundleContext context) {
    gateway.close();
  }
}
