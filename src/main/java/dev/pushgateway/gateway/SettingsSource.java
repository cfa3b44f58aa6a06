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

  /** Returns a source that asks another one for each setting that this one does not have. */
  default SettingsSource or(SettingsSource other) {
    return flag -> {
      List<String> values = values(flag);
      return values.isEmpty() ? other.values(flag) : values;
    };
  }

  /**
   * Returns the values that one text stands for. A setting that may be repeated has one value on
   * each line; blank lines are none.
   */
  static List<String> split(Flag flag, String text) {
    return flag.isRepeatable()
        ? text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList()
        : List.of(text);
  }
}
