package dev.pushgateway.gateway;

import java.util.List;

/** Where settings come from: a command line, a container, a test. */
@FunctionalInterface
public interface SettingsSource {
  /**
   * All values given for a setting, in order.
   *
   * @return empty if it was not given, which leaves it at its default
   */
  List<String> values(Flag flag);
}
