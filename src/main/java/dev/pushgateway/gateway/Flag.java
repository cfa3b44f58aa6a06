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
  LISTEN_ADDRESS(Scope.PROCESS, "web.listen-address", ":9091", "Address to listen on. Repeatable."),
  SYSTEMD_SOCKET(
      Scope.PROCESS, "web.systemd-socket", "false", "Listen on the socket on standard input."),
  WEB_CONFIG_FILE("web.config.file", "", "Configuration file: TLS, users, roles."),
  CONTAINER_ROLES("web.container-roles", "false", "Take roles from the servlet container."),
  TELEMETRY_PATH("web.telemetry-path", "/metrics", "Path under which to expose metrics."),
  EXTERNAL_URL("web.external-url", "", "URL at which clients reach the gateway."),
  ROUTE_PREFIX("web.route-prefix", "", "Path prefix. Default: path of that URL."),
  ENABLE_LIFECYCLE(
      Scope.PROCESS, "web.enable-lifecycle", "false", "Enable shutdown by PUT /-/quit."),
  ENABLE_ADMIN_API("web.enable-admin-api", "false", "Enable PUT /api/v1/admin/wipe."),
  MAX_HEADER_BYTES(
      Scope.PROCESS, "web.max-header-bytes", "64KiB", "Max. size of request line and headers."),
  MAX_CONNECTIONS(Scope.PROCESS, "web.max-connections", "16000", "Max. open connections."),
  IDLE_TIMEOUT(Scope.PROCESS, "web.idle-timeout", "1m", "Idle timeout of a connection."),
  REQUEST_TIMEOUT("web.request-timeout", "5m", "Max. time to receive or send a body."),
  QUERY_TIMEOUT("web.query-timeout", "30s", "Max. time of a listing or the page."),
  MIN_BYTES_PER_SECOND("web.min-bytes-per-second", "512", "Min. transfer rate, in bytes/s."),
  PERSISTENCE_FILE("persistence.file", "", "File to keep metrics in. Default: none."),
  PERSISTENCE_INTERVAL("persistence.interval", "5m", "Max. time until fsync; 0s: each push."),
  MAX_GROUPS("store.max-groups", "1000000", "Max. stored groups."),
  MAX_STORED_SERIES("store.max-series", "10000000", "Max. stored series."),
  DISABLE_CONSISTENCY_CHECK(
      "push.disable-consistency-check", "false", "Accept inconsistent pushes. DANGEROUS."),
  ENABLE_UTF8_NAMES("push.enable-utf8-names", "false", "Allow UTF-8 in metric and label names."),
  MAX_BODY_BYTES("push.max-body-bytes", "64MiB", "Max. body size, raw and decompressed."),
  MAX_PUSHED_SERIES("push.max-series", "1000000", "Max. series in a push."),
  MAX_LABELS("push.max-labels", "128", "Max. labels of a series."),
  MAX_NAME_BYTES("push.max-name-bytes", "1KiB", "Max. size of a metric or label name."),
  MAX_VALUE_BYTES("push.max-value-bytes", "64KiB", "Max. size of a label value."),
  MAX_HELP_BYTES("push.max-help-bytes", "64KiB", "Max. size of a help text."),
  MAX_BUCKETS("push.max-buckets", "10000", "Max. lines of a histogram or summary."),
  MAX_CONCURRENT_PUSHES("push.max-concurrent", "400", "Max. concurrent pushes."),
  MAX_CONCURRENT_SCRAPES("scrape.max-concurrent", "40", "Max. concurrent scrapes and listings."),
  SUCCESS_STATUS("push.success-status", "200", "Status of accepted pushes: 200 or 202."),
  CORS_ORIGINS("push.cors-origins", "", "Origins whose pages may push; *: all."),
  LOG_LEVEL(Scope.PROCESS, "log.level", "info", "Lowest level: debug, info, warn, error."),
  LOG_FORMAT(Scope.PROCESS, "log.format", "logfmt", "Format of log lines: logfmt or json.");

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
