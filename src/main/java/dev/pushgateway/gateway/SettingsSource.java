package dev.pushgateway.gateway;

import java.util.List;

/** A source of settings: a command line, a container, a test. */
@FunctionalInterface
public interface SettingsSource {
  /**
   * Returns all values of a setting, in order.
   *
   * @return empty if the setting was not given; it then has its default
   */
  List<String> values(Flag flag);

  /** Returns a source that uses another source for each setting that this source does not have. */
  default SettingsSource or(SettingsSource other) {
    return flag -> {
      List<String> values = values(flag);
      return values.isEmpty() ? other.values(flag) : values;
    };
  }

  /**
   * Returns the values in a text. A repeatable setting has one value per line; blank lines are
   * ignored.
   */
  static List<String> split(Flag flag, String text) {
    return flag.isRepeatable()
        ? text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList()
        : List.of(text);
  }
}
