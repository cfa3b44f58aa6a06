package dev.pushgateway.jetty;

import dev.pushgateway.gateway.BuildInformation;
import dev.pushgateway.gateway.Flag;

/** What {@code --help} and {@code --version} print. */
final class Help {
  private static final int HELP_COLUMN = 41;

  private Help() {}

  /** All flags, in groups by the first part of their names. */
  static String text() {
    StringBuilder text = new StringBuilder(2_000);
    text.append("usage: java -jar pushgateway.jar [<flags>]\n\n");
    text.append("Keeps the metrics that batch jobs push, for Prometheus to scrape.\n");
    String group = "";
    for (Flag flag : Flag.values()) {
      String flagGroup = flag.flagName().substring(0, flag.flagName().indexOf('.'));
      if (!flagGroup.equals(group)) {
        group = flagGroup;
        text.append('\n');
      }
      appendRow(text, spelling(flag), flag.help());
    }
    text.append('\n');
    appendRow(text, "-h, --help", "Show this and end.");
    appendRow(text, "--version", "Show what was built from what, and end.");
    return text.toString();
  }

  private static String spelling(Flag flag) {
    return flag.kind() == Flag.Kind.BOOLEAN
        ? "--[no-]" + flag.flagName()
        : "--" + flag.flagName() + '=' + flag.defaultValue();
  }

  private static void appendRow(StringBuilder text, String spelling, String help) {
    text.append("  ").append(spelling);
    for (int column = spelling.length() + 2; column < HELP_COLUMN; column++) {
      text.append(' ');
    }
    text.append(' ').append(help).append('\n');
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
