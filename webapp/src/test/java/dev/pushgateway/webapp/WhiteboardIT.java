package dev.pushgateway.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.contract.RawClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/** The core's jar as a bundle, put on the servlet whiteboard of Felix by ten lines. */
@ResourceLock(OsgiIT.SETTINGS)
final class WhiteboardIT {
  private static final long STOP_SECONDS = 60;

  @TempDir private Path folder;
  private Framework framework;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    System.setProperty("test.persistence.file", folder.resolve("metrics").toString());
    int port = Felix.freePort();
    client = new RawClient(port);
    Map<String, String> properties = new TreeMap<>();
    properties.put("org.osgi.framework.storage", folder.resolve("bundles").toString());
    properties.put("org.osgi.service.http.port", String.valueOf(port));
    properties.put("org.apache.felix.http.host", "127.0.0.1");
    framework = new FrameworkFactory().newFramework(properties);
    framework.start();
    for (Bundle bundle : installed()) {
      if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
        bundle.start();
      }
    }
  }

  private List<Bundle> installed() throws Exception {
    List<Bundle> bundles = new ArrayList<>();
    for (String group : List.of("whiteboard", "libraries")) {
      try (Stream<Path> jars = Files.list(Containers.unpacked(group))) {
        for (Path jar : jars.sorted().toList()) {
          boolean isBundle = !jar.getFileName().toString().startsWith("re2j");
          Path bundle = isBundle ? jar : wrapped(jar);
          bundles.add(framework.getBundleContext().installBundle(bundle.toUri().toString()));
        }
      }
    }
    return bundles;
  }

  /** The one library that is no bundle. */
  private Path wrapped(Path jar) throws IOException {
    Path bundle = folder.resolve("re2j.jar");
    try (JarFile source = new JarFile(jar.toFile());
        JarOutputStream target =
            new JarOutputStream(
                Files.newOutputStream(bundle),
                manifest(
                    Map.of(
                        Constants.BUNDLE_SYMBOLICNAME,
                        "re2j",
                        Constants.EXPORT_PACKAGE,
                        "com.google.re2j",
                        "Import-Package",
                        "javax.annotation;resolution:=optional")))) {
      for (JarEntry entry : source.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
        target.putNextEntry(new JarEntry(entry.getName()));
        try (InputStream in = source.getInputStream(entry)) {
          in.transferTo(target);
        }
      }
    }
    return bundle;
  }

  private static Manifest manifest(Map<String, String> headers) {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    headers.forEach(attributes::putValue);
    return manifest;
  }

  /** A bundle with nothing but the activator. */
  private Bundle activatorBundle() throws Exception {
    Path jar = folder.resolve("activator.jar");
    String file = WhiteboardActivator.class.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream target =
            new JarOutputStream(
                out,
                manifest(
                    Map.of(
                        Constants.BUNDLE_SYMBOLICNAME,
                        "activator",
                        Constants.BUNDLE_ACTIVATOR,
                        WhiteboardActivator.class.getName(),
                        Constants.IMPORT_PACKAGE,
                        "dev.pushgateway.embedded;version=\"[1,2)\","
                            + "jakarta.servlet;version=\"[6,7)\",org.osgi.framework")));
        InputStream in = WhiteboardActivator.class.getClassLoader().getResourceAsStream(file)) {
      target.putNextEntry(new JarEntry(file));
      in.transferTo(target);
    }
    return framework.getBundleContext().installBundle(jar.toUri().toString());
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
  }

  @Test
  void servesFromTheWhiteboard() throws Exception {
    Bundle activator = activatorBundle();
    for (int round = 1; round <= 2; round++) {
      activator.start();
      client.await("GET", "/pushgateway/-/ready", answer -> answer.status() == 200);
      String group = "/pushgateway/metrics/job/whiteboard/round/" + round;
      assertEquals(200, client.send("PUT", group, "rows 3\n").status());
      String scrape = client.send("GET", "/pushgateway/metrics").text();
      for (int i = 1; i <= round; i++) {
        String series = "rows{instance=\"\",job=\"whiteboard\",round=\"" + i + "\"} 3\n";
        assertTrue(scrape.contains(series), scrape);
      }
      assertEquals(200, client.send("GET", "/pushgateway/").status());
      activator.stop();
      assertEquals(404, client.send("GET", "/pushgateway/-/healthy").status());
    }
  }

  @Test
  void leavesNothingBehind() throws Exception {
    Bundle activator = activatorBundle();
    activator.start();
    client.await("GET", "/pushgateway/-/ready", answer -> answer.status() == 200);
    Bundle core = FrameworkUtil.getBundle(gatewayClass(activator));
    assertEquals("dev.pushgateway.core", core.getSymbolicName());
    WeakReference<ClassLoader> loader =
        new WeakReference<>(gatewayClass(activator).getClassLoader());
    activator.uninstall();
    core.uninstall();
    refresh();
    for (int i = 0; i < 100 && loader.get() != null; i++) {
      System.gc();
      Thread.sleep(50);
    }
    assertNull(loader.get(), "something still holds the classes of the gateway");
  }

  private static Class<?> gatewayClass(Bundle activator) throws ClassNotFoundException {
    return activator.loadClass("dev.pushgateway.embedded.EmbeddedGateway");
  }

  /** What was uninstalled stays wired until then. */
  private void refresh() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    framework
        .adapt(FrameworkWiring.class)
        .refreshBundles(
            null,
            event -> {
              if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
              }
            });
    assertTrue(done.await(1, TimeUnit.MINUTES));
  }
}
