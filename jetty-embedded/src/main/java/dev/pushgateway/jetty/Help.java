package dev.pushgateway.jetty;

import dev.pushgateway.gateway.BuildInformation;
import dev.pushgateway.gateway.Flag;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The texts of {@code --help} and {@code --version}. */
final class Help {
  private static final String NOTES =
      """

      64MiB is 67,108,864 bytes, and 64MB is 64,000,000 bytes. 0 is no limit.
      Each flag has an environment variable: PUSHGATEWAY_WEB_LISTEN_ADDRESS is
      --web.listen-address. A flag wins. Write several values on separate lines.
      """;

  private Help() {}

  /**
   * Returns all flags except limits, grouped by the first part of their names. Fits into 24 lines
   * of 80 characters.
   */
  static String text() {
    return text(flag -> !isLimit(flag));
  }

  /** Returns whether only the long help shows a flag: a limit, or a flag for containers. */
  private static boolean isLimit(Flag flag) {
    return flag.name().matches("(MAX|MIN)_.*|.*_TIMEOUT") || flag == Flag.CONTAINER_ROLES;
  }

  /** Returns all flags, limits included, and notes. */
  static String longText() {
    return text(flag -> true) + NOTES;
  }

  private static String text(Predicate<Flag> isShown) {
    StringBuilder text = new StringBuilder(2_000);
    text.append("usage: java -jar pushgateway.jar [<flags>]\n");
    String group = "";
    for (Flag flag : Stream.of(Flag.values()).filter(isShown).toList()) {
      String flagGroup = flag.flagName().substring(0, flag.flagName().indexOf('.'));
      if (!flagGroup.equals(group)) {
        group = flagGroup;
        text.append('\n');
      }
      appendRow(text, spelling(flag), flag.help());
    }
    text.append('\n');
    appendRow(text, "-h, --help, --help-long", "Show this help, or all flags.");
    appendRow(text, "--version", "Show the version and exit.");
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

  /** Returns the version in the format of the Go gateway. */
  static String version(BuildInformation build) {
    String origin = " (branch: " + build.branch() + ", revision: " + build.revision() + ")";
    String platform = System.getProperty("os.name") + "/" + System.getProperty("os.arch");
    return String.join(
        "\n",
        "pushgateway, version " + build.version() + origin,
        "  build date:       " + build.buildDate(),
        "  java version:     " + System.getProperty("java.version"),
        "  platform:         " + platform,
        "");
  }
}
