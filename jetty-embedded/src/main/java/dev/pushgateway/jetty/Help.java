package dev.pushgateway.jetty;

import dev.pushgateway.gateway.BuildInformation;
import dev.pushgateway.gateway.Flag;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What {@code --help} and {@code --version} print. */
final class Help {
  /** Have good defaults, and are too many for a screen; or are of use to a container only. */
  private static final Set<Flag> LIMITS =
      EnumSet.of(
          Flag.MAX_HEADER_BYTES,
          Flag.MAX_CONNECTIONS,
          Flag.MAX_BUCKETS,
          Flag.MAX_CONCURRENT_SCRAPES,
          Flag.IDLE_TIMEOUT,
          Flag.REQUEST_TIMEOUT,
          Flag.MIN_BYTES_PER_SECOND,
          Flag.MAX_GROUPS,
          Flag.MAX_STORED_SERIES,
          Flag.MAX_BODY_BYTES,
          Flag.MAX_PUSHED_SERIES,
          Flag.MAX_LABELS,
          Flag.MAX_NAME_BYTES,
          Flag.MAX_VALUE_BYTES,
          Flag.MAX_HELP_BYTES,
          Flag.MAX_CONCURRENT_PUSHES,
          Flag.CONTAINER_ROLES);

  private Help() {}

  /** All flags but limits, in groups by the first part of their names; for 24 lines of 80. */
  static String text() {
    return text(EnumSet.complementOf(EnumSet.copyOf(LIMITS)));
  }

  /** The same with limits. */
  static String longText() {
    return text(EnumSet.allOf(Flag.class));
  }

  private static String text(Set<Flag> flags) {
    StringBuilder text = new StringBuilder(2_000);
    text.append("usage: java -jar pushgateway.jar [<flags>]\n");
    String group = "";
    for (Flag flag : flags) {
      String flagGroup = flag.flagName().substring(0, flag.flagName().indexOf('.'));
      if (!flagGroup.equals(group)) {
        group = flagGroup;
        text.append('\n');
      }
      appendRow(text, spelling(flag), flag.help());
    }
    text.append('\n');
    appendRow(text, "-h, --help", "Show this and end.");
    appendRow(text, "--help-long", "Show limits, too, and end.");
    appendRow(text, "--version", "Show what was built, and end.");
    return text.toString();
  }

  private static String spelling(Flag flag) {
    return flag.isSwitch()
        ? "--[no-]" + flag.flagName()
        : "--" + flag.flagName() + '=' + flag.defaultValue();
  }

  private static void appendRow(StringBuilder text, String spelling, String help) {
    text.append(String.format(Locale.ROOT, "  %-38s %s\n", spelling, help));
  }

  /** In the shape of the Go gateway's. */
  static String version(BuildInformation build) {
    return String.join(
        "\n",
        "pushgateway, version " + build.version() + " " + origin(build),
        "  build date:       " + build.buildDate(),
        "  java version:     " + System.getProperty("java.version"),
        "  platform:         " + platform(),
        "");
  }

  static String origin(BuildInformation build) {
    return "(branch: " + build.branch() + ", revision: " + build.revision() + ")";
  }

  static String platform() {
    return System.getProperty("os.name") + "/" + System.getProperty("os.arch");
  }
}
