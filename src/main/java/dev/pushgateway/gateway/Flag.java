package dev.pushgateway.gateway;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * All settings. Their names, defaults and meanings are those of the Go gateway, if it has them.
 *
 * <p>The constants have the order of {@code --help}.
 */
public enum Flag {
  LISTEN_ADDRESS(Scope.PROCESS, "web.listen-address", ":9091", "Address to listen on; repeatable."),
  SYSTEMD_SOCKET(
      Scope.PROCESS, "web.systemd-socket", "false", "Listen on the socket on standard input."),
  WEB_CONFIG_FILE("web.config.file", "", "File of TLS, users and roles."),
  CONTAINER_ROLES("web.container-roles", "false", "Take roles from the servlet container."),
  TELEMETRY_PATH("web.telemetry-path", "/metrics", "Path of the scrape."),
  EXTERNAL_URL("web.external-url", "", "URL as seen from outside."),
  ROUTE_PREFIX("web.route-prefix", "", "Prefix of all paths; default: URL's."),
  ENABLE_LIFECYCLE(
      Scope.PROCESS, "web.enable-lifecycle", "false", "Let PUT /-/quit stop the gateway."),
  ENABLE_ADMIN_API("web.enable-admin-api", "false", "Let PUT /api/v1/admin/wipe delete all."),
  MAX_HEADER_BYTES(
      Scope.PROCESS, "web.max-header-bytes", "64KiB", "Most bytes of request line and headers."),
  MAX_CONNECTIONS(Scope.PROCESS, "web.max-connections", "16000", "Most connections."),
  IDLE_TIMEOUT(Scope.PROCESS, "web.idle-timeout", "1m", "Longest silence on a connection."),
  REQUEST_TIMEOUT("web.request-timeout", "5m", "Longest time for a body or an answer."),
  QUERY_TIMEOUT("web.query-timeout", "30s", "Longest time to select and list."),
  MIN_BYTES_PER_SECOND("web.min-bytes-per-second", "512", "Slowest that either may be."),
  PERSISTENCE_FILE("persistence.file", "", "File to keep metrics in; none: memory."),
  PERSISTENCE_INTERVAL("persistence.interval", "5m", "Time unsynced; 0s: sync, then answer."),
  MAX_GROUPS("store.max-groups", "1000000", "Most groups that are kept."),
  MAX_STORED_SERIES("store.max-series", "10000000", "Most series that are kept."),
  DISABLE_CONSISTENCY_CHECK(
      "push.disable-consistency-check", "false", "Take what breaks scrapes. DANGEROUS."),
  ENABLE_UTF8_NAMES("push.enable-utf8-names", "false", "Take names that are any UTF-8."),
  MAX_BODY_BYTES("push.max-body-bytes", "64MiB", "Most bytes of a body, also unpacked."),
  MAX_PUSHED_SERIES("push.max-series", "1000000", "Most series in one push."),
  MAX_LABELS("push.max-labels", "128", "Most labels of a series."),
  MAX_NAME_BYTES("push.max-name-bytes", "1KiB", "Most bytes in a name."),
  MAX_VALUE_BYTES("push.max-value-bytes", "64KiB", "Most bytes in the value of a label."),
  MAX_HELP_BYTES("push.max-help-bytes", "64KiB", "Most bytes in a help text."),
  MAX_BUCKETS("push.max-buckets", "10000", "Most lines of one histogram or summary."),
  MAX_CONCURRENT_PUSHES("push.max-concurrent", "400", "Most pushes at a time."),
  MAX_CONCURRENT_SCRAPES("scrape.max-concurrent", "40", "Most scrapes at a time."),
  SUCCESS_STATUS("push.success-status", "200", "Status of accepted pushes: 200 or 202."),
  CORS_ORIGINS("push.cors-origins", "", "Origins whose pages may push."),
  LOG_LEVEL(Scope.PROCESS, "log.level", "info", "debug, info, warn or error."),
  LOG_FORMAT(Scope.PROCESS, "log.format", "logfmt", "logfmt or json.");

  /** The packagings in which a flag has a meaning. */
  enum Scope {
    EVERYWHERE,
    /** Only in a process of its own. In a container, the container decides this. */
    PROCESS
  }

  private final Scope scope;
  private final String flagName;
  private final String defaultValue;
  private final String help;

  Flag(String flagName, String defaultValue, String help) {
    this(Scope.EVERYWHERE, flagName, defaultValue, help);
  }

  Flag(Scope scope, String flagName, String defaultValue, String help) {
    this.scope = scope;
    this.flagName = flagName;
    this.defaultValue = defaultValue;
    this.help = help;
  }

  /** Returns the flag with a name, such as {@code persistence.file}. */
  public static Optional<Flag> named(String flagName) {
    return Arrays.stream(values()).filter(flag -> flag.flagName.equals(flagName)).findFirst();
  }

  /** Returns the name without dashes, the same in all places where it can be set. */
  public String flagName() {
    return flagName;
  }

  /**
   * Returns whether the flag takes no value: {@code --name} sets it, {@code --no-name} unsets it.
   */
  public boolean isSwitch() {
    return defaultValue.equals("false");
  }

  /** Returns whether the flag may be given several times, each time with one more value. */
  boolean isRepeatable() {
    return this == LISTEN_ADDRESS;
  }

  public String defaultValue() {
    return defaultValue;
  }

  /** Returns a short sentence for {@code --help}. */
  public String help() {
    return help;
  }

  boolean appliesTo(Scope where) {
    return where == Scope.PROCESS || scope == Scope.EVERYWHERE;
  }

  /**
   * Returns the name of the environment variable: {@code PUSHGATEWAY_PERSISTENCE_FILE}. It never is
   * a variable of Kubernetes ({@code PUSHGATEWAY_PORT…}, {@code PUSHGATEWAY_SERVICE_…}) or of the
   * launcher ({@code PUSHGATEWAY_OPTS}).
   */
  String environmentVariable() {
    return Environment.PREFIX
        + flagName.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
