package dev.pushgateway.gateway;

import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * The settings of a gateway in a servlet container. The first of these places with a setting wins.
 * A repeatable setting has one value per line in each place.
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

  /** Creates settings from lookups that return null for missing names. */
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

  /**
   * Returns an entry as text. It may have another type: {@code <env-entry-type>java.lang.Boolean}.
   */
  @SuppressWarnings("BanJNDI") // Only names of flags in the application's own entries.
  private static String environmentEntry(String name) {
    try {
      Object entry = InitialContext.doLookup("java:comp/env/" + name);
      return entry == null ? null : entry.toString();
    } catch (NamingException e) {
      return null; // No such entry, or no JNDI: not set here.
    }
  }
}
