package dev.pushgateway.gateway;

import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * Settings that a servlet container was given. The first of these that has a setting wins. In each,
 * a setting that may be repeated has one value on each line.
 *
 * <ol>
 *   <li>an environment entry of JNDI, {@code java:comp/env/persistence.file}
 *   <li>a parameter of the servlet context, {@code persistence.file}
 *   <li>a system property, {@code persistence.file}
 *   <li>an environment variable, {@code PUSHGATEWAY_PERSISTENCE_FILE}
 * </ol>
 */
final class ContainerSettings implements SettingsSource {
  private final List<UnaryOperator<String>> byFlagName;
  private final Environment environment;

  ContainerSettings(ServletContext context) {
    this(
        ContainerSettings::environmentEntry,
        context::getInitParameter,
        System::getProperty,
        Environment.ofProcess());
  }

  /** Lookups that answer null for what they do not have. */
  ContainerSettings(
      UnaryOperator<String> environmentEntries,
      UnaryOperator<String> contextParameters,
      UnaryOperator<String> systemProperties,
      Environment environment) {
    this.byFlagName = List.of(environmentEntries, contextParameters, systemProperties);
    this.environment = environment;
  }

  @Override
  public List<String> values(Flag flag) {
    for (UnaryOperator<String> lookup : byFlagName) {
      String value = lookup.apply(flag.flagName());
      if (value != null) {
        return SettingsSource.split(flag, value);
      }
    }
    return environment.values(flag);
  }

  /** Entries may be of another type than String: {@code <env-entry-type>java.lang.Boolean}. */
  @SuppressWarnings("BanJNDI") // Looks up names of flags only, in the application's own entries.
  private static String environmentEntry(String name) {
    try {
      Object entry = InitialContext.doLookup("java:comp/env/" + name);
      return entry == null ? null : entry.toString();
    } catch (NamingException e) {
      return null; // Not there, or no JNDI at all: both mean that it was not set this way.
    }
  }
}
