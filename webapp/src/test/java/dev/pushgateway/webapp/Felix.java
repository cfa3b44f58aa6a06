package dev.pushgateway.webapp;

import dev.pushgateway.contract.GatewayHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;

/**
 * Apache Felix within this process, with Pax Web and the WAR as a web bundle. Two connectors, the
 * second of which lets odd paths in. Settings are system properties: a bundle has no others.
 */
final class Felix implements GatewayHost {
  private static final long STOP_SECONDS = 60;

  private final Path folder;
  private Framework framework;
  private Bundle gateway;
  private int port;
  private int openPort;

  Felix(Path folder) {
    this.folder = folder;
  }

  Felix start() throws Exception {
    port = freePort();
    openPort = freePort();
    framework = new FrameworkFactory().newFramework(properties());
    framework.start();
    List<Bundle> bundles = new ArrayList<>();
    for (Path jar : containerBundles()) {
      bundles.add(framework.getBundleContext().installBundle(jar.toUri().toString()));
    }
    for (Bundle bundle : bundles) {
      bundle.start();
    }
    gateway = framework.getBundleContext().installBundle(Containers.war().toUri().toString());
    gateway.start();
    return this;
  }

  private Map<String, String> properties() throws IOException {
    Path jettyXml = folder.resolve("jetty.xml");
    Files.writeString(jettyXml, Jetty.connectorsXml(openPort, List.of()));
    Map<String, String> properties = new TreeMap<>();
    properties.put("org.osgi.framework.storage", folder.resolve("bundles").toString());
    properties.put("org.osgi.framework.storage.clean", "onFirstInit");
    properties.put("org.osgi.service.http.port", String.valueOf(port));
    properties.put("org.ops4j.pax.web.listening.addresses", "127.0.0.1");
    // Beside the connector that Pax Web makes by itself.
    properties.put("org.ops4j.pax.web.config.file", jettyXml.toString());
    properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "WARN");
    return properties;
  }

  private static List<Path> containerBundles() throws IOException {
    try (Stream<Path> jars = Files.list(Containers.unpacked("bundles"))) {
      return jars.sorted().toList();
    }
  }

  /** May be taken by another before it is used, which has not been seen yet. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The WAR. */
  Bundle gateway() {
    return gateway;
  }

  /** Removes the WAR, and forgets it. */
  void uninstall() throws BundleException {
    gateway.uninstall();
    gateway = null;
  }

  @Override
  public int port(String contextPath) {
    return port;
  }

  @Override
  public int openPort(String contextPath) {
    return openPort;
  }

  @Override
  public void restart() throws Exception {
    gateway.stop();
    gateway.start();
  }

  @Override
  public void close() {
    if (framework == null) {
      return;
    }
    try {
      framework.stop();
      framework.waitForStop(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
    } catch (BundleException | InterruptedException e) {
      throw new AssertionError("Felix does not stop", e);
    }
  }
}
