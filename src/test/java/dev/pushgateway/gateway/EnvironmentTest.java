package dev.pushgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Issue 21. */
final class EnvironmentTest {
  private static Environment of(String... namesAndValues) {
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      variables.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Environment(variables);
  }

  @Test
  void hasOneValueOfMostSettings() {
    Environment environment = of("PUSHGATEWAY_PERSISTENCE_FILE", "a\nb");
    assertEquals(List.of("a\nb"), environment.values(Flag.PERSISTENCE_FILE));
    assertEquals(List.of(), environment.values(Flag.LOG_LEVEL));
  }

  @Test
  void hasOneValueOnEachLineOfARepeatableSetting() {
    Environment environment = of("PUSHGATEWAY_WEB_LISTEN_ADDRESS", ":1\n\n  [::1]:2 \r\n");
    assertEquals(List.of(":1", "[::1]:2"), environment.values(Flag.LISTEN_ADDRESS));
  }

  @Test
  void emptyVariableSetsNothing() {
    assertEquals(List.of(), of("PUSHGATEWAY_LOG_LEVEL", "").values(Flag.LOG_LEVEL));
  }

  @Test
  void containerEntriesAndParametersHaveOneValueOnEachLine() {
    Map<String, String> entry = Map.of("web.listen-address", ":1\n:2");
    Environment environment = of("PUSHGATEWAY_WEB_LISTEN_ADDRESS", ":3");
    ContainerSettings byEntry =
        new ContainerSettings(entry::get, name -> null, name -> null, environment);
    ContainerSettings byParameter =
        new ContainerSettings(name -> null, entry::get, name -> null, environment);
    assertEquals(List.of(":1", ":2"), byEntry.values(Flag.LISTEN_ADDRESS));
    assertEquals(List.of(":1", ":2"), byParameter.values(Flag.LISTEN_ADDRESS));
  }

  @Test
  void knowsWhichVariablesAreNoSettings() {
    Environment environment =
        of(
            "PUSHGATEWAY_PORT", "tcp://10.0.0.1:9091",
            "PUSHGATEWAY_SERVICE_HOST", "10.0.0.1",
            "PUSHGATEWAY_LOG_LEVEL", "info",
            "PATH", "/bin");
    assertEquals(Set.of("PUSHGATEWAY_PORT", "PUSHGATEWAY_SERVICE_HOST"), environment.unknown());
  }

  /**
   * Kubernetes sets the first two for a Service called pushgateway, the launcher reads the third.
   */
  @ParameterizedTest
  @EnumSource
  void noSettingHasANameThatSomebodyElseSets(Flag flag) {
    assertFalse(
        flag.environmentVariable().matches("PUSHGATEWAY_(PORT(_.*)?|SERVICE_.*|OPTS)"),
        flag.environmentVariable());
  }
}
