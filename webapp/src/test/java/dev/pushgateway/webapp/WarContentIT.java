package dev.pushgateway.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is in the WAR, and what is not. */
final class WarContentIT {
  private static final long MAX_BYTES = 2_500_000;
  private static final String LIBRARIES = "WEB-INF/lib/";

  /** Whoever adds one says here, and on the page install, what it weighs. */
  private static final List<String> NAMES =
      List.of(
          "bcrypt",
          "bytes",
          "jackson-core",
          "prometheus-metrics-config",
          "prometheus-metrics-core",
          "prometheus-metrics-exposition-textformats",
          "prometheus-metrics-instrumentation-jvm",
          "prometheus-metrics-model",
          "prometheus-metrics-tracer-common",
          "prometheus-metrics-tracer-initializer",
          "prometheus-metrics-tracer-otel",
          "prometheus-metrics-tracer-otel-agent",
          "pushgateway-core",
          "re2j",
          "slf4j-api",
          "slf4j-jdk14",
          "snakeyaml");

  private static List<String> libraries(JarFile war) {
    return war.stream()
        .map(JarEntry::getName)
        .filter(name -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
        .sorted()
        .toList();
  }

  @Test
  void hasTheseLibrariesAndNoOthers() throws Exception {
    try (JarFile war = new JarFile(Containers.war().toFile())) {
      List<String> names =
          libraries(war).stream()
              .map(name -> name.substring(LIBRARIES.length()).replaceFirst("-[0-9].*", ""))
              .toList();
      assertEquals(NAMES, names);
    }
  }

  @Test
  void hasEachClassOnceAndNoneOfAServer() throws Exception {
    Set<String> seen = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    try (JarFile war = new JarFile(Containers.war().toFile())) {
      for (String library : libraries(war)) {
        for (String name : classes(war, library)) {
          if (!seen.add(name) || name.matches("(jakarta/|org/eclipse/jetty/|org/apache/).*")) {
            wrong.add(name + " of " + library);
          }
        }
      }
    }
    assertTrue(seen.size() > 300, seen::toString);
    assertEquals(List.of(), wrong);
  }

  private static Set<String> classes(JarFile war, String library) throws IOException {
    Set<String> names = new TreeSet<>();
    try (InputStream in = war.getInputStream(war.getEntry(library));
        JarInputStream jar = new JarInputStream(in)) {
      for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
        String name = entry.getName();
        if (name.endsWith(".class") && !name.contains("META-INF/") && !name.contains("-info")) {
          names.add(name);
        }
      }
    }
    return names;
  }

  @Test
  void isSmall() throws Exception {
    assertTrue(Files.size(Containers.war()) < MAX_BYTES, "more than it need be");
  }

  /** What the OSGi Web Application Specification asks of a bundle. */
  @Test
  void isAWebBundle() throws Exception {
    try (JarFile war = new JarFile(Containers.war().toFile())) {
      Manifest manifest = war.getManifest();
      assertEquals("2", header(manifest, "Bundle-ManifestVersion"));
      assertEquals("dev.pushgateway.webapp", header(manifest, "Bundle-SymbolicName"));
      assertEquals("/pushgateway", header(manifest, "Web-ContextPath"));
      assertTrue(header(manifest, "Bundle-Version").matches("\\d+\\.\\d+\\.\\d+(\\.\\w+)?"));
      assertTrue(header(manifest, "Implementation-Revision").matches("[0-9a-f]{40}|unknown"));
      Set<String> classPath =
          Arrays.stream(header(manifest, "Bundle-ClassPath").split(","))
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> all = new TreeSet<>(libraries(war));
      all.add("WEB-INF/classes");
      assertEquals(all, classPath);
      assertEquals(
          Set.of(
              "jakarta.servlet;version=\"[6.0,7)\"",
              "jakarta.servlet.http;version=\"[6.0,7)\"",
              "javax.management",
              "javax.management.openmbean",
              "javax.naming"),
          mandatory(header(manifest, "Import-Package")));
    }
  }

  private static String header(Manifest manifest, String name) {
    return String.valueOf(manifest.getMainAttributes().getValue(name));
  }

  /** Splits at the commas between packages, not at those within a range. */
  private static Set<String> mandatory(String imports) {
    return Arrays.stream(imports.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"))
        .filter(name -> !name.endsWith("resolution:=optional"))
        .collect(Collectors.toSet());
  }
}
