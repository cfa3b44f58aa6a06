package dev.pushgateway.gateway;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Settings from environment variables: {@code PUSHGATEWAY_PERSISTENCE_FILE}. An empty variable does
 * not set anything.
 */
public record Environment(Map<String, String> variables) implements SettingsSource {
  /** Prefix of all variables that are settings. Other variables may have this prefix, too. */
  static final String PREFIX = "PUSHGATEWAY_";

  public Environment {
    variables = Map.copyOf(variables);
  }

  /** Returns the environment of this process. */
  public static Environment ofProcess() {
    return new Environment(System.getenv());
  }

  @Override
  public List<String> values(Flag flag) {
    return Optional.ofNullable(variables.get(flag.environmentVariable()))
        .filter(value -> !value.isEmpty())
        .map(value -> SettingsSource.split(flag, value))
        .orElse(List.of());
  }

  /**
   * Returns the names of variables with the prefix that are not settings, sorted. They are not
   * mistakes: Kubernetes sets such variables for a Service that is called pushgateway.
   */
  Set<String> unknown() {
    Set<String> known =
        Stream.of(Flag.values()).map(Flag::environmentVariable).collect(Collectors.toSet());
    Set<String> unknown = new TreeSet<>(variables.keySet());
    unknown.removeIf(name -> !name.startsWith(PREFIX) || known.contains(name));
    return unknown;
  }
}
